import { describe, expect, it, onTestFinished } from 'vitest'
import { sqliteSweepEntries } from '../../../shared/adapters/sqlite/sqlite-sweep-entries.ts'
import { sqliteSweeps } from '../../../shared/adapters/sqlite/sqlite-sweeps.ts'
import { sqliteWebhookDeliveries } from '../../../shared/adapters/sqlite/sqlite-webhook-deliveries.ts'
import type { Sweep, SweepEntry } from '../../../shared/model/sweep.ts'
import type { WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import { temporaryDatabase } from '../../support/temporary-database.ts'

const open = () => {
  const { database, writer, close } = temporaryDatabase()
  onTestFinished(close)
  return {
    sweeps: sqliteSweeps(database, writer),
    entries: sqliteSweepEntries(database, writer),
    deliveries: sqliteWebhookDeliveries(database, writer),
  }
}

/** UTC, days after 1 January 2026. */
const onDay = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day, 2)).toISOString()

const sweepOn = (day: number): Sweep => ({
  id: onDay(day).slice(0, 10),
  kind: 'nightly',
  state: 'running',
  filter: {},
  listing: null,
  startedAt: onDay(day),
  completedAt: null,
  counts: null,
})

const entryOn = (day: number): SweepEntry => ({
  sweepId: sweepOn(day).id,
  instanceId: 'sql-1',
  precheckId: `pc_${'1'.repeat(32)}`,
  status: 'passed',
  dueAt: onDay(day),
  startedAt: onDay(day),
  endedAt: onDay(day),
  notRun: null,
})

const webhookId = `wh_${'1'.repeat(16)}`

const deliveryOn = (day: number, changes: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  webhookId,
  eventId: `evt_${Date.parse(onDay(day)).toString(16).padStart(12, '0')}${'a'.repeat(20)}`,
  source: { kind: 'sweep', sweepId: sweepOn(day).id },
  state: 'delivered',
  attempts: [],
  attemptsBefore: 0,
  beganAt: onDay(day),
  nextAttemptAt: null,
  endedAt: onDay(day),
  ...changes,
})

describe('the embedded database', () => {
  it('keeps sweeps and their entries for 180 days', async () => {
    const { sweeps, entries } = open()
    for (const day of [0, 1]) {
      await sweeps.put(sweepOn(day), 0)
      await entries.add(entryOn(day))
    }
    const kept = async () => (await sweeps.list({ limit: 10 })).items.map(({ startedAt }) => startedAt)
    await sweeps.put(sweepOn(180), 0)
    expect(await kept()).toEqual([onDay(180), onDay(1), onDay(0)])
    await sweeps.put(sweepOn(181), 0)
    expect(await kept()).toEqual([onDay(181), onDay(180), onDay(1)])
    expect((await entries.list(sweepOn(0).id, { limit: 10 })).items).toEqual([])
    expect((await entries.list(sweepOn(1).id, { limit: 10 })).items).toEqual([entryOn(1)])
  })

  it('removes no sweep when a write is refused', async () => {
    const { sweeps } = open()
    await sweeps.put(sweepOn(1), 0)
    await sweeps.put({ ...sweepOn(1), startedAt: onDay(500) }, 0)
    expect(await sweeps.get(sweepOn(1).id)).toEqual({ document: sweepOn(1), revision: 1 })
  })

  it('keeps deliveries for 180 days', async () => {
    const { deliveries } = open()
    const elsewhere = deliveryOn(0, { webhookId: `wh_${'2'.repeat(16)}` })
    for (const delivery of [deliveryOn(0), deliveryOn(1), elsewhere]) await deliveries.put(delivery, 0)
    const kept = async () => (await deliveries.list(webhookId, { limit: 10 })).items
    await deliveries.put(deliveryOn(180), 0)
    expect(await kept()).toEqual([deliveryOn(180), deliveryOn(1), deliveryOn(0)])
    await deliveries.put(deliveryOn(181), 0)
    expect(await kept()).toEqual([deliveryOn(181), deliveryOn(180), deliveryOn(1)])
    expect((await deliveries.list(webhookId, { limit: 10 }, 'delivered')).items).toEqual(await kept())
  })
})
