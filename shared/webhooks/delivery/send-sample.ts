import type { Result } from '../../model/failure.ts'
import type { NotificationMessage, WebhookDelivery } from '../model/delivery.ts'
import { eventIdOf } from '../events/event-id.ts'
import type { Queue } from '../../ports/queue.ts'
import type { WebhookDeliveries, Webhooks } from '../stores.ts'
import { newDelivery } from './delivery-record.ts'
import { unknownWebhook } from '../register-webhook.ts'

interface Deps {
  readonly webhooks: Pick<Webhooks, 'get'>
  readonly deliveries: Pick<WebhookDeliveries, 'put'>
  readonly notifications: Queue<NotificationMessage>
  readonly now: () => Date
}

/** Sends a sample event to a webhook, also to one that is not called at present. The delivery can be read at once. */
export const sendSample = async (
  deps: Deps,
  webhookId: string,
): Promise<Result<WebhookDelivery, 'WEBHOOK_NOT_FOUND'>> => {
  if (!(await deps.webhooks.get(webhookId))) return unknownWebhook(webhookId)
  const at = deps.now().toISOString()
  const message: NotificationMessage = { webhookId, source: { kind: 'sample', at }, attempts: 0 }
  const delivery = newDelivery(message, eventIdOf(message.source, at), at)
  // First, since its address is the answer. If there is one already, the sample was asked for twice in a millisecond,
  // and is one.
  await deps.deliveries.put([webhookId, delivery.eventId], delivery, 0)
  await deps.notifications.send([message])
  return { value: delivery }
}
