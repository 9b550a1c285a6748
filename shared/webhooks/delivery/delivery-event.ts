import type { Locale } from '../../model/message.ts'
import type { ShownPrecheck } from '../../model/extract.ts'
import type { Sweep } from '../../model/sweep.ts'
import type { DeliveryFailure, EventSource } from '../model/delivery.ts'
import type { EventType, Webhook } from '../model/webhook.ts'
import { type WebhookEvent, precheckEvent, sampleEvent, sweepEvent } from '../events/event.ts'
import { eventsFor, wantsSweep } from '../events/events.ts'
import type { Results } from '../../ports/results.ts'
import { shownCompleted } from '../../ports/shown-precheck.ts'
import type { Sweeps } from '../../ports/sweeps.ts'

interface Deps {
  readonly results: Pick<Results, 'get' | 'getPage'>
  readonly sweeps: Pick<Sweeps, 'get'>
}

/** An event that can be made from what is stored. */
export interface StoredEvent {
  /** When it happened (UTC). */
  readonly at: string
  /** Whether a webhook, as it is defined by now, wants it. */
  readonly isFor: (webhook: Webhook) => boolean
  readonly event: (locale: Locale) => WebhookEvent
}

const ofPrecheck = (precheck: ShownPrecheck, type: EventType): StoredEvent => ({
  at: precheck.completedAt,
  isFor: (webhook) => eventsFor(webhook, precheck).includes(type),
  event: (locale) => precheckEvent(precheck, type, locale),
})

const ofSweep = (sweep: Sweep, completedAt: string): StoredEvent => ({
  at: completedAt,
  isFor: wantsSweep,
  event: (locale) => sweepEvent(sweep, locale),
})

/** A sample shows what a webhook would be sent, also one that is disabled. */
const ofSample = (at: string): StoredEvent => ({
  at,
  isFor: () => true,
  event: (locale) => sampleEvent(at, locale),
})

/**
 * Reads what a message is about. `running`: its end was announced but is not written; `gone`: it does not exist (any
 * more).
 */
export const readEvent = async (
  { results, sweeps }: Deps,
  source: EventSource,
): Promise<StoredEvent | 'running' | 'gone'> => {
  switch (source.kind) {
    case 'sample':
      return ofSample(source.at)
    case 'precheck': {
      const precheck = (await results.get(source.precheckId))?.precheck
      if (!precheck) return 'gone'
      if (precheck.state === 'running') return 'running'
      return ofPrecheck(await shownCompleted(results, precheck), source.type)
    }
    case 'sweep': {
      const sweep = (await sweeps.get(source.sweepId))?.document
      if (!sweep) return 'gone'
      return sweep.completedAt === null ? 'running' : ofSweep(sweep, sweep.completedAt)
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

/** Why nothing is delivered to a webhook that was deleted. */
export const webhookDeleted = withdrawn('The webhook was deleted.')
