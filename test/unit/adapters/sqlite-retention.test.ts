import { describe, expect, it, onTestFinished } from 'vitest'
import type { Sweep, SweepEntry } from '../../../shared/model/sweep.ts'
import type { WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import { documentsOf } from '../../../shared/ports/documents.ts'
import { embeddedStores } from '../../support/stores.ts'
import { temporaryDatabase } from '../../support/temporary-database.ts'

const open = (mayForget = true) => {
  const { database, writer, close } = temporaryDatabase()
  onTestFinished(close)
  const clock = { ...database.clock, mayForget: () => mayForget }
  const { sweeps, sweepEntries: entries, deliveries } = embeddedStores({ ...database, clock }, writer)
  return {
    sweeps,
    entries,
    deliveries,
    putSweep: (sweep: Sweep) => sweeps.put(sweep.id, sweep, 0),
    putEntry: (entry: SweepEntry) => entries.put([entry.sweepId, entry.instanceId], entry, 0),
    putDelivery: (delivery: WebhookDelivery) =>
      deliveries.put([delivery.webhookId, delivery.eventId], delivery, 0),
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
    const { sweeps, entries, putSweep, putEntry } = open()
    for (const day of [0, 1]) {
      await putSweep(sweepOn(day))
      await putEntry(entryOn(day))
    }
    const kept = async () => documentsOf(await sweeps.list({ limit: 10 })).items.map((each) => each.startedAt)
    const keptEntries = async (day: number) =>
      documentsOf(await entries.list({ group: sweepOn(day).id, limit: 10 })).items
    await putSweep(sweepOn(180))
    await putEntry(entryOn(180))
    expect(await kept()).toEqual([onDay(180), onDay(1), onDay(0)])
    expect(await keptEntries(0)).toEqual([entryOn(0)])
    await putSweep(sweepOn(181))
    await putEntry(entryOn(181))
    expect(await kept()).toEqual([onDay(181), onDay(180), onDay(1)])
    expect(await keptEntries(0)).toEqual([])
    expect(await keptEntries(1)).toEqual([entryOn(1)])
  })

  it('removes no sweep when a write is refused', async () => {
    const { sweeps, putSweep } = open()
    await putSweep(sweepOn(1))
    await putSweep({ ...sweepOn(1), startedAt: onDay(500) })
    expect(await sweeps.get(sweepOn(1).id)).toEqual({ document: sweepOn(1), revision: 1 })
  })

  it('keeps deliveries for 180 days', async () => {
    const { deliveries, putDelivery } = open()
    const elsewhere = deliveryOn(0, { webhookId: `wh_${'2'.repeat(16)}` })
    for (const delivery of [deliveryOn(0), deliveryOn(1), elsewhere]) await putDelivery(delivery)
    const kept = async (group = webhookId, statuses?: readonly string[]) =>
      documentsOf(await deliveries.list({ group, limit: 10, statuses })).items
    await putDelivery(deliveryOn(180))
    expect(await kept()).toEqual([deliveryOn(180), deliveryOn(1), deliveryOn(0)])
    await putDelivery(deliveryOn(181))
    expect(await kept()).toEqual([deliveryOn(181), deliveryOn(180), deliveryOn(1)])
    expect(await kept(webhookId, ['delivered'])).toEqual(await kept())
    expect(await kept(elsewhere.webhookId)).toEqual([elsewhere])
  })
})

it('nothing expires by a clock that is not to be trusted', async () => {
  const { sweeps, putSweep } = open(false)
  await putSweep(sweepOn(0))
  await putSweep(sweepOn(200))
  const kept = documentsOf(await sweeps.list({ limit: 10 })).items.map(({ id }) => id)
  expect(kept).toEqual([sweepOn(200).id, sweepOn(0).id])
})
