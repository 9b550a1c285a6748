import type { Result } from '../../model/failure.ts'
import type { Webhook } from '../model/webhook.ts'
import { formats } from '../formats/catalogue.ts'
import { mailOf } from '../formats/email.ts'
import type { WebhookEvent } from '../events/event.ts'
import { unknownWebhook } from '../register-webhook.ts'
import type { WebhookDeliveries, Webhooks } from '../stores.ts'
import { type EventDeps, readEvent } from './delivery-event.ts'
import { type DeliveryKey, unknownDelivery } from './redeliver.ts'

interface Deps extends EventDeps {
  readonly webhooks: Pick<Webhooks, 'get'>
  readonly deliveries: Pick<WebhookDeliveries, 'get'>
  /** Where the console is, without a slash at its end; null: nobody said. */
  readonly publicUrl: string | null
  readonly now: () => Date
}

/** What a receiver gets, and its media type. */
export interface DeliveryBody {
  readonly type: string
  readonly text: string
}

/** A body without what proves who sends it: no secret is resolved for it, and some robots look for a proof in there. */
const bodyOf = (
  { publicUrl, now }: Deps,
  { definition: { format, url } }: Webhook,
  event: WebhookEvent,
): DeliveryBody => {
  if (format === 'email') {
    const { subject, text } = mailOf(event, publicUrl)
    return { type: 'text/plain; charset=utf-8', text: `${subject}\n\n${text}` }
  }
  const unsigned = { event, address: url, secrets: [], signingSecret: null, now: now() }
  const { headers, body } = formats[format].callOf(unsigned)
  return { type: headers['content-type'] ?? '', text: body }
}

/**
 * What is sent of an event to a webhook as it is defined by now, made anew from what is stored, as each attempt makes
 * it. Null: there is nothing left that it could be made from.
 */
export const deliveryBody = async (
  deps: Deps,
  key: DeliveryKey,
): Promise<Result<DeliveryBody | null, 'WEBHOOK_NOT_FOUND' | 'DELIVERY_NOT_FOUND'>> => {
  const webhook = await deps.webhooks.get(key.webhookId)
  if (!webhook) return unknownWebhook(key.webhookId)
  const delivery = await deps.deliveries.get([key.webhookId, key.eventId])
  if (!delivery) return unknownDelivery(key)
  const subject = await readEvent(deps, delivery.document.source)
  if (typeof subject === 'string') return { value: null }
  const event = await subject.event(webhook.document.definition)
  return { value: event && bodyOf(deps, webhook.document, event) }
}
