import { deliverWebhook } from '../../shared/webhooks/delivery/deliver-webhook.ts'
import { NotificationMessage } from '../../shared/webhooks/model/delivery.ts'
import type { Log } from '../../shared/ports/log.ts'
import { loggedDeliveries, loggedWebhooks } from '../../shared/runtime/logged-ports.ts'
import { type QueueFunction, queueFunction } from '../../shared/runtime/queue-chain.ts'

/** Queue `notifications`: one message, one attempt to deliver one event to one webhook. */
export const createHandler = (deps: Parameters<typeof deliverWebhook>[0], log: Log): QueueFunction => {
  const logged = {
    ...deps,
    deliveries: loggedDeliveries(deps.deliveries, log),
    webhooks: loggedWebhooks(deps.webhooks, log),
  }
  return queueFunction(NotificationMessage, log, async (messages) => {
    await Promise.all(messages.map((message) => deliverWebhook(logged, message)))
  })
}
