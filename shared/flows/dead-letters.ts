import {
  type DeadLetter,
  type GivenUpCode,
  type QueueName,
  maxMessagesShown,
  summaryOf,
} from '../model/dead-letter.ts'
import type { Message, Params } from '../model/message.ts'
import type { DeadLetterQueues, KeptLetter, Redriven } from '../ports/dead-letters.ts'
import type { Log } from '../ports/log.ts'

/** Letters of one queue that are shown: as many as Simple Message Queue lets anybody see without taking them. */
const maxShown = 16

/** Letters that are redriven at a time: within the time that a request has, also where queues answer slowly. */
const maxRedriven = 100

interface Deps {
  readonly deadLetterQueues: DeadLetterQueues
  readonly log: Log
}

/** The first dead letters of some queues, and which of these queues may have more. */
export interface DeadLetterList {
  readonly items: readonly DeadLetter[]
  readonly more: readonly QueueName[]
}

const because = (code: GivenUpCode, params: Params = {}): Message => ({ code, params })

const whyOf = ({ messages, condition, received }: KeptLetter): Message | null => {
  if (messages === null) return because('UNREADABLE')
  if (condition !== null) return because('INVOCATION_FAILED', { condition })
  return received === null ? null : because('RECEIVED_TOO_OFTEN', { received })
}

const shown = (queue: QueueName, letter: KeptLetter): DeadLetter => ({
  queue,
  id: letter.id,
  at: letter.at,
  why: whyOf(letter),
  messages: (letter.messages ?? [])
    .slice(0, maxMessagesShown)
    .map((message) => summaryOf(JSON.parse(message))),
})

/** Looks at the dead letters of queues and takes none. */
export const listDeadLetters = async (
  { deadLetterQueues }: Pick<Deps, 'deadLetterQueues'>,
  queues: readonly QueueName[],
): Promise<DeadLetterList> => {
  const found = await Promise.all(
    queues.map(async (queue) => ({ queue, letters: await deadLetterQueues[queue].look(maxShown) })),
  )
  return {
    items: found.flatMap(({ queue, letters }) => letters.map((letter) => shown(queue, letter))),
    more: found.flatMap(({ queue, letters }) => (letters.length === maxShown ? [queue] : [])),
  }
}

/** Puts the first dead letters of a queue back into it. */
export const redriveDeadLetters = async (
  { deadLetterQueues, log }: Deps,
  queue: QueueName,
): Promise<Redriven> => {
  const outcome = await deadLetterQueues[queue].redrive(maxRedriven)
  log.info('dead-letters.redriven', {
    queue,
    redriven: outcome.redriven,
    unreadable: outcome.unreadable,
    more: outcome.more,
  })
  return outcome
}
