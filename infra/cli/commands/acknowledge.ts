import { userInfo } from 'node:os'
import { Option } from '@commander-js/extra-typings'
import * as z from 'zod'
import { AcknowledgedView } from '../../../functions/api/resources/acknowledgements.ts'
import type { Text } from '../../../shared/model/message.ts'
import { Acknowledgement } from '../../../shared/model/acknowledgement.ts'
import { listed } from '../reports/cells.ts'
import { moment } from '../service/moment.ts'
import { type Say, type Terminal, exitCodes, print } from '../reports/terminal.ts'
import { type Access, send } from '../service/client.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { instancePath } from '../service/paths.ts'
import { asking, removing } from './asking.ts'
import { type AddCommand, grouped } from './command.ts'
import { describedInstance, describedMember } from './described.ts'
import { parseTime } from './option-values.ts'

/** The name of the user on this system, where it has one. */
const systemUser = (): string | undefined => {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

const optionOf = {
  checkItem: 'check-item',
  database: '--database',
  reason: '--reason',
  author: '--author',
  expiresAt: '--until',
}

const pathOf = (instanceId: string): string => `${instancePath(instanceId)}/acknowledgements`

interface Given {
  readonly reason: string
  readonly until: string
  readonly database?: string | undefined
  readonly author?: string | undefined
}

const requestFor = (instanceId: string, checkItem: string, { until, author, ...rest }: Given) => {
  if (author === undefined)
    throw new CommandFailed(
      {
        en: 'Give --author: the name of the current user is unknown.',
        zh: '请指定 --author：无法取得当前用户名。',
      },
      'USAGE',
    )
  const body = { checkItem, ...rest, author, expiresAt: until }
  return { method: 'POST', path: pathOf(instanceId), body, optionOf } as const
}

const madeLine = ({ id, checkItem, database, expiresAt }: Acknowledgement, say: Say): string => {
  const until = moment(expiresAt)
  const what = database === undefined ? checkItem : `${checkItem} of ${database}`
  const whatZh = database === undefined ? checkItem : `${database} 的 ${checkItem}`
  return say({
    en: `${what} counts as a warning until ${until} (${id}).\n`,
    zh: `${whatZh} 在 ${until} 之前按警告计（${id}）。\n`,
  })
}

const add: AddCommand = (program, actionOf, say) =>
  program
    .command('add', { isDefault: true })
    .description(say({ en: 'accept a finding; "add" may be left out', zh: '确认一个检查结果；可省略 add' }))
    .argument('<instance-id>', say(describedInstance))
    .argument(
      '<check-item>',
      say({ en: 'check item of the finding, such as ARCHIVELOG', zh: '检查项，例如 ARCHIVELOG' }),
    )
    .requiredOption('--reason <text>', say({ en: 'why it is accepted', zh: '接受的原因' }))
    .requiredOption(
      '--until <time>',
      say({
        en: 'a day (its beginning, UTC) or a time with its zone',
        zh: '日期（该日零点，UTC）或带时区的时间',
      }),
      parseTime,
    )
    .option('--database <name>', say({ en: 'only the finding of this database', zh: '只确认该数据库的结果' }))
    .addOption(
      new Option('--author <name>', say({ en: 'who accepts it', zh: '确认人' })).default(
        systemUser(),
        say({ en: 'the user of this system', zh: '当前系统用户' }),
      ),
    )
    .action(
      actionOf(
        asking({
          request: requestFor,
          answer: Acknowledgement,
          text: (made, { say: tell }) => madeLine(made, tell),
        }),
      ),
    )

const List = z.object({ items: z.array(Acknowledgement) })
const FleetPage = z.object({ items: z.array(AcknowledgedView), next: z.string().nullable() })

const noneText: Text = { en: 'Nothing is acknowledged.\n', zh: '没有生效中的确认。\n' }

const rowOf = ({ id, checkItem, database = '', author, reason, expiresAt }: Acknowledgement): string[] => [
  id,
  moment(expiresAt),
  checkItem,
  database,
  author,
  reason,
]

/** Instances that the command shows. */
const shownInstances = 200

const ofInstance = async (access: Access, terminal: Terminal, instanceId: string): Promise<void> => {
  const answer = await send(access, { method: 'GET', path: pathOf(instanceId) }, List)
  print(terminal, answer, ({ items }) => listed(items.map(rowOf), terminal.say(noneText)))
}

const ofFleet = async (access: Access, terminal: Terminal): Promise<void> => {
  const path = `/v1/acknowledgements?limit=${shownInstances}`
  const answer = await send(access, { method: 'GET', path }, FleetPage)
  const rest = { en: '… and more of other instances\n', zh: '… 其他实例还有更多\n' }
  print(terminal, answer, ({ items, next }) => {
    const rows = items.flatMap(({ instanceId, acknowledgements }) =>
      acknowledgements.map((one) => [instanceId].concat(rowOf(one))),
    )
    return `${listed(rows, terminal.say(noneText))}${next === null ? '' : terminal.say(rest)}`
  })
}

const list: AddCommand = (program, actionOf, say) =>
  program
    .command('list')
    .description(say({ en: 'list those that are in force', zh: '列出生效中的确认' }))
    .argument('[instance-id]', say(describedMember))
    .action(
      actionOf(async ({ access, terminal }, instanceId) => {
        await (instanceId === undefined
          ? ofFleet(access(), terminal)
          : ofInstance(access(), terminal, instanceId))
        return exitCodes.passed
      }),
    )

const withdraw: AddCommand = (program, actionOf, say) =>
  program
    .command('rm')
    .description(
      say({ en: 'withdraw one; its finding counts in full again', zh: '撤销确认，该结果重新按原级别计' }),
    )
    .argument('<instance-id>', say(describedInstance))
    .argument('<acknowledgement-id>', say({ en: 'from the list (ack_…)', zh: '列表中的 ID（ack_…）' }))
    .action(
      actionOf(
        removing((instanceId: string, id: string) => `${pathOf(instanceId)}/${encodeURIComponent(id)}`),
      ),
    )

export const acknowledge = grouped(
  'acknowledge',
  { en: 'let a known finding count as a warning until a time', zh: '在一段时间内将已知的检查结果按警告计' },
  [add, list, withdraw],
)
