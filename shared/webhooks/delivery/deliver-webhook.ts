import type { NotificationMessage } from '../model/delivery.ts'
import type { CallEnd, DeliveryEnd } from '../model/traffic.ts'
import type { Webhook } from '../model/webhook.ts'
import { eventIdOf } from '../events/event-id.ts'
import type { WebhookEvent } from '../events/event.ts'
import type { Stored } from '../../ports/documents.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Results } from '../../ports/results.ts'
import type { SteadyClock } from '../../ports/steady-clock.ts'
import type { SweepEntries, Sweeps } from '../../ports/sweeps.ts'
import type { WebhookDeliveries, Webhooks } from '../stores.ts'
import { type CallDeps, callEndOf, callReceiver } from './call-receiver.ts'
import { nothingInIt, readEvent, webhookDeleted, withdrawalOf } from './delivery-event.ts'
import { isRepeat, newDelivery } from './delivery-record.ts'
import { type Job, type SettleDeps, giveUp, settle, waitLonger } from './settle-delivery.ts'
import { giveRoomBack, takeRoom } from './webhook-room.ts'

interface Deps extends CallDeps, SettleDeps {
  readonly steady: SteadyClock
  readonly webhooks: Pick<Webhooks, 'get' | 'put'>
  readonly deliveries: Pick<WebhookDeliveries, 'get' | 'put' | 'update'>
  readonly results: Pick<Results, 'get' | 'getPage'>
  readonly sweeps: Pick<Sweeps, 'get'>
  readonly sweepEntries: Pick<SweepEntries, 'list'>
  readonly instances: Pick<Instances, 'listHeads'>
  /** Calls of one receiver that are under way at most. */
  readonly maxCalls: number
}

/** Until the end that was announced is written, seconds. */
const unfinishedSeconds = 2

/** Until the attempt before is recorded, whose message overtook the record, ms. */
const aheadMs = 5000

/** For all of an attempt but the call: resolving the secrets, and writing what came of it, ms. */
const overheadMs = 15_000

/** Calls the receiver and records what came of it, if there is room for another call of it. */
const attemptDelivery = async (
  deps: Deps,
  job: Job,
  stored: Stored<Webhook>,
  event: WebhookEvent,
): Promise<void> => {
  const { document: webhook } = stored
  const isSample = job.message.source.kind === 'sample'
  const call = { eventId: event.id, revision: webhook.revision, isSample }
  const isMail = webhook.definition.format === 'email'
  const callMs = isMail ? deps.mailLimitMs : deps.callLimitMs
  const limits = { limitMs: callMs + overheadMs, maxCalls: deps.maxCalls }
  const crowd = await takeRoom(deps, webhook.id, call, limits)
  if (crowd) return waitLonger(deps, job, crowd.comeBackAfterMs)

  let end: CallEnd = { kind: 'not_called' }
  let delivery: DeliveryEnd | null = null
  try {
    const at = deps.now().toISOString()
    const beganMs = deps.steady.ms()
    const { status, failure, retryAfterMs } = await callReceiver(deps, webhook, event)
    end = callEndOf({ status, failure, retryAfterMs })
    const durationMs = Math.round(deps.steady.ms() - beganMs)
    const made = { at, durationMs, status, failure }
    delivery = await settle(deps, job, stored, { attempt: made, retryAfterMs })
  } finally {
    await giveRoomBack(deps, webhook.id, call, end, delivery)
  }
}

/**
 * Attempts to deliver one event to one webhook, made anew from what is stored. A failed attempt comes back as a later
 * message; one for which there is no room comes back as it is. Messages may come twice, late and in any order: only the
 * one with the number of recorded attempts counts. Rejects if something could not be read or written; all of it
 * may be repeated.
 */
export const deliverWebhook = async (deps: Deps, message: NotificationMessage): Promise<void> => {
  const { webhookId, source } = message
  const subject = await readEvent(deps, source)
  if (subject === 'gone') return
  if (subject === 'running') {
    return deps.notifications.send([message], { delaySeconds: unfinishedSeconds })
  }

  const eventId = eventIdOf(source, subject.at)
  const [webhook, stored] = await Promise.all([
    deps.webhooks.get(webhookId),
    deps.deliveries.get([webhookId, eventId]),
  ])
  const delivery = stored ?? { document: newDelivery(message, eventId, subject.at), revision: 0 }
  if (isRepeat(delivery.document, message)) return

  const job = { message, delivery }
  const withdrawal = webhook ? withdrawalOf(webhook.document, subject) : webhookDeleted
  if (!webhook || withdrawal) {
    // What was never attempted needs no record: the webhook does not want it.
    return stored ? giveUp(deps, job, withdrawal ?? webhookDeleted) : undefined
  }
  if (message.attempts > delivery.document.attempts.length) return waitLonger(deps, job, aheadMs)
  const event = await subject.event(webhook.document.definition)
  if (!event) return stored ? giveUp(deps, job, nothingInIt) : undefined
  return attemptDelivery(deps, job, webhook, event)
}
