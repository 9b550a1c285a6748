import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CompletedPrecheck } from '../../../shared/model/precheck.ts'
import { EventType, Webhook, WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import { isChanged } from '../../../shared/model/news.ts'
import { eventFor, eventTypesOf, wantsSweep } from '../../../shared/webhooks/events/events.ts'
import { allResults } from '../../support/arbitraries.ts'
import {
  type Night,
  acknowledgementOf,
  completedOf,
  itemResult,
  itemWithoutRight,
  lastOf,
  recoveryModelItem,
  riskyDatabase,
  simpleDatabase,
  undeterminedItem,
} from '../../support/completed-prechecks.ts'

/** Every event; with the digest of nights, what they find is not told one by one. */
const oneByOne = EventType.exclude(['night.digest']).options

const webhookWith = (definition: object, over: Partial<Webhook> = {}): Webhook =>
  Webhook.parse({
    id: 'wh_0123456789abcdef',
    definition: WebhookDefinition.parse({
      url: 'https://hooks.example.com/precheck',
      events: oneByOne,
      ...definition,
    }),
    secrets: [{ version: 1, until: null }],
    stopped: null,
    revision: 1,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    ...over,
  })

const onChanges = webhookWith({ only: 'changes' })
const always = webhookWith({ only: 'always' })

const fine: Night = { results: [itemResult([])] }
const broken: Night = { results: [itemResult([simpleDatabase('Sales')])] }
const brokenTwice: Night = { results: [itemResult([simpleDatabase('Sales'), simpleDatabase('HR')])] }
const risky: Night = { results: [itemResult([riskyDatabase('Sales')])] }
const blind: Night = { results: [itemResult([]), undeterminedItem()] }
const brokenAndBlind: Night = { results: [itemResult([simpleDatabase('Sales')]), undeterminedItem()] }
const blinder: Night = { results: [undeterminedItem('ITEM_A'), undeterminedItem()] }
const accepted: Night = { ...broken, acknowledgements: [acknowledgementOf('Sales')] }
const expired: Night = { ...broken, acknowledgements: [acknowledgementOf('Sales', true)] }
const acceptedAndRisky: Night = {
  results: [itemResult([simpleDatabase('Sales'), riskyDatabase('HR')])],
  acknowledgements: [acknowledgementOf('Sales')],
}

/** The same nights with an item that is not essential. */
const beyond = [recoveryModelItem]
const essentialOnly: Night = { results: [itemResult([], 'SERVICE_CONNECTIVITY')] }
const [essential] = essentialOnly.results
const withMore = (night: Night): Night => ({ ...night, beyond, results: [essential!, ...night.results] })
const blindForMore: Night = withMore({ results: [itemWithoutRight()] })

describe('the event that a webhook gets', () => {
  it.each<[string, readonly Night[], EventType | null, EventType]>([
    ['what another item finds first', [essentialOnly, withMore(broken)], null, 'precheck.completed'],
    ['what it finds first of all', [withMore(broken)], 'precheck.completed', 'precheck.completed'],
    ['what it still finds', [withMore(broken), withMore(broken)], null, 'precheck.failed'],
    ['what it finds later', [withMore(fine), withMore(broken)], 'precheck.failed', 'precheck.failed'],
    ['what it finds beside', [withMore(broken), withMore(brokenTwice)], 'precheck.failed', 'precheck.failed'],
    ['what is fixed', [withMore(broken), withMore(fine)], 'precheck.recovered', 'precheck.recovered'],
    ['its right that is missing', [withMore(fine), blindForMore], null, 'precheck.completed'],
    [
      'an essential failure beside what it finds first',
      [
        essentialOnly,
        { ...withMore(broken), results: [undeterminedItem(), itemResult([simpleDatabase('Sales')])] },
      ],
      'precheck.failed',
      'precheck.failed',
    ],
  ])('beyond the essential items, of %s', (_, nights, told, toldAlways) => {
    const precheck = lastOf(...nights)
    expect([eventFor(onChanges, precheck), eventFor(always, precheck)]).toEqual([told, toldAlways])
  })

  it.each<[string, readonly Night[], EventType | null, EventType]>([
    // what happens, nights, told on changes, told always
    ['a first result that passes', [fine], 'precheck.completed', 'precheck.completed'],
    ['a first result that fails', [broken], 'precheck.failed', 'precheck.failed'],
    ['a first result with a warning', [risky], 'precheck.warning', 'precheck.warning'],
    ['a first result that is inconclusive', [blind], 'precheck.failed', 'precheck.failed'],
    ['nothing new', [fine, fine], null, 'precheck.completed'],
    ['a new failure', [fine, broken], 'precheck.failed', 'precheck.failed'],
    ['the same failure', [broken, broken], null, 'precheck.failed'],
    ['one more failure', [broken, brokenTwice], 'precheck.failed', 'precheck.failed'],
    ['one failure less', [brokenTwice, broken], 'precheck.failed', 'precheck.failed'],
    ['a fixed failure', [broken, fine], 'precheck.recovered', 'precheck.recovered'],
    ['a failure that is now a risk', [broken, risky], 'precheck.recovered', 'precheck.recovered'],
    ['a new warning', [fine, risky], 'precheck.warning', 'precheck.warning'],
    ['the same warning', [risky, risky], null, 'precheck.warning'],
    ['a fixed warning', [risky, fine], 'precheck.recovered', 'precheck.recovered'],
    ['what cannot be checked any more', [fine, blind], 'precheck.failed', 'precheck.failed'],
    ['what can be checked again', [blind, fine], 'precheck.recovered', 'precheck.recovered'],
    [
      'what cannot be checked beside the same failure',
      [broken, brokenAndBlind],
      'precheck.failed',
      'precheck.failed',
    ],
    ['what still cannot be checked', [brokenAndBlind, brokenAndBlind], null, 'precheck.failed'],
    ['more that cannot be checked', [blind, blinder], 'precheck.failed', 'precheck.failed'],
    ['what can be checked again beside the same failure', [brokenAndBlind, broken], null, 'precheck.failed'],
    ['what was accepted and cannot be checked', [accepted, blinder], 'precheck.failed', 'precheck.failed'],
    ['a failure that was accepted', [broken, accepted], null, 'precheck.completed'],
    ['a failure that stays accepted', [broken, accepted, accepted], null, 'precheck.completed'],
    ['a new failure that is accepted already', [fine, accepted], null, 'precheck.completed'],
    ['an accepted failure that is fixed', [accepted, fine], 'precheck.recovered', 'precheck.recovered'],
    ['an acceptance that ended', [accepted, expired], 'precheck.failed', 'precheck.failed'],
    ['a warning beside what was accepted', [acceptedAndRisky, acceptedAndRisky], null, 'precheck.warning'],
    ['a new warning beside', [accepted, acceptedAndRisky], 'precheck.warning', 'precheck.warning'],
  ])('of %s', (_, nights, told, toldAlways) => {
    const precheck = lastOf(...nights)
    expect([eventFor(onChanges, precheck), eventFor(always, precheck)]).toEqual([told, toldAlways])
  })

  it('tells of an acceptance that ended beside another failure', () => {
    const before: Night = { ...brokenTwice, acknowledgements: [acknowledgementOf('Sales')] }
    const precheck = lastOf(before, brokenTwice)
    expect([precheck.outcome, precheck.comparison.previousOutcome]).toEqual(['failed', 'failed'])
    expect(eventFor(onChanges, precheck)).toBe('precheck.failed')
  })

  it('is never there for an acknowledgement alone', () => {
    const items = fc.subarray(['ITEM_A', 'ITEM_B', 'ITEM_C', 'ITEM_D', 'ITEM_E'], { minLength: 1 })
    fc.assert(
      fc.property(allResults, items, (results, checkItems) => {
        const { database: _, ...acknowledgement } = acknowledgementOf('')
        const acknowledgements = checkItems.map((checkItem) => ({ ...acknowledgement, checkItem }))
        const precheck = lastOf({ results }, { results, acknowledgements })
        expect(isChanged(precheck)).toBe(false)
        expect(eventTypesOf(precheck)).not.toContain('precheck.recovered')
      }),
    )
  })

  it('is the weightiest of those that it asks for', () => {
    const precheck = lastOf(broken, risky)
    expect(eventTypesOf(precheck)).toEqual(['precheck.recovered', 'precheck.warning', 'precheck.completed'])
    const told = (...events: EventType[]) => eventFor(webhookWith({ events }), precheck)
    expect(told('precheck.completed', 'precheck.warning')).toBe('precheck.warning')
    expect(told('precheck.completed')).toBe('precheck.completed')
    expect(told('precheck.failed', 'sweep.completed')).toBeNull()
  })

  it('is no recovery when what failed cannot be checked any more', () => {
    expect(eventTypesOf(lastOf(broken, blind))).toEqual(['precheck.failed', 'precheck.completed'])
  })

  it('is green for nobody while something failed or could not be checked', () => {
    fc.assert(
      fc.property(allResults, allResults, (before, now) => {
        const precheck = lastOf({ results: before }, { results: now })
        const isBad = precheck.outcome === 'failed' || precheck.outcome === 'inconclusive'
        expect(eventTypesOf(precheck).includes('precheck.failed')).toBe(isBad)
        expect(eventFor(always, precheck) === 'precheck.failed').toBe(isBad)
      }),
    )
  })

  it('does not come of a partial precheck', () => {
    const partial: Night = { ...broken, over: { scope: 'partial' } }
    expect(eventFor(always, completedOf(partial))).toBeNull()
  })

  it('does not go to a webhook that is disabled or was stopped', () => {
    const precheck = completedOf(broken)
    const stopped = { at: '2026-11-20T00:00:00.000Z', code: 'GONE' } as const
    expect(eventFor(webhookWith({ enabled: false }), precheck)).toBeNull()
    expect(eventFor(webhookWith({}, { stopped }), precheck)).toBeNull()
  })

  const tagged: CompletedPrecheck = completedOf({
    ...broken,
    over: { tags: { env: 'production', team: 'dba' } },
  })

  it.each<[string, CompletedPrecheck, object, boolean]>([
    ['no filter', tagged, {}, true],
    ['its instance', tagged, { instances: ['other', 'db1'] }, true],
    ['another instance', tagged, { instances: ['other'] }, false],
    ['its engine', tagged, { engine: 'sqlserver' }, true],
    ['another engine', tagged, { engine: 'oracle' }, false],
    ['a tag', tagged, { tags: { env: 'production' } }, true],
    ['all tags', tagged, { tags: { env: 'production', team: 'dba' } }, true],
    ['a tag of another value', tagged, { tags: { env: 'production', team: 'web' } }, false],
    ['a tag that it does not have', completedOf(broken), { tags: { env: 'production' } }, false],
    ['a tag that is named as what every object has', tagged, { tags: { constructor: 'x' } }, false],
    ['a tag and another engine', tagged, { tags: { env: 'production' }, engine: 'oracle' }, false],
  ])('is filtered by %s', (_, precheck, filter, isTold) => {
    expect(eventFor(webhookWith({ filter }), precheck) !== null).toBe(isTold)
  })

  it('is a reminder every so many days of what fails without news, whenever in the night it begins', () => {
    const minutes = [0, 7, -3, 2, -9, 4]
    const nightsOf = (night: Night, count: number): Night[] =>
      Array.from({ length: count }, (_, day) => {
        const at = Date.parse('2026-11-01T02:00:00.000Z') + day * 86_400_000
        const startedAt = new Date(at + minutes[day % minutes.length]! * 60_000).toISOString()
        return { ...night, over: { startedAt } }
      })
    const remindedOn = (night: Night, definition: object): number[] => {
      const webhook = webhookWith({ events: ['precheck.failed', 'precheck.reminder'], ...definition })
      const nights = nightsOf(night, 22)
      const events = nights.map((_, day) => eventFor(webhook, lastOf(...nights.slice(0, day + 1))))
      expect(events[0]).toBe(night === fine ? null : 'precheck.failed')
      return events.flatMap((event, day) => (event === 'precheck.reminder' ? [day] : []))
    }
    expect(remindedOn(broken, {})).toEqual([7, 14, 21])
    expect(remindedOn(blind, { remindEveryDays: 10 })).toEqual([10, 20])
    expect(remindedOn(broken, { remindEveryDays: 1 })).toHaveLength(21)
    expect(remindedOn(fine, { remindEveryDays: 1 })).toEqual([])
    expect(remindedOn(broken, { events: ['precheck.failed'] })).toEqual([])
    expect(remindedOn(broken, { only: 'always' })).toEqual([])
  })

  it('is a reminder again only so many days after the last news', () => {
    const webhook = webhookWith({ events: ['precheck.reminder'], remindEveryDays: 3 })
    const told = (nights: readonly Night[]): (EventType | null)[] =>
      nights.map((_, day) => {
        const dated = nights.slice(0, day + 1).map((night, index) => ({
          ...night,
          over: { startedAt: `2026-11-${String(index + 1).padStart(2, '0')}T02:00:00.000Z` },
        }))
        return eventFor(webhook, lastOf(...dated))
      })
    const reminder = 'precheck.reminder'
    expect(told([broken, broken, broken, brokenTwice, brokenTwice, brokenTwice, brokenTwice])).toEqual([
      ...Array<null>(6).fill(null),
      reminder,
    ])
  })

  it('is the digest alone of what a night finds, where it is asked for', () => {
    const digested = webhookWith({ events: EventType.options, only: 'always' })
    expect(eventFor(digested, lastOf(fine, broken))).toBeNull()
    const onRequest = { ...broken, over: { trigger: 'request' } } as const
    expect(eventFor(digested, lastOf(fine, onRequest))).toBe('precheck.failed')
  })
})

describe('a completed sweep', () => {
  it.each<[string, Webhook, boolean]>([
    ['asks for it', webhookWith({ events: ['sweep.completed'] }), true],
    ['asks for prechecks only', webhookWith({ events: ['precheck.failed'] }), false],
    ['is disabled', webhookWith({ enabled: false }), false],
    ['was stopped', webhookWith({}, { stopped: { at: '2026-11-20T00:00:00.000Z', code: 'GONE' } }), false],
  ])('goes to a webhook that %s: or not', (_, webhook, isTold) => {
    expect(wantsSweep(webhook)).toBe(isTold)
  })
})
