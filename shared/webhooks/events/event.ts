import * as z from 'zod'
import type { Locale } from '../../model/message.ts'
import type { ShownPrecheck } from '../../model/extract.ts'
import type { Sweep, SweepTroubled } from '../../model/sweep.ts'
import { EventId, type EventSource } from '../model/delivery.ts'
import { EventType } from '../model/webhook.ts'
import { type NightDetails, nightData } from './night-data.ts'
import { MissedData, NightData, PrecheckData, ProtectionData, SampleData, SweepData } from './event-data.ts'
import { eventIdOf } from './event-id.ts'
import { maxEntries, precheckData, withEntries } from './precheck-data.ts'
import { protectionData } from './protection-data.ts'
import { sampleData } from './sample-data.ts'
import { bytesOf, fullestThatFits } from './size.ts'

/** Bytes of an event. Standard Webhooks 1.0.0 asks for less than 20 KB. */
const maxEventBytes = 20_000

/** What happened, as a CloudEvent 1.0 (structured JSON): one shape for every event, `type` and `data.kind` say which. */
export const WebhookEvent = z.strictObject({
  specversion: z.literal('1.0'),
  id: EventId,
  source: z.literal('urn:backup-precheck'),
  type: z.enum([...EventType.options, 'webhook.sample']),
  /** What it is about: `instances/…`, `sweeps/…`, `nights/…` or `sample`. */
  subject: z.string(),
  /** UTC; when the precheck or the sweep was completed. */
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  data: z.discriminatedUnion('kind', [
    PrecheckData,
    SweepData,
    NightData,
    MissedData,
    ProtectionData,
    SampleData,
  ]),
})
export type WebhookEvent = Readonly<z.infer<typeof WebhookEvent>>

interface EventParts {
  readonly source: EventSource
  readonly time: string
  readonly type: WebhookEvent['type']
  readonly subject: string
  readonly data: WebhookEvent['data']
}

const eventOf = ({ source, time, type, subject, data }: EventParts): WebhookEvent => ({
  specversion: '1.0',
  id: eventIdOf(source, time),
  source: 'urn:backup-precheck',
  type,
  subject,
  time,
  datacontenttype: 'application/json',
  data,
})

const protectionEvent = (precheck: ShownPrecheck, type: EventType, data: ProtectionData): WebhookEvent =>
  eventOf({
    source: { kind: 'precheck', precheckId: precheck.id, type },
    time: precheck.completedAt,
    type,
    subject: `instances/${precheck.instanceId}`,
    data,
  })

const isSmallEnough = (event: WebhookEvent): boolean => bytesOf(JSON.stringify(event)) <= maxEventBytes

/** Tells of a precheck. Lists are cut until the event is small enough; its `totals` say how much there is. */
export const precheckEvent = (precheck: ShownPrecheck, type: EventType, locale: Locale): WebhookEvent => {
  const { id, instanceId, completedAt } = precheck
  const ofProtection = protectionData(precheck, type, locale)
  if (ofProtection) return protectionEvent(precheck, type, ofProtection)
  const data = precheckData(precheck, locale)
  return fullestThatFits(
    maxEntries,
    (entries) =>
      eventOf({
        source: { kind: 'precheck', precheckId: id, type },
        time: completedAt,
        type,
        subject: `instances/${instanceId}`,
        data: withEntries(data, entries),
      }),
    isSmallEnough,
  )
}

const noneTroubled: SweepTroubled = { failed: [], inconclusive: [], notRun: [] }

/** Tells of a completed sweep. */
export const sweepEvent = (sweep: Sweep, locale: Locale): WebhookEvent => {
  const { id, kind, startedAt, completedAt, counts, troubled = noneTroubled } = sweep
  return eventOf({
    source: { kind: 'sweep', sweepId: id },
    time: completedAt ?? startedAt,
    type: 'sweep.completed',
    subject: `sweeps/${id}`,
    data: {
      kind: 'sweep',
      locale,
      sweepId: id,
      sweep: kind,
      startedAt,
      completedAt,
      counts,
      troubled,
      links: { sweep: `/v1/sweeps/${id}` },
    },
  })
}

/** Tells of a night, with as many of those in trouble as fit; its `totals` say how many there are. */
export const nightEvent = (details: NightDetails, locale: Locale): WebhookEvent => {
  const data = nightData(details, locale)
  return fullestThatFits(
    data.troubled.length,
    (entries) =>
      eventOf({
        source: { kind: 'night', sweepId: data.night, type: 'night.digest' },
        time: data.completedAt,
        type: 'night.digest',
        subject: `nights/${data.night}`,
        data: { ...data, troubled: data.troubled.slice(0, entries) },
      }),
    isSmallEnough,
  )
}

/** Tells of the prechecks of a night that did not start in time; null where all did. */
export const missedEvent = (
  { night, completedAt, tally: { missed, counts } }: Pick<NightDetails, 'night' | 'completedAt' | 'tally'>,
  locale: Locale,
): WebhookEvent | null => {
  if (!missed) return null
  const { count, instances, from, until } = missed
  return eventOf({
    source: { kind: 'night', sweepId: night.id, type: 'precheck.missed' },
    time: completedAt,
    type: 'precheck.missed',
    subject: `nights/${night.id}`,
    data: {
      kind: 'missed',
      locale,
      night: night.id,
      totals: { missed: count, instances: counts.started + counts.notRun },
      instances: [...instances],
      from,
      until,
      links: { night: `/v1/sweeps/${night.id}` },
    },
  })
}

/** Shows a receiver what events look like. `at`: when it was asked for (UTC). */
export const sampleEvent = (at: string, locale: Locale): WebhookEvent =>
  eventOf({
    source: { kind: 'sample', at },
    time: at,
    type: 'webhook.sample',
    subject: 'sample',
    data: sampleData(at, locale),
  })
