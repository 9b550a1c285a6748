import { deliverWebhook } from '../../shared/webhooks/delivery/deliver-webhook.ts'
import { NotificationMessage } from '../../shared/webhooks/model/delivery.ts'
import type { Log } from '../../shared/ports/log.ts'
import { type QueueFunction, type Unserved, queueFunction } from '../../shared/runtime/queue-chain.ts'

type Deps = Omit<Parameters<typeof deliverWebhook>[0], 'log'> & Pick<Unserved, 'putBack'>

/** Queue `notifications`: one message, one attempt to deliver one event to one webhook. */
export const createHandler = (deps: Deps, log: Log): QueueFunction =>
  queueFunction(
    NotificationMessage,
    log,
    async (messages) => {
      await Promise.all(messages.map((message) => deliverWebhook({ ...deps, log }, message)))
    },
    deps,
  )
