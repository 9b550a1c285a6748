import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Call,
  type CallEnd,
  WebhookTraffic,
  enter,
  leave,
} from '../../../shared/webhooks/model/traffic.ts'
import { frozen } from '../../support/arbitraries.ts'

const start = Date.parse('2026-11-21T02:00:00Z')
const limitMs = 25_000
const limits = { limitMs, maxCalls: 4 }
const maxPauseMs = 600_000
const silence: CallEnd = { kind: 'silent' }
const answer: CallEnd = { kind: 'answered', retryAfterMs: null }

const eventOf = (number: number): string => `evt_${number.toString(16).padStart(32, '0')}`
const callOf = (number: number, over: Partial<Call> = {}): Call => ({
  eventId: eventOf(number),
  revision: 1,
  isSample: false,
  ...over,
})
const at = (ms: number): Date => new Date(start + ms)

/** Calls that begin one after the other at a moment, as far as there is room for them. */
const crowd = (traffic: WebhookTraffic | null, events: number, ms: number) => {
  let now = traffic
  let entered = 0
  for (let number = 0; number < events; number += 1) {
    const entrance = enter(now, callOf(number), at(ms), limits)
    if (!('traffic' in entrance)) continue
    now = entrance.traffic
    entered += 1
  }
  return { traffic: now, entered }
}

/** One call after the other, each of which ends like this as soon as it is let in; returns the waits between them, ms. */
const waitsOf = (ends: readonly CallEnd[]): number[] => {
  let traffic: WebhookTraffic | null = null
  let ms = 0
  return ends.map((end, number) => {
    let entrance = enter(traffic, callOf(number), at(ms), limits)
    const waitMs = 'traffic' in entrance ? 0 : entrance.comeBackAfterMs
    ms += waitMs
    if (waitMs > 0) entrance = enter(traffic, callOf(number), at(ms), limits)
    if (!('traffic' in entrance)) throw new Error('there is no room when there should be')
    traffic = leave(entrance.traffic, callOf(number), end, at(ms))
    return waitMs
  })
}

const ended: fc.Arbitrary<CallEnd> = fc.oneof(
  fc.constant(silence),
  fc.constant<CallEnd>({ kind: 'not_called' }),
  fc.option(fc.nat(86_400_000)).map((retryAfterMs): CallEnd => ({ kind: 'answered', retryAfterMs })),
)

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('enter' as const), event: fc.nat(12) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), event: fc.nat(12), ended }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(60_000) }) },
  ),
  { maxLength: 80 },
)

