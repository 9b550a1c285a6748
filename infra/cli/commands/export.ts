import { stringify } from 'yaml'
import { type Kind, type Stored, kinds } from '../fleet/kinds.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { readStored } from '../service/stored-fleet.ts'
import type { AddCommand } from './command.ts'

/** The document that describes what the service has: `apply` of it changes nothing. */
const documentOf = (stored: readonly Stored[]) => {
  const of = (kind: Kind): Stored[] => stored.filter((each) => each.kind === kind)
  const byName = (kind: Kind) =>
    Object.fromEntries(of(kind).map(({ name, definition }) => [name, definition]))
  return {
    policies: byName('policy'),
    instances: byName('instance'),
    webhooks: of('webhook').map(({ definition }) => definition),
  }
}

export const exportFleet: AddCommand = (program, actionOf, say) =>
  program
    .command('export')
    .description(
      say({ en: 'print the fleet as a document that apply takes', zh: '输出可供 apply 使用的文档' }),
    )
    .action(
      actionOf(async ({ access, terminal }) => {
        const service = access()
        const document = documentOf(await readStored(service, kinds))
        print(terminal, document, () => {
          const schema = `# yaml-language-server: $schema=${service.url}/schemas/fleet.json\n`
          return schema + stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
        })
        return exitCodes.passed
      }),
    )
