import type { ShownPrecheck } from '../../model/extract.ts'
import type { Sweep, SweepEntry } from '../../model/sweep.ts'
import type { DeliveryFailure, EventSource, NightEventType } from '../model/delivery.ts'
import type { EventType, Webhook, WebhookDefinition } from '../model/webhook.ts'
import {
  type WebhookEvent,
  missedEvent,
  nightEvent,
  precheckEvent,
  sampleEvent,
  sweepEvent,
} from '../events/event.ts'
import { eventsFor, wantsNight, wantsSweep } from '../events/events.ts'
import type { Results } from '../../ports/results.ts'
import { shownCompleted } from '../../ports/shown-precheck.ts'
import type { Instances } from '../../ports/instances.ts'
import type { SweepEntries, Sweeps } from '../../ports/sweeps.ts'
import { readNight } from './read-night.ts'

/** What events are made from. */
export interface EventDeps {
  readonly results: Pick<Results, 'get' | 'getPage'>
  readonly sweeps: Pick<Sweeps, 'get'>
  readonly sweepEntries: Pick<SweepEntries, 'list'>
  readonly instances: Pick<Instances, 'listHeads'>
}

/** An event that can be made from what is stored. */
export interface StoredEvent {
  /** When it happened (UTC). */
  readonly at: string
  /** Whether a webhook, as it is defined by now, wants it. */
  readonly isFor: (webhook: Webhook) => boolean
  /** What a webhook is sent; null: there is nothing for it. */
  readonly event: (definition: WebhookDefinition) => Promise<WebhookEvent | null>
}

const ofPrecheck = (precheck: ShownPrecheck, type: EventType): StoredEvent => ({
  at: precheck.completedAt,
  isFor: (webhook) => eventsFor(webhook, precheck).includes(type),
  event: async ({ locale }) => precheckEvent(precheck, type, locale),
})

const ofSweep = (sweep: Sweep, completedAt: string): StoredEvent => ({
  at: completedAt,
  isFor: wantsSweep,
  event: async ({ locale }) => sweepEvent(sweep, locale),
})

/** The prechecks of these entries that are still stored, read one after the other: each may be large. */
const prechecksOf = async (
  { results }: Pick<EventDeps, 'results'>,
  entries: readonly SweepEntry[],
): Promise<ReadonlyMap<string, ShownPrecheck>> => {
  const found = new Map<string, ShownPrecheck>()
  for (const { precheckId } of entries) {
    const precheck = (await results.get(precheckId))?.precheck
    if (precheck?.state === 'completed') found.set(precheckId, await shownCompleted(results, precheck))
  }
  return found
}

const ofNight = (deps: EventDeps, night: Sweep, completedAt: string, type: NightEventType): StoredEvent => ({
  at: completedAt,
  isFor: (webhook) => wantsNight(webhook, night, type),
  event: async (definition) => {
    const tally = await readNight(deps, night.id, definition)
    if (!tally) return null
    if (type === 'precheck.missed') return missedEvent({ night, completedAt, tally }, definition.locale)
    const prechecks = await prechecksOf(deps, tally.troubled)
    return nightEvent({ night, completedAt, tally, prechecks }, definition.locale)
  },
})

/** A sample shows what a webhook would be sent, also one that is disabled. */
const ofSample = (at: string): StoredEvent => ({
  at,
  isFor: () => true,
  event: async ({ locale }) => sampleEvent(at, locale),
})

/**
 * Reads what a message is about. `running`: its end was announced but is not written; `gone`: it does not exist (any
 * more).
 */
export const readEvent = async (
  deps: EventDeps,
  source: EventSource,
): Promise<StoredEvent | 'running' | 'gone'> => {
  const { results, sweeps } = deps
  switch (source.kind) {
    case 'sample':
      return ofSample(source.at)
    case 'precheck': {
      const precheck = (await results.get(source.precheckId))?.precheck
      if (!precheck) return 'gone'
      if (precheck.state === 'running') return 'running'
      return ofPrecheck(await shownCompleted(results, precheck), source.type)
    }
    case 'night':
    case 'sweep': {
      const sweep = (await sweeps.get(source.sweepId))?.document
      if (!sweep) return 'gone'
      const { completedAt } = sweep
      if (completedAt === null) return 'running'
      return source.kind === 'night'
        ? ofNight(deps, sweep, completedAt, source.type)
        : ofSweep(sweep, completedAt)
    }
  }
}

const withdrawn = (detail: string): DeliveryFailure => ({ code: 'WITHDRAWN', detail })

/** Why an event is not delivered to a webhook; null if it is. */
export const withdrawalOf = (webhook: Webhook, event: StoredEvent): DeliveryFailure | null => {
  if (event.isFor(webhook)) return null
  const { stopped, definition } = webhook
  if (stopped) return { code: 'GONE', detail: `The receiver answered 410 Gone at ${stopped.at}.` }
  if (!definition.enabled) return withdrawn('The webhook is disabled.')
  return withdrawn('The webhook was changed and does not want this event any more.')
}

/** Why nothing is delivered of a night that has nothing for the filter of a webhook. */
export const nothingInIt = withdrawn('There is nothing in it that the filter of the webhook lets through.')

/** Why nothing is delivered to a webhook that was deleted. */
export const webhookDeleted = withdrawn('The webhook was deleted.')
