import { createRequire } from 'node:module'
import { Language, type Node, Parser } from 'web-tree-sitter'

const require = createRequire(import.meta.url)
const grammar = require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')

const makeParser = async (): Promise<Parser> => {
  await Parser.init()
  return new Parser().setLanguage(await Language.load(grammar))
}

let parser: Promise<Parser> | undefined

const faultsIn = (node: Node): string[] => {
  if (node.isError || node.isMissing) return [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`]
  return node.children.flatMap((child) => (child ? faultsIn(child) : []))
}

/** What is no PowerShell in a script, by the grammar that editors use: it runs nothing, and knows no command. */
export const faultsOfPowerShell = async (script: string): Promise<readonly string[]> => {
  parser ??= makeParser()
  const tree = (await parser).parse(script)
  if (!tree) throw new Error('the script was not parsed')
  const faults = faultsIn(tree.rootNode)
  tree.delete()
  return faults
}
