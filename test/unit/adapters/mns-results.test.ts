import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mnsIncomingResults } from '../../../shared/adapters/mns/mns-results.ts'
import { type PartMessage, joinParts, splitMessage } from '../../../shared/adapters/mns/result-parts.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import type { ResultMessage } from '../../../shared/model/queue-messages.ts'
import type { DocumentKey } from '../../../shared/ports/documents.ts'
import { frozen, itemIds, resultOf } from '../../support/arbitraries.ts'
import { pageOf } from '../../support/stores.ts'

const precheckId = `pc_${'0'.repeat(32)}`

/** Bytes that a queue takes of one message, in base64. */
const maxMessage = 65_536

/** A name that hardly can be compressed. */
const nameOf = (seed: string, index: number): string =>
  `库_${createHash('sha256').update(`${seed}${index}`).digest('base64')}`

/** The result of an item, with this many databases. */
const messageWith = (checkItem: string, seed: string, count: number): ResultMessage => {
  const result: ItemResult = {
    checkItem,
    status: 'passed',
    vantage: 'checker',
    reason: null,
    observed: { seed },
    findings: [],
    databases: Array.from({ length: count }, (_, index) => nameOf(seed, index)),
    excluded: [],
    startedAt: '2026-11-21T02:00:00.000Z',
    durationMs: 1,
  }
  return { kind: 'result', precheckId, result }
}

const partsOf = (message: ResultMessage): readonly PartMessage[] =>
  splitMessage(message).flatMap((part) => (part.kind === 'part' ? [part] : []))

/** Two results of each item, as two runs of it find them, with their parts. */
const runs = itemIds.flatMap((checkItem, index) =>
  ['first', 'second'].map((seed) => {
    const message = messageWith(checkItem, `${seed} ${checkItem}`, 1200 + 300 * index)
    return { message, parts: frozen(partsOf(message)) }
  }),
)
const allParts = runs.flatMap(({ parts }) => parts)

/** Parts as queues bring them: some never, some more than once, in any order, in batches of any size. */
const arrivals = fc.record({
  stream: fc
    .tuple(fc.subarray(allParts, { minLength: allParts.length - 6 }), fc.subarray(allParts))
    .chain(([came, again]) => {
      const all = [...came, ...again]
      return fc.shuffledSubarray(all, { minLength: all.length })
    }),
  batch: fc.integer({ min: 1, max: 6 }),
})

/** The receiving end, with what it stores. */
const receiver = () => {
  const rows = new Map<string, PartMessage>()
  const incoming = mnsIncomingResults({
    put: async (key: DocumentKey, part: PartMessage) => {
      const isNew = !rows.has(String(key))
      if (isNew) rows.set(String(key), part)
      return isNew
    },
    list: async ({ group }) => pageOf([...rows.values()].filter((part) => part.precheckId === group)),
  })
  return { rows, receive: incoming.assemble, schema: incoming.schema }
}

describe('a result', () => {
  it('that fits into a message travels in one, as it is', async () => {
    await fc.assert(
      fc.asyncProperty(resultOf('ITEM_A'), async (result) => {
        const message = { kind: 'result', precheckId, result } as const
        expect(splitMessage(message)).toEqual([message])
        const { receive, rows } = receiver()
        expect(await receive([message])).toEqual([message])
        expect(rows.size).toBe(0)
      }),
    )
  })

  it.each([800, 1500, 10_000])('of %i databases travels in messages that the queue takes', async (count) => {
    const message = messageWith('ITEM_A', 'seed', count)
    const parts = splitMessage(message)
    const { receive, rows, schema } = receiver()
    for (const part of parts) {
      const body = Buffer.from(JSON.stringify(part)).toString('base64')
      expect(body.length).toBeLessThanOrEqual(maxMessage)
      expect(schema.parse(JSON.parse(JSON.stringify(part)))).toEqual(part)
    }
    // All of it at once need not be kept.
    expect(await receive(parts.toReversed())).toEqual([message])
    expect(rows.size).toBe(0)
    expect(joinParts(partsOf(message).slice(1))).toBeNull()
  })

  it('that was changed on its way is none', async () => {
    const [first, ...others] = partsOf(messageWith('ITEM_A', 'seed', 3000))
    const data = Buffer.from('changed').toString('base64')
    const changed = { ...first!, part: { ...first!.part, data } }
    expect(await receiver().receive([changed, ...others])).toEqual([])
  })

  it('in parts is given when its last part comes, and again whenever one comes after that', async () => {
    const message = messageWith('ITEM_A', 'seed', 3000)
    const [first, ...others] = partsOf(message)
    const { receive, rows } = receiver()
    const deadline = { kind: 'deadline', precheckId } as const
    expect(await receive([...others, deadline])).toEqual([deadline])
    expect(await receive([others[0]!])).toEqual([])
    expect(await receive([first!])).toEqual([message])
    expect(await receive([others[0]!])).toEqual([message])
    expect(rows.size).toBe(others.length + 1)
  })
})

describe('results that come in parts', () => {
  it('are given whole as soon as all of their parts have come, whatever is lost, repeated and out of order', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ stream, batch }) => {
        const { receive } = receiver()
        const given: ResultMessage[] = []
        for (let at = 0; at < stream.length; at += batch) {
          given.push(...(await receive(stream.slice(at, at + batch))))
          const came = new Set(stream.slice(0, at + batch))
          const whole = runs.filter(({ parts }) => parts.every((part) => came.has(part)))
          const digests = new Set(given.map((message) => JSON.stringify(message)))
          expect(digests).toEqual(new Set(whole.map(({ message }) => JSON.stringify(message))))
        }
      }),
      { numRuns: 20 },
    )
  })
})
