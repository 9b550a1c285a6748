import { msPerHour } from '../../model/durations.ts'
import { type Declined, type Result, decline } from '../../model/failure.ts'
import type { NotificationMessage, WebhookDelivery } from '../model/delivery.ts'
import type { Queue } from '../../ports/queue.ts'
import type { Stored } from '../../ports/documents.ts'
import type { WebhookDeliveries, Webhooks } from '../stores.ts'
import { unknownWebhook } from '../register-webhook.ts'

interface Deps {
  readonly webhooks: Pick<Webhooks, 'get'>
  readonly deliveries: Pick<WebhookDeliveries, 'get' | 'put'>
  readonly notifications: Queue<NotificationMessage>
  readonly now: () => Date
}

/** Time between the message and the record, seconds: a write to the store is over long before. */
const leadSeconds = 5

/**
 * An attempt that is overdue for so long, ms, may have been lost with its message. If it only waits for a slow
 * receiver, there are two messages of it, of which the second changes nothing.
 */
const lostAfterMs = msPerHour

/** Dead letters that one request redelivers at most, so that it ends within seconds. */
const maxAtOnce = 50

type NotCalled = 'WEBHOOK_NOT_FOUND' | 'WEBHOOK_DISABLED'

/** Why nothing can be redelivered to a webhook: it is not there, or its owner or the service has turned it off. */
const redeliveryRefusal = async (
  { webhooks }: Pick<Deps, 'webhooks'>,
  webhookId: string,
): Promise<Declined<NotCalled> | null> => {
  const stored = await webhooks.get(webhookId)
  if (!stored) return unknownWebhook(webhookId)
  const { stopped, definition } = stored.document
  if (stopped) {
    return decline('WEBHOOK_DISABLED', {
      en: `The receiver of ${webhookId} answered 410 Gone at ${stopped.at}. Change the webhook to have it called again.`,
      zh: `${webhookId} 的接收方在 ${stopped.at} 返回了 410 Gone。修改该 Webhook 后会重新调用。`,
    })
  }
  if (!definition.enabled) {
    return decline('WEBHOOK_DISABLED', {
      en: `${webhookId} is disabled. Set "enabled" to true first.`,
      zh: `${webhookId} 已停用。请先将 enabled 设为 true。`,
    })
  }
  return null
}

const isUnderWay = ({ state, nextAttemptAt }: WebhookDelivery, now: Date): boolean =>
  state === 'pending' && now.getTime() - Date.parse(nextAttemptAt ?? now.toISOString()) < lostAfterMs

const pending = ({ webhookId, eventId }: WebhookDelivery): Declined<'DELIVERY_PENDING'> =>
  decline('DELIVERY_PENDING', {
    en: `The delivery of ${eventId} to ${webhookId} is still pending. Wait until it has ended.`,
    zh: `${eventId} 到 ${webhookId} 的投递尚未结束。请等待其结束。`,
  })

/**
 * Begins a delivery again. The message is sent before the record: if the process ends between the two, the message
 * finds a delivery that has ended, and is dropped; nothing has changed, and the caller, who got no answer, asks again.
 * The other way round a delivery could be pending that nothing carries on. The message is delayed, so that it never
 * comes before the record.
 */
const beginAgain = async (
  { deliveries, notifications, now }: Deps,
  { document, revision }: Stored<WebhookDelivery>,
): Promise<Result<WebhookDelivery, 'DELIVERY_PENDING'>> => {
  const began = now()
  if (isUnderWay(document, began)) return pending(document)
  const { webhookId, source, attempts } = document
  const again: WebhookDelivery = {
    ...document,
    state: 'pending',
    attemptsBefore: attempts.length,
    beganAt: began.toISOString(),
    nextAttemptAt: new Date(began.getTime() + leadSeconds * 1000).toISOString(),
    endedAt: null,
  }
  await notifications.send([{ webhookId, source, attempts: attempts.length }], { delaySeconds: leadSeconds })
  return (await deliveries.put([webhookId, document.eventId], again, revision))
    ? { value: again }
    : pending(document)
}

/** A delivery: which event to which webhook. */
export interface DeliveryKey {
  readonly webhookId: string
  readonly eventId: string
}

export const unknownDelivery = ({ webhookId, eventId }: DeliveryKey): Declined<'DELIVERY_NOT_FOUND'> =>
  decline('DELIVERY_NOT_FOUND', {
    en: `${webhookId} has no delivery of the event ${eventId}.`,
    zh: `${webhookId} 没有事件 ${eventId} 的投递。`,
  })

/** Delivers an event once more to a webhook to which its delivery has ended, well or not. */
export const redeliver = async (
  deps: Deps,
  key: DeliveryKey,
): Promise<Result<WebhookDelivery, NotCalled | 'DELIVERY_NOT_FOUND' | 'DELIVERY_PENDING'>> => {
  const refusal = await redeliveryRefusal(deps, key.webhookId)
  if (refusal) return refusal
  const stored = await deps.deliveries.get([key.webhookId, key.eventId])
  return stored ? beginAgain(deps, stored) : unknownDelivery(key)
}

interface DeadDeps extends Deps {
  readonly deliveries: Pick<WebhookDeliveries, 'get' | 'put' | 'list'>
}

/** What came of redelivering dead letters: how many are under way again, and whether there may be more. */
export interface Redelivery {
  readonly redelivered: number
  readonly more: boolean
}

/** Delivers the newest dead letters of a webhook once more. Those that are under way are dead no longer: ask again for the rest. */
export const redeliverDead = async (
  deps: DeadDeps,
  webhookId: string,
): Promise<Result<Redelivery, NotCalled>> => {
  const refusal = await redeliveryRefusal(deps, webhookId)
  if (refusal) return refusal
  const dead = { group: webhookId, limit: maxAtOnce, statuses: ['dead'] }
  const { items, next } = await deps.deliveries.list(dead)
  const begun = await Promise.all(
    items.map(async ({ document: { eventId } }) => {
      const stored = await deps.deliveries.get([webhookId, eventId])
      return stored?.document.state === 'dead' && 'value' in (await beginAgain(deps, stored))
    }),
  )
  return { value: { redelivered: begun.filter(Boolean).length, more: next !== null } }
}
