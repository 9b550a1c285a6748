import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Webhook, WebhookDefinition } from '../../shared/webhooks/model/webhook.ts'
import type { WebhookDelivery } from '../../shared/webhooks/model/delivery.ts'
import type { WebhookTraffic } from '../../shared/webhooks/model/traffic.ts'
import type { WebhookDeliveries, WebhookTraffics, Webhooks } from '../../shared/webhooks/stores.ts'

/** Stores of webhooks, of what is delivered to them, and of who calls them, under contract. */
export interface WebhooksUnderTest {
  readonly webhooks: Webhooks
  readonly deliveries: WebhookDeliveries
  readonly traffics: WebhookTraffics
  readonly close: () => Promise<void>
}

const at = '2026-11-21T02:00:00.000Z'

const idOf = (number: number): string => `wh_${number.toString(16).padStart(16, '0')}`

const webhookOf = (
  number: number,
  changes: Readonly<Record<string, unknown>> = {},
  revision = 1,
): Webhook => ({
  id: idOf(number),
  definition: WebhookDefinition.parse({ url: 'https://receiver.example/hook', ...changes }),
  secrets: [{ version: 1, until: null }],
  stopped: null,
  revision,
  createdAt: at,
  updatedAt: at,
})

/** Id of an event at `minute`: its time comes first. */
const eventAt = (minute: number, hash = 'a'): string =>
  `evt_${(Date.parse(at) + minute * 60_000).toString(16).padStart(12, '0')}${hash.repeat(20)}`

const deliveryOf = (
  webhook: number,
  eventId: string,
  state: WebhookDelivery['state'] = 'pending',
): WebhookDelivery => ({
  webhookId: idOf(webhook),
  eventId,
  source: { kind: 'precheck', precheckId: `pc_${'1'.repeat(32)}`, type: 'precheck.failed' },
  state,
  attempts: [],
  attemptsBefore: 0,
  beganAt: at,
  nextAttemptAt: state === 'pending' ? at : null,
  endedAt: state === 'pending' ? null : at,
})

const traffic: WebhookTraffic = {
  calls: [{ eventId: eventAt(0), until: '2026-11-21T02:00:15.000Z' }],
  failures: 2,
  pausedUntil: '2026-11-21T02:01:00.000Z',
  revision: 1,
}

