import { stringify } from 'yaml'
import { Instance } from '../../../shared/model/instance.ts'
import { listed } from '../reports/cells.ts'
import { type Terminal, exitCodes, print } from '../reports/terminal.ts'
import { type Access, type Text, readAs, send } from '../service/client.ts'
import { instancePath } from '../service/paths.ts'
import { readInstances } from '../service/stored-fleet.ts'
import type { AddCommand } from './command.ts'

const statusWords = {
  registered: { en: 'registered', zh: '已注册' },
  online: { en: 'online', zh: '在线' },
} as const

const rowOf = ({ id, definition, status }: Instance, { say }: Terminal): string[] => {
  const { host, port } = definition.connection
  const { engine, region } = definition
  return [id, engine, region, say(statusWords[status]), port === undefined ? host : `${host}:${port}`]
}

/** How the fleet stands, as a spreadsheet reads it: pages, of which the first alone has the names of the columns. */
const writeCsv = async (access: Access, write: (text: string) => void): Promise<void> => {
  for (let path: string | null = '/v1/fleet'; path !== null;) {
    const { text, next }: Text = await readAs(access, path, 'text/csv')
    write(path === '/v1/fleet' ? text : text.slice(text.indexOf('\n') + 1))
    path = next
  }
}

const list = async (access: Access, terminal: Terminal): Promise<void> => {
  const found = await readInstances(access)
  const none = { en: 'No instances are registered yet.\n', zh: '还没有注册实例。\n' }
  print(terminal, found, (shown) =>
    listed(
      shown.map((each) => rowOf(each, terminal)),
      terminal.say(none),
    ),
  )
}

const show = async (access: Access, terminal: Terminal, id: string): Promise<void> => {
  const found = await send(access, { method: 'GET', path: instancePath(id) }, Instance)
  print(terminal, found, (shown) => stringify({ id: shown.id, ...shown.definition }))
}

export const instances: AddCommand = (program, actionOf, say) =>
  program
    .command('instances')
    .description(
      say({
        en: 'list the registered instances, or print one as a file describes it',
        zh: '列出已注册的实例，或以文件格式显示其中一个',
      }),
    )
    .argument('[instance-id]', say({ en: 'only this one', zh: '只显示该实例' }))
    .action(
      actionOf(async ({ access, terminal }, id) => {
        if (id !== undefined) await show(access(), terminal, id)
        else if (terminal.output === 'csv') await writeCsv(access(), terminal.write)
        else await list(access(), terminal)
        return exitCodes.passed
      }),
    )
