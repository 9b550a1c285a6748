import type { Instance } from '../../../shared/model/instance.ts'
import { type Access, type Text, readAs } from '../service/client.ts'
import { readInstances } from '../service/stored-fleet.ts'
import type { AddCommand } from './command.ts'
import { exitCodes, print } from '../reports/terminal.ts'

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
        const found = await readInstances(access())
        print(terminal, found, () => found.map(instanceLine).join('') || 'No instances are registered yet.\n')
        return exitCodes.passed
      }),
    )
