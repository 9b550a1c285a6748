import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FleetFile } from '../fleet/documents.ts'
import { CommandFailed } from './command-failed.ts'
import { fileText } from './file-text.ts'

/** The files of a folder and the folders in it, in the order of their names; those whose names begin with a dot are no part of it. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:ya?ml|json)$/.test(path) && !/(?:^|[\\/])\./.test(path))
    .toSorted()
    .map((path) => join(folder, path))

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Reads a file, all files of a folder, or the standard input (`-`). Rejects with `CommandFailed`. */
export const readFleetFiles = async (
  path: string,
  readInput: () => Promise<string>,
): Promise<FleetFile[]> => {
  if (path === '-') return [{ path: 'stdin', text: await readInput() }]
  const paths = isFolder(path) ? filesIn(path) : [path]
  if (paths.length === 0)
    throw new CommandFailed(
      {
        en: `${path} has no files that end in .yaml, .yml or .json.`,
        zh: `${path} 中没有以 .yaml、.yml 或 .json 结尾的文件。`,
      },
      'FILE_UNREADABLE',
    )
  return paths.map((each) => ({ path: each, text: fileText(each) }))
}