describe('the traffic of a webhook', () => {
  it('has room for four calls at a time, and for the next as soon as one has ended', () => {
    const { traffic, entered } = crowd(null, 10, 0)
    expect(entered).toBe(4)
    expect(enter(traffic, callOf(7), at(0), limits)).toHaveProperty('comeBackAfterMs')
    const freed = leave(traffic, callOf(2), answer, at(50))
    expect(enter(freed, callOf(7), at(50), limits)).toHaveProperty('traffic')
  })

  it('has no room for an event that is called for already, until that call is lost', () => {
    const { traffic } = crowd(null, 1, 0)
    expect(enter(traffic, callOf(0), at(10_000), limits)).toEqual({ comeBackAfterMs: limitMs - 10_000 })
    expect(enter(traffic, callOf(0), at(limitMs), limits)).toHaveProperty('traffic.calls.length', 1)
  })

  it('forgets calls that were lost with their process', () => {
    const { traffic } = crowd(null, 4, 0)
    expect(crowd(traffic, 10, limitMs - 1).entered).toBe(0)
    expect(crowd(traffic, 10, limitMs).entered).toBe(4)
  })

  it('pauses after silence, twice as long each time, up to ten minutes', () => {
    const waits = waitsOf(Array.from({ length: 9 }, () => silence))
    expect(waits.map((ms) => ms / 1000)).toEqual([0, 15, 30, 60, 120, 240, 480, 600, 600])
  })

  it('has room for one call at a time after silence, and for four again after an answer', () => {
    const silent = leave(null, callOf(0), silence, at(0))
    const { traffic, entered } = crowd(silent, 10, 15_000)
    expect(entered).toBe(1)
    expect(crowd(leave(traffic, callOf(0), answer, at(15_100)), 10, 15_100).entered).toBe(4)
  })

  it('counts a refusal as an answer, and what was never called as nothing', () => {
    const waits = waitsOf([silence, silence, { kind: 'not_called' }, silence, answer, silence, silence])
    expect(waits.map((ms) => ms / 1000)).toEqual([0, 15, 30, 0, 60, 0, 15])
  })

  it('pauses for as long as the receiver asks, but ten minutes at most', () => {
    const retry = (retryAfterMs: number): CallEnd => ({ kind: 'answered', retryAfterMs })
    expect(waitsOf([retry(90_000), retry(86_400_000), answer, answer])).toEqual([0, 90_000, 600_000, 0])
  })

  it('makes samples also in a pause, which goes on for all others', () => {
    const silent = leave(null, callOf(0), silence, at(0))
    const entrance = enter(silent, callOf(1, { isSample: true }), at(1000), limits)
    expect(entrance).toMatchObject({ traffic: { calls: [{ eventId: eventOf(1) }] } })
    const { traffic } = entrance as { traffic: WebhookTraffic }
    expect(enter(traffic, callOf(2), at(2000), limits)).toEqual({ comeBackAfterMs: 13_000 })
    const answered = leave(traffic, callOf(1), answer, at(3000))
    expect(enter(answered, callOf(2), at(3000), limits)).toHaveProperty('traffic')
  })

  it('makes a sample beside the call that finds out whether a silent receiver answers again, but four calls at most', () => {
    const { traffic } = crowd(leave(null, callOf(0), silence, at(0)), 1, 15_000)
    const samples = [1, 2, 3, 4].map((number) => callOf(number, { isSample: true }))
    let now = traffic
    const entered = samples.filter((sample) => {
      const entrance = enter(now, sample, at(15_000), limits)
      if ('traffic' in entrance) now = entrance.traffic
      return 'traffic' in entrance
    })
    expect(entered).toHaveLength(3)
  })

  it('starts afresh when the webhook was changed', () => {
    const silent = leave(leave(null, callOf(0), silence, at(0)), callOf(1), silence, at(0))
    expect(enter(silent, callOf(2), at(1000), limits)).toHaveProperty('comeBackAfterMs')
    expect(enter(silent, callOf(2, { revision: 2 }), at(1000), limits)).toMatchObject({
      traffic: { failures: 0, pausedUntil: null, revision: 2 },
    })
  })

  it('holds silence of the old address against no new one', () => {
    const { traffic } = crowd(null, 2, 0)
    const changed = enter(traffic, callOf(5, { revision: 2 }), at(1000), limits)
    const { traffic: now } = changed as { traffic: WebhookTraffic }
    const late = leave(now, callOf(0), silence, at(10_000))
    expect(late).toMatchObject({ calls: [{ eventId: eventOf(1) }, { eventId: eventOf(5) }], failures: 0 })
    expect(late.pausedUntil).toBeNull()
  })

  it('keeps a pause that the receiver asked for when calls beside it are answered', () => {
    const { traffic } = crowd(null, 2, 0)
    const asked = leave(traffic, callOf(0), { kind: 'answered', retryAfterMs: 60_000 }, at(100))
    const other = leave(asked, callOf(1), answer, at(200))
    expect(enter(other, callOf(3), at(200), limits)).toEqual({ comeBackAfterMs: 59_900 })
  })

  it('lets calls in as it should, whatever happens in which order', () => {
    fc.assert(
      fc.property(steps, (walk) => {
        let traffic: WebhookTraffic | null = null
        let ms = 0
        for (const step of walk) {
          if (step.kind === 'pass') ms += step.ms
          else if (step.kind === 'leave') {
            traffic = frozen(leave(traffic, callOf(step.event), step.ended, at(ms)))
            expect(traffic.calls.map(({ eventId }) => eventId)).not.toContain(eventOf(step.event))
          } else {
            const before: WebhookTraffic | null = traffic
            const entrance = enter(traffic, callOf(step.event), at(ms), limits)
            if ('comeBackAfterMs' in entrance) {
              expect(entrance.comeBackAfterMs).toBeGreaterThan(0)
              expect(entrance.comeBackAfterMs).toBeLessThanOrEqual(maxPauseMs)
            } else {
              traffic = frozen(entrance.traffic)
              const room = (before?.failures ?? 0) > 0 ? 1 : 4
              expect(traffic.calls.length).toBeLessThanOrEqual(room)
              expect(new Set(traffic.calls.map(({ eventId }) => eventId)).size).toBe(traffic.calls.length)
              expect(Date.parse(before?.pausedUntil ?? '1970-01-01')).toBeLessThanOrEqual(start + ms)
            }
          }
          if (traffic) expect(WebhookTraffic.parse(traffic)).toEqual(traffic)
        }
      }),
    )
  })

  it('lets somebody in after the longest pause, whatever happened before', () => {
    fc.assert(
      fc.property(steps, (walk) => {
        let traffic: WebhookTraffic | null = null
        let ms = 0
        for (const step of walk) {
          if (step.kind === 'pass') ms += step.ms
          else if (step.kind === 'leave') traffic = leave(traffic, callOf(step.event), step.ended, at(ms))
          else {
            const entrance = enter(traffic, callOf(step.event), at(ms), limits)
            if ('traffic' in entrance) traffic = entrance.traffic
          }
        }
        const later = at(ms + maxPauseMs + limitMs)
        expect(enter(traffic, callOf(99), later, limits)).toHaveProperty('traffic')
      }),
    )
  })
})
