import * as z from 'zod'
import { listDeadLetters, redriveDeadLetters } from '../../../shared/flows/dead-letters.ts'
import { DeadLetter, QueueName, renderGivenUp } from '../../../shared/model/dead-letter.ts'
import { Message } from '../../../shared/model/message.ts'
import { route } from '../routing/route.ts'

const DeadLetterView = DeadLetter.extend({
  /** Null where the log alone says why: `queue.failed`, `queue.dead-letters` or `pump.failed` at that time. */
  why: z.strictObject({ ...Message.shape, text: z.string() }).nullable(),
}).meta({ id: 'DeadLetter' })

/** The first dead letters of each queue. */
export const DeadLetterList = z
  .strictObject({
    items: z.array(DeadLetterView),
    more: z.array(QueueName).describe('Queues that may have more dead letters than are listed.'),
  })
  .meta({ id: 'DeadLetterList' })

const ListQuery = z.strictObject({
  queue: QueueName.optional().describe('Only the dead letters of this queue.'),
})

const RedriveRequest = z.strictObject({ queue: QueueName }).meta({ id: 'DeadLetterRedriveRequest' })

/** What became of the dead letters of a queue. */
export const Redrive = z
  .strictObject({
    redriven: z.int().describe('Number of letters whose messages are in the queue again.'),
    unreadable: z.int().describe('Number of letters that hold no message of this service, and stay.'),
    more: z.boolean().describe('There may be more dead letters: send the request again.'),
  })
  .meta({ id: 'DeadLetterRedrive' })

export const deadLetterRoutes = [
  route({
    method: 'GET',
    path: '/v1/dead-letters',
    operationId: 'listDeadLetters',
    summary: 'Lists what the queues gave up, the first letters of each: what they are about, and why',
    scope: 'admin',
    input: z.object({ query: ListQuery }),
    answers: { 200: { description: 'The first dead letters of each queue.', schema: DeadLetterList } },
    problems: [],
    handle: async (deps, { query: { queue } }) => ({
      value: await listDeadLetters(deps, queue === undefined ? QueueName.options : [queue]),
    }),
    respond: ({ items, more }, _, locale) => ({
      status: 200,
      body: {
        items: items.map((letter) => ({
          ...letter,
          why: letter.why && { ...letter.why, text: renderGivenUp(letter.why, locale) },
        })),
        more,
      },
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/dead-letters/redrive',
    operationId: 'redriveDeadLetters',
    summary: 'Puts the first dead letters of a queue back into it; repeats do no harm',
    scope: 'admin',
    input: z.object({ body: RedriveRequest }),
    answers: { 202: { description: 'They are under way.', schema: Redrive } },
    problems: [],
    handle: async (deps, { body: { queue } }) => ({ value: await redriveDeadLetters(deps, queue) }),
    respond: (body) => ({ status: 202, body }),
  }),
]
