import * as z from 'zod'
import { Instance } from '../../../shared/model/instance.ts'
import { type Access, type Text, readAs, send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
import { exitCodes, print } from '../reports/terminal.ts'

const InstancePage = z.object({ items: z.array(Instance), next: z.string().nullable() })

const readAll = async (access: Access): Promise<Instance[]> => {
  const found: Instance[] = []
  for (let after: string | null = ''; after !== null;) {
    const path: string = `/v1/instances?limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`
    const page: z.infer<typeof InstancePage> = await send(access, { method: 'GET', path }, InstancePage)
    found.push(...page.items)
    after = page.next
  }
  return found
}

const instanceLine = ({ id, definition, status }: Instance): string => {
  const { host, port } = definition.connection
  const address = port === undefined ? host : `${host}:${port}`
  const { engine, region } = definition
  return `${id.padEnd(32)} ${engine.padEnd(10)} ${region.padEnd(16)} ${status.padEnd(11)} ${address}\n`
}

/** How the fleet stands, as a spreadsheet reads it: pages, of which the first alone has the names of the columns. */
const writeCsv = async (access: Access, write: (text: string) => void): Promise<void> => {
  for (let path: string | null = '/v1/fleet'; path !== null;) {
    const { text, next }: Text = await readAs(access, path, 'text/csv')
    write(path === '/v1/fleet' ? text : text.slice(text.indexOf('\n') + 1))
    path = next
  }
}

export const instances: AddCommand = (program, actionOf) =>
  program
    .command('instances')
    .description('list the registered instances')
    .action(
      actionOf(async ({ access, terminal }) => {
        if (terminal.output === 'csv') {
          await writeCsv(access(), terminal.write)
          return exitCodes.passed
        }
        const found = await readAll(access())
        print(terminal, found, () => found.map(instanceLine).join('') || 'No instances are registered yet.\n')
        return exitCodes.passed
      }),
    )
