import { describe, expect, it } from 'vitest'
import { type Protection, protectionOf, protectionOfAll } from '../../../shared/model/protection.ts'
import { maxDigestEntries } from '../../../shared/webhooks/events/digest-parts.ts'
import { digestOf } from '../../../shared/webhooks/events/digest.ts'
import { WebhookEvent, precheckEvent } from '../../../shared/webhooks/events/event.ts'
import { eventFor, eventsFor } from '../../../shared/webhooks/events/events.ts'
import { EventType, Webhook, WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import { type Night, completedOf, itemResult, lastOf } from '../../support/completed-prechecks.ts'

const webhookWith = (definition: object): Webhook =>
  Webhook.parse({
    id: 'wh_0123456789abcdef',
    definition: WebhookDefinition.parse({ url: 'https://hooks.example.com/precheck', ...definition }),
    secrets: [{ version: 1, until: null }],
    stopped: null,
    revision: 1,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
  })

/** Every event; with the digest of nights, what they find is not told one by one. */
const oneByOne = EventType.exclude(['night.digest']).options

const everything = webhookWith({ events: oneByOne })

/** Databases whose last log backups are so old, with an objective of an hour. */
const protectionWith = (ages: Readonly<Record<string, number | null>>): Protection =>
  protectionOfAll(
    Object.entries(ages).map(([database, minutes]) =>
      protectionOf(
        {
          database,
          full: minutes === null ? null : { minutes, bytes: null, device: 'disk', by: null },
          incremental: null,
          log: null,
          chain: 'none',
          hasBase: null,
          isWholeWithoutLog: true,
          isNeverBackedUp: false,
          isCertain: true,
          ageMinutes: 50_000,
          lastWeek: null,
          logBytes: null,
          bytesPerSecond: null,
        },
        { objectiveMinutes: 60, graceMinutes: 0 },
      ),
    ),
    25,
  )!

const night = (ages: Readonly<Record<string, number | null>>): Night => ({
  results: [{ ...itemResult([]), protection: protectionWith(ages) }],
})
const good = night({ Sales: 10 })
const bad = night({ Sales: 90, HR: 10 })
const worse = night({ Sales: 90, HR: 70 })
const unknown = night({ Sales: null })
const silent: Night = { results: [itemResult([])] }

const ofProtection = (...nights: readonly Night[]) =>
  eventsFor(everything, lastOf(...nights)).filter((type) => type.startsWith('protection.'))

describe('an event of protection', () => {
  it.each<[string, readonly Night[], readonly EventType[]]>([
    ['the first result is no news', [bad], []],
    ['that all is well neither', [good], []],
    ['at risk', [good, bad], ['protection.at-risk']],
    ['still at risk, with more databases', [good, bad, worse], []],
    ['no more', [bad, good], ['protection.restored']],
    ['not known any more', [bad, unknown], []],
    ['no more, after a night that saw nothing', [bad, unknown, silent, good], ['protection.restored']],
    ['at risk, after such a night', [good, silent, bad], ['protection.at-risk']],
    ['known for the first time', [unknown, bad], []],
  ])('%s', (_, nights, types) => {
    expect(ofProtection(...nights)).toEqual(types)
  })

  it('is sent only where it is asked for, beside that of the outcome', () => {
    const precheck = lastOf(good, bad)
    expect(eventsFor(webhookWith({}), precheck)).toEqual([])
    expect(eventsFor(webhookWith({ events: ['protection.at-risk'] }), precheck)).toEqual([
      'protection.at-risk',
    ])
    expect(eventsFor(webhookWith({ events: oneByOne, only: 'always' }), precheck)).toEqual([
      eventFor(webhookWith({ events: oneByOne, only: 'always' }), precheck),
      'protection.at-risk',
    ])
    const filter = { engine: 'oracle' }
    expect(eventsFor(webhookWith({ events: ['protection.at-risk'], filter }), precheck)).toEqual([])
    expect(eventsFor(webhookWith({ events: ['protection.at-risk'], enabled: false }), precheck)).toEqual([])
  })

  it('is not made of a partial precheck', () => {
    const before = completedOf(good)
    expect(eventsFor(everything, completedOf({ ...bad, over: { scope: 'partial' } }, before))).toEqual([])
  })

  it('names the databases and what would be lost, in both languages', () => {
    const precheck = lastOf(good, bad)
    const event = precheckEvent(precheck, 'protection.at-risk', 'en')
    expect(WebhookEvent.parse(event)).toMatchObject({
      type: 'protection.at-risk',
      subject: 'instances/db1',
      data: {
        change: 'at-risk',
        totals: { 'at-risk': 1, protected: 1 },
        databases: [{ database: 'Sales', exposureMinutes: 90, objectiveMinutes: 60 }],
        links: { protection: '/v1/instances/db1/protection' },
      },
    })
    expect(digestOf(event, maxDigestEntries)).toMatchObject({
      tone: 'bad',
      title: '✘ Backup precheck · db1: more would be lost than the objective allows',
      notes: ['SQL Server · cn-hangzhou · at risk: 1 database · protected: 1 database'],
      entries: [
        {
          subject: 'Sales',
          effect: 'at risk',
          why: '90 minutes of work would have been lost (objective: 60).',
        },
      ],
      more: null,
    })
    const chinese = digestOf(precheckEvent(precheck, 'protection.at-risk', 'zh'), maxDigestEntries)
    expect(chinese.entries[0]?.why).toBe('将丢失 90 分钟的更改（目标：60 分钟）。')
    expect(JSON.stringify(chinese)).not.toMatch(/\p{sc=Han}[,;:!?()]|[,;:!?()] ?\p{sc=Han}/u)
    expect(
      digestOf(precheckEvent(lastOf(bad, good), 'protection.restored', 'en'), maxDigestEntries),
    ).toMatchObject({
      tone: 'good',
      entries: [],
    })
  })

  it('is no larger than others, however long the names of very many databases are', () => {
    const ages = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`${index}`.padEnd(128, '库'), 90]),
    )
    const event = precheckEvent(lastOf(good, night(ages)), 'protection.at-risk', 'zh')
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(20_000)
    expect(digestOf(event, maxDigestEntries).more).toContain('290')
  })
})
