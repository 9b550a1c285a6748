import { Option } from '@commander-js/extra-typings'
import type * as z from 'zod'
import { DeadLetterList, Redrive } from '../../../functions/api/resources/dead-letters.ts'
import { QueueName } from '../../../shared/model/dead-letter.ts'
import { moment } from '../service/moment.ts'
import { type Say, exitCodes, print } from '../reports/terminal.ts'
import { type Access, send } from '../service/client.ts'
import { type AddCommand, grouped } from './command.ts'

type DeadLetter = z.infer<typeof DeadLetterList>['items'][number]
type Redrive = z.infer<typeof Redrive>

const queueOption = (say: Say) =>
  new Option(
    '--queue <queue>',
    say({ en: 'only this queue; left out: all', zh: '只针对该队列；省略表示全部' }),
  ).choices(QueueName.options)

/** Requests for one queue at most, of 100 letters each: letters that die again at once must not keep the command busy. */
const maxRequests = 100

const aboutLine = (ids: DeadLetter['messages'][number]): string =>
  Object.entries(ids)
    .map(([name, id]) => `${name} ${id}`)
    .join(', ')

const letterLines = ({ queue, id, at, why, messages }: DeadLetter): string =>
  [`${queue.padEnd(13)} ${moment(at)}  ${id}`, ...(why ? [why.text] : []), ...messages.map(aboutLine)]
    .filter((line) => line !== '')
    .join('\n  ')

const listText = ({ items, more }: z.infer<typeof DeadLetterList>, say: Say): string =>
  [
    ...(items.length === 0
      ? [say({ en: 'There are no dead letters.', zh: '没有死信。' })]
      : items.map(letterLines)),
    ...more.map((queue) =>
      say({ en: `There may be more in ${queue} than are listed.`, zh: `${queue} 中可能还有未列出的死信。` }),
    ),
    '',
  ].join('\n')

const redriveAll = async (access: Access, queue: QueueName): Promise<Redrive> => {
  let total: Redrive = { redriven: 0, unreadable: 0, more: true }
  for (let requests = 0; total.more && requests < maxRequests; requests += 1) {
    const request = { method: 'POST', path: '/v1/dead-letters/redrive', body: { queue } } as const
    const { redriven, unreadable, more } = await send(access, request, Redrive)
    total = { redriven: total.redriven + redriven, unreadable: total.unreadable + unreadable, more }
  }
  return total
}

const redriveLine = (
  { queue, redriven, unreadable, more }: Redrive & { queue: QueueName },
  say: Say,
): string =>
  [
    `${queue.padEnd(13)} ${say({ en: `${redriven} redriven`, zh: `已放回 ${redriven} 条` })}`,
    ...(unreadable > 0 ? [say({ en: `${unreadable} unreadable`, zh: `无法读取 ${unreadable} 条` })] : []),
    ...(more ? [say({ en: 'there are more', zh: '还有更多' })] : []),
  ].join(say({ en: ', ', zh: '，' }))

const list: AddCommand = (group, actionOf, say) =>
  group
    .command('list')
    .description(
      say({ en: 'list the dead letters; exits with 1 if there are any', zh: '列出死信；有死信时退出码为 1' }),
    )
    .addOption(queueOption(say))
    .action(
      actionOf(async ({ access, terminal }, { queue }) => {
        const path = `/v1/dead-letters${queue === undefined ? '' : `?queue=${queue}`}`
        const letters = await send(access(), { method: 'GET', path }, DeadLetterList)
        print(terminal, letters, (shown) => listText(shown, terminal.say))
        return letters.items.length === 0 ? exitCodes.passed : exitCodes.warning
      }),
    )

const redrive: AddCommand = (group, actionOf, say) =>
  group
    .command('redrive')
    .description(
      say({
        en: 'put the dead letters back into their queues; exits with 1 if some stay',
        zh: '将死信放回队列；有剩余时退出码为 1',
      }),
    )
    .addOption(queueOption(say))
    .action(
      actionOf(async ({ access, terminal }, { queue: only }) => {
        const redriven: (Redrive & { queue: QueueName })[] = []
        for (const queue of only === undefined ? QueueName.options : [only]) {
          redriven.push({ queue, ...(await redriveAll(access(), queue)) })
        }
        print(terminal, redriven, (shown) =>
          shown.map((each) => `${redriveLine(each, terminal.say)}\n`).join(''),
        )
        const doStay = redriven.some(({ unreadable, more }) => unreadable > 0 || more)
        return doStay ? exitCodes.warning : exitCodes.passed
      }),
    )

export const deadLetters = grouped(
  'dead-letters',
  {
    en: 'list what the queues gave up, and put it back once the cause is fixed',
    zh: '列出队列放弃的消息；原因排除后放回',
  },
  [list, redrive],
)
