import { Option } from '@commander-js/extra-typings'
import type * as z from 'zod'
import { DeadLetterList, Redrive } from '../../../functions/api/resources/dead-letters.ts'
import { QueueName } from '../../../shared/model/dead-letter.ts'
import { moment } from '../reports/layout.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { type Access, send } from '../service/client.ts'
import type { ActionOf, AddCommand } from './command.ts'

type DeadLetter = z.infer<typeof DeadLetterList>['items'][number]
type Redrive = z.infer<typeof Redrive>

const queueOption = () =>
  new Option('--queue <queue>', 'only this queue; left out: all').choices(QueueName.options)

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

const listText = ({ items, more }: z.infer<typeof DeadLetterList>): string =>
  [
    ...(items.length === 0 ? ['There are no dead letters.'] : items.map(letterLines)),
    ...more.map((queue) => `There may be more in ${queue} than are listed.`),
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

const redriveLine = ({ queue, redriven, unreadable, more }: Redrive & { queue: QueueName }): string =>
  [
    `${queue.padEnd(13)} ${redriven} redriven`,
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
    ...(more ? ['there are more'] : []),
  ].join(', ')

type DeadLetterCommand = Pick<Parameters<AddCommand>[0], 'command'>

const addList = (group: DeadLetterCommand, actionOf: ActionOf): unknown =>
  group
    .command('list')
    .description('list the dead letters; exits with 1 if there are any')
    .addOption(queueOption())
    .action(
      actionOf(async ({ access, terminal }, { queue }) => {
        const path = `/v1/dead-letters${queue === undefined ? '' : `?queue=${queue}`}`
        const list = await send(access(), { method: 'GET', path }, DeadLetterList)
        print(terminal, list, () => listText(list))
        return list.items.length === 0 ? exitCodes.passed : exitCodes.warning
      }),
    )

const addRedrive = (group: DeadLetterCommand, actionOf: ActionOf): unknown =>
  group
    .command('redrive')
    .description('put the dead letters back into their queues; exits with 1 if some stay')
    .addOption(queueOption())
    .action(
      actionOf(async ({ access, terminal }, { queue: only }) => {
        const redriven: (Redrive & { queue: QueueName })[] = []
        for (const queue of only === undefined ? QueueName.options : [only]) {
          redriven.push({ queue, ...(await redriveAll(access(), queue)) })
        }
        print(terminal, redriven, () => redriven.map((each) => `${redriveLine(each)}\n`).join(''))
        const doStay = redriven.some(({ unreadable, more }) => unreadable > 0 || more)
        return doStay ? exitCodes.warning : exitCodes.passed
      }),
    )

export const deadLetters: AddCommand = (program, actionOf) => {
  const group = program
    .command('dead-letters')
    .description('list what the queues gave up, and put it back once the cause is fixed')
  for (const add of [addList, addRedrive]) add(group, actionOf)
}