/** What every store of webhooks does, whatever it stands on. */
export const webhooksContract = (name: string, open: () => Promise<WebhooksUnderTest>): void => {
  let tested: WebhooksUnderTest

  beforeEach(async () => {
    tested = await open()
  })
  afterEach(() => tested.close())

  describe(`the webhooks on ${name}`, () => {
    it('give back what was written', async () => {
      const webhook = webhookOf(1, { description: '运维群 <&>"\'', filter: { tags: { team: 'orders' } } })
      expect(await tested.webhooks.put(webhook, 0)).toBe(true)
      expect(await tested.webhooks.get(webhook.id)).toEqual(webhook)
      expect(await tested.webhooks.get(idOf(2))).toBeNull()
    })

    it('give back what was written, however large', async () => {
      const instances = Array.from({ length: 1000 }, (_, index) => `sql-${index}-`.padEnd(64, 'x'))
      const webhook = webhookOf(1, { filter: { instances } })
      await tested.webhooks.put(webhook, 0)
      expect(await tested.webhooks.get(webhook.id)).toEqual(webhook)
      expect(await tested.webhooks.list()).toEqual([webhook])
    })

    it('are changed by the one who saw the last revision', async () => {
      expect(await tested.webhooks.put(webhookOf(1, {}, 2), 1)).toBe(false)
      await tested.webhooks.put(webhookOf(1), 0)
      expect(await tested.webhooks.put(webhookOf(1, { enabled: false }), 0)).toBe(false)
      const changes = ['en', 'zh'].map((locale) => tested.webhooks.put(webhookOf(1, { locale }, 2), 1))
      expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1)
      expect((await tested.webhooks.get(idOf(1)))?.revision).toBe(2)
      expect(await tested.webhooks.put(webhookOf(1, {}, 3), 1)).toBe(false)
      expect(await tested.webhooks.put(webhookOf(1, {}, 3), 2)).toBe(true)
    })

    it('are removed once, and can be made again', async () => {
      await tested.webhooks.put(webhookOf(1), 0)
      expect(await tested.webhooks.remove(idOf(1))).toBe(true)
      expect(await tested.webhooks.remove(idOf(1))).toBe(false)
      expect(await tested.webhooks.get(idOf(1))).toBeNull()
      expect(await tested.webhooks.list()).toEqual([])
      expect(await tested.webhooks.put(webhookOf(1), 0)).toBe(true)
    })

    it('are listed, all of them, in the order of their ids', async () => {
      expect(await tested.webhooks.list()).toEqual([])
      const all = Array.from({ length: 100 }, (_, index) => webhookOf(index))
      await Promise.all(all.toReversed().map((webhook) => tested.webhooks.put(webhook, 0)))
      expect(await tested.webhooks.list()).toEqual(all)
    })
  })

  describe(`the deliveries to webhooks on ${name}`, () => {
    const deliver = (...deliveries: readonly WebhookDelivery[]) =>
      Promise.all(deliveries.map((delivery) => tested.deliveries.put(delivery, 0)))
    const ids = async (limit: number, after?: string | null, state?: WebhookDelivery['state']) => {
      const page = { limit, ...(after && { after }) }
      const { items, next } = await tested.deliveries.list(idOf(1), page, state)
      return { items: items.map(({ eventId }) => eventId), next }
    }

    it('give back what was written, and how often', async () => {
      const pending = deliveryOf(1, eventAt(0))
      expect(await tested.deliveries.put(pending, 0)).toBe(true)
      expect(await tested.deliveries.get(pending.webhookId, pending.eventId)).toEqual({
        document: pending,
        revision: 1,
      })
      const failure = { code: 'TIMED_OUT', detail: 'no answer within 10 s 无应答' } as const
      const tried = { ...pending, attempts: [{ at, durationMs: 12.5, status: null, failure }] }
      expect(await tested.deliveries.put(tried, 1)).toBe(true)
      expect(await tested.deliveries.get(pending.webhookId, pending.eventId)).toEqual({
        document: tried,
        revision: 2,
      })
      expect(await tested.deliveries.get(pending.webhookId, eventAt(1))).toBeNull()
      expect(await tested.deliveries.get(idOf(2), pending.eventId)).toBeNull()
    })

    it('are changed by the one who saw the last revision', async () => {
      const delivery = deliveryOf(1, eventAt(0))
      expect(await tested.deliveries.put(delivery, 1)).toBe(false)
      const first = await Promise.all([0, 0].map((revision) => tested.deliveries.put(delivery, revision)))
      expect(first.filter(Boolean)).toHaveLength(1)
      const ends = await Promise.all(
        (['delivered', 'dead'] as const).map((state) => tested.deliveries.put({ ...delivery, state }, 1)),
      )
      expect(ends.filter(Boolean)).toHaveLength(1)
      const winner = ends[0] ? 'delivered' : 'dead'
      const stored = await tested.deliveries.get(delivery.webhookId, delivery.eventId)
      expect([stored?.document.state, stored?.revision]).toEqual([winner, 2])
      expect(await ids(10, null, winner)).toEqual({ items: [delivery.eventId], next: null })
      expect(await ids(10, null, 'pending')).toEqual({ items: [], next: null })
    })

    it('are listed with the newest event first, page by page, for one webhook', async () => {
      expect(await ids(10)).toEqual({ items: [], next: null })
      const events = [eventAt(0), eventAt(1), eventAt(2, '0'), eventAt(2, 'f'), eventAt(3)]
      await deliver(...events.map((eventId) => deliveryOf(1, eventId)))
      await deliver(deliveryOf(0, eventAt(4)), deliveryOf(2, eventAt(5)), deliveryOf(2, eventAt(0)))
      const newestFirst = events.toReversed()
      const first = await ids(3)
      expect(first.items).toEqual(newestFirst.slice(0, 3))
      expect(await ids(3, first.next)).toEqual({ items: newestFirst.slice(3), next: null })
      expect(await ids(5)).toEqual({ items: newestFirst, next: null })
    })

    it('fill a page of one state from as many rows as it takes', async () => {
      const events = Array.from({ length: 40 }, (_, minute) => eventAt(minute))
      const isDead = (_: string, minute: number) => minute % 4 === 0
      await deliver(
        ...events.map((eventId, minute) =>
          deliveryOf(1, eventId, isDead(eventId, minute) ? 'dead' : 'delivered'),
        ),
      )
      const dead = events.filter(isDead).toReversed()
      const first = await ids(6, null, 'dead')
      expect(first.items).toEqual(dead.slice(0, 6))
      expect(await ids(4, first.next, 'dead')).toEqual({ items: dead.slice(6), next: null })
      expect(await ids(10, null, 'pending')).toEqual({ items: [], next: null })
    })
  })

  describe(`the traffic of webhooks on ${name}`, () => {
    it('is given back as it was written, and how often', async () => {
      expect(await tested.traffics.get(idOf(1))).toBeNull()
      expect(await tested.traffics.put(idOf(1), traffic, 0)).toBe(true)
      expect(await tested.traffics.get(idOf(1))).toEqual({ document: traffic, revision: 1 })
      expect(await tested.traffics.get(idOf(2))).toBeNull()
    })

    it('is changed by the one who saw the last revision', async () => {
      expect(await tested.traffics.put(idOf(1), traffic, 1)).toBe(false)
      const calls = [0, 0].map((revision) => tested.traffics.put(idOf(1), traffic, revision))
      expect((await Promise.all(calls)).filter(Boolean)).toHaveLength(1)
      const quiet = { ...traffic, calls: [] }
      const ends = [1, 1].map((revision) => tested.traffics.put(idOf(1), quiet, revision))
      expect((await Promise.all(ends)).filter(Boolean)).toHaveLength(1)
      expect(await tested.traffics.get(idOf(1))).toEqual({ document: quiet, revision: 2 })
      expect(await tested.traffics.put(idOf(2), quiet, 0)).toBe(true)
    })
  })
}
