import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import {
  Precheck,
  type RunningPrecheck,
  completePrecheck,
  recordParts,
  recordResults,
  withoutLargestResult,
} from '../../../shared/model/precheck.ts'
import { ResultMessage, resultMessages } from '../../../shared/model/queue-messages.ts'
import { type ResultPart, joinComplete, splitResult } from '../../../shared/model/result-parts.ts'
import { frozen, itemIds, resultOf, startedPrecheck } from '../../support/arbitraries.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const deadline = new Date('2026-11-21T02:01:00Z')
const precheckId = `pc_${'0'.repeat(32)}`

/** Bytes that a queue takes of one message, in base64. */
const maxMessage = 65_536

/** A name that hardly can be compressed. */
const nameOf = (seed: string, index: number): string =>
  `库_${createHash('sha256').update(`${seed}${index}`).digest('base64')}`

/** A result of an item, with this many databases. */
const resultWith = (checkItem: string, seed: string, count: number): ItemResult => ({
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
})

/** Two results of each item, as two runs of it find them, with their parts. */
const runs = itemIds.flatMap((checkItem, index) =>
  ['first', 'second'].map((seed) => {
    const result = resultWith(checkItem, `${seed} ${checkItem}`, 1200 + 300 * index)
    return { result, parts: frozen(splitResult(result)) }
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

const isWhole = (parts: readonly ResultPart[], came: readonly ResultPart[]): boolean =>
  parts.every((part) => came.includes(part))

describe('a result', () => {
  it('that fits into a message travels in one, as it is', () => {
    fc.assert(
      fc.property(resultOf('ITEM_A'), (result) => {
        expect(resultMessages(precheckId, result)).toEqual([{ kind: 'result', precheckId, result }])
      }),
    )
  })

  it.each([800, 1500, 10_000])('of %i databases travels in messages that the queue takes', (count) => {
    const result = resultWith('ITEM_A', 'seed', count)
    const messages = resultMessages(precheckId, result)
    for (const message of messages) {
      const body = Buffer.from(JSON.stringify(message)).toString('base64')
      expect(body.length).toBeLessThanOrEqual(maxMessage)
      expect(ResultMessage.parse(JSON.parse(JSON.stringify(message)))).toEqual(message)
    }
    const parts = messages.flatMap((message) => (message.kind === 'part' ? [message.part] : []))
    expect(parts).toHaveLength(messages.length)
    expect(joinComplete(parts.toReversed())).toEqual([result])
    expect(joinComplete(parts.slice(1))).toEqual([])
  })

  it('that was changed on its way is none', () => {
    const [first, ...others] = splitResult(resultWith('ITEM_A', 'seed', 3000))
    const changed = { ...first!, data: Buffer.from('changed').toString('base64') }
    expect(joinComplete([changed, ...others])).toEqual([])
  })
})

describe('a precheck whose results come in parts', () => {
  it('takes the first complete result of each item, whatever is lost, repeated and out of order', () => {
    fc.assert(
      fc.property(startedPrecheck, arrivals, (started, { stream, batch }) => {
        let precheck: RunningPrecheck = frozen(started)
        for (let at = 0; at < stream.length; at += batch) {
          const next = frozen(recordParts(precheck, stream.slice(at, at + batch)))
          // It only moves forward: what has a result keeps it.
          expect(next.results.slice(0, precheck.results.length)).toEqual(precheck.results)
          precheck = frozen(Precheck.parse(JSON.parse(JSON.stringify(next)))) as RunningPrecheck
        }
        const ended = completePrecheck(precheck, null, deadline)
        expect(Precheck.parse(ended)).toEqual(ended)
        for (const result of ended.results) {
          const complete = runs.filter(
            (run) => run.result.checkItem === result.checkItem && isWhole(run.parts, stream),
          )
          if (complete.length === 0) expect(result.status).toBe('timed_out')
          else expect(complete.map((run) => run.result)).toContainEqual(result)
        }
      }),
      { numRuns: propertyRuns(40) },
    )
  })

  it('keeps no part of an item that has ended, and takes no more of it', () => {
    const [first, second] = runs
    const started = fc.sample(startedPrecheck, 1)[0]!
    const waiting = recordParts(started, first!.parts.slice(1))
    expect(waiting.parts).toHaveLength(first!.parts.length - 1)
    expect(recordParts(waiting, first!.parts.slice(1))).toBe(waiting)
    for (const ended of [
      recordParts(waiting, first!.parts),
      recordResults(waiting, [resultWith('ITEM_A', 'small', 1)]),
    ]) {
      expect(ended).not.toHaveProperty('parts')
      expect(recordParts(ended, second!.parts)).toBe(ended)
    }
    expect(recordParts(started, [{ ...first!.parts[0]!, checkItem: 'NOT_PLANNED' }])).toBe(started)
  })
})

describe('a precheck that is too large', () => {
  it('gives its largest results up, one after the other, and says so', () => {
    const started = fc.sample(startedPrecheck, 1)[0]!
    const small = resultWith('ITEM_A', 'seed', 1)
    const large = resultWith('ITEM_B', 'seed', 9)
    const full = recordResults(started, [small, large])
    const once = withoutLargestResult(full)!
    expect(once.results[0]).toEqual(small)
    expect(once.results[1]).toMatchObject({
      checkItem: 'ITEM_B',
      status: 'error',
      reason: { code: 'RESULT_TOO_LARGE' },
      databases: [],
    })
    const twice = withoutLargestResult(once)!
    expect(twice.results.map(({ status }) => status)).toEqual(['error', 'error'])
    expect(withoutLargestResult(twice)).toBeNull()
  })
})
