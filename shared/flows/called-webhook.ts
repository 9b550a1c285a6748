import { type Result, decline } from '../model/failure.ts'
import type { Webhook } from '../model/webhook.ts'
import type { Webhooks } from '../ports/webhooks.ts'
import { unknownWebhook } from './register-webhook.ts'

/** Reads a webhook that is called at present: nothing can be sent to one that its owner or the service has turned off. */
export const calledWebhook = async (
  { webhooks }: { readonly webhooks: Pick<Webhooks, 'get'> },
  webhookId: string,
): Promise<Result<Webhook>> => {
  const webhook = await webhooks.get(webhookId)
  if (!webhook) return unknownWebhook(webhookId)
  const { stopped, definition } = webhook
  if (stopped) {
    return decline(
      'WEBHOOK_DISABLED',
      `The receiver of ${webhookId} answered 410 Gone at ${stopped.at}. Change the webhook, and it is called again.`,
    )
  }
  if (!definition.enabled) {
    return decline('WEBHOOK_DISABLED', `${webhookId} is disabled. Set "enabled" to true first.`)
  }
  return { value: webhook }
}
