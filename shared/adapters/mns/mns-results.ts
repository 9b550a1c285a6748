import * as z from 'zod'
import { ResultMessage } from '../../model/queue-messages.ts'
import type { DocumentKind, Documents } from '../../ports/documents.ts'
import type { Incoming, Queue } from '../../ports/queue.ts'
import type { MnsClient } from './mns-client.ts'
import { mnsQueue } from './mns-queue.ts'
import { PartMessage, belongTogether, joinParts, splitMessage } from './result-parts.ts'

/** The sending end of the queue of results, which takes results of any size. */
export const mnsResultQueue = (client: MnsClient, queueName: string): Queue<ResultMessage> => {
  const queue = mnsQueue<ResultMessage | PartMessage>(client, queueName)
  return { send: (messages, options) => queue.send(messages.flatMap(splitMessage), options) }
}

type PartKey = readonly [precheckId: string, partId: string]

/** Parts of results that wait for the others. The deadline of a precheck is an hour away at most: after a day nobody waits. */
export const resultPartKind: DocumentKind<PartMessage, PartKey> = {
  table: 'result_parts',
  keyColumns: ['precheck_id', 'part_id'],
  schema: PartMessage,
  order: 'ascending',
  keptDays: 1,
}

const keyOf = ({ precheckId, part: { checkItem, digest, index } }: PartMessage): PartKey => [
  precheckId,
  `${checkItem}.${digest}.${index}`,
]

/** Parts of one precheck that are read at a time. */
const pageSize = 100

const isPart = (delivered: ResultMessage | PartMessage): delivered is PartMessage => delivered.kind === 'part'

/** Parts of the same wholes together. */
const byWhole = (parts: readonly PartMessage[]): readonly (readonly PartMessage[])[] =>
  parts
    .filter((part, index) => parts.findIndex((other) => belongTogether(part, other)) === index)
    .map((first) => parts.filter((part) => belongTogether(first, part)))

/**
 * The receiving end of the queue of results. Parts whose whole is not delivered at once are kept until the others have
 * come, in any order and however often: whoever stores the last one finds them all, and two who do so give the same
 * result.
 */
export const mnsIncomingResults = (
  stored: Pick<Documents<PartMessage, PartKey>, 'put' | 'list'>,
): Incoming<ResultMessage | PartMessage, ResultMessage> => {
  const partsOf = async (precheckId: string): Promise<readonly PartMessage[]> => {
    const found: PartMessage[] = []
    let after: string | null = null
    do {
      const { items, next } = await stored.list({
        group: precheckId,
        limit: pageSize,
        ...(after !== null && { after }),
      })
      found.push(...items.map(({ document }) => document))
      after = next
    } while (after !== null)
    return found
  }

  const assemble = async (parts: readonly PartMessage[]): Promise<readonly ResultMessage[]> => {
    const [first] = parts
    if (!first) return []
    const atOnce = joinParts(parts)
    if (atOnce) return [atOnce]
    // One that is there already came twice.
    await Promise.all(parts.map((part) => stored.put(keyOf(part), part, 0)))
    const known = await partsOf(first.precheckId)
    const whole = joinParts(known.filter((part) => belongTogether(first, part)))
    return whole ? [whole] : []
  }

  return {
    schema: z.union([ResultMessage, PartMessage]),
    assemble: async (delivered) => {
      const wholes = await Promise.all(byWhole(delivered.filter(isPart)).map(assemble))
      return [...delivered.filter((message): message is ResultMessage => !isPart(message)), ...wholes.flat()]
    },
  }
}
