import { type Result, decline } from '../model/failure.ts'
import type { Webhook } from '../model/webhook.ts'
import { webhookSecretOf } from '../notifications/webhook-secret.ts'
import type { Secret } from '../ports/secrets.ts'
import type { Webhooks } from '../ports/webhooks.ts'
import { keyUnavailable, unknownWebhook, webhookChanged } from './register-webhook.ts'

interface Deps {
  readonly webhooks: Pick<Webhooks, 'get' | 'put'>
  /** Key from which the secrets of webhooks are computed. */
  readonly webhookKey: () => Promise<Secret>
  readonly now: () => Date
}

export interface SecretRotation {
  readonly webhookId: string
  /** How long the old secret signs beside the new one, hours; 0: it does no more. */
  readonly overlapHours: number
}

/** A webhook and its new secret, which is shown once and kept nowhere. */
export interface RotatedSecret {
  readonly webhook: Webhook
  readonly secret: string
}

const hourMs = 3_600_000

/** A new version, and the one before it for the overlap: a receiver need never check more than two signatures. */
const versionsAfter = (newest: number, until: Date, now: Date): Webhook['secrets'] => {
  const added = { version: newest + 1, until: null }
  return until > now ? [added, { version: newest, until: until.toISOString() }] : [added]
}

/** Gives a webhook a new secret, which signs at once. */
export const rotateWebhookSecret = async (
  deps: Deps,
  { webhookId, overlapHours }: SecretRotation,
): Promise<Result<RotatedSecret>> => {
  const stored = await deps.webhooks.get(webhookId)
  if (!stored) return unknownWebhook(webhookId)
  const { format } = stored.definition
  if (format !== 'json') {
    return decline(
      'WEBHOOK_NOT_SIGNED',
      `Messages of the format ${format} carry no signature of this service. Change its token or signingSecret where they are kept.`,
    )
  }
  const key = await deps.webhookKey()
  if ('unavailable' in key) return keyUnavailable(key.unavailable)
  const now = deps.now()
  const newest = stored.secrets[0]?.version ?? 0
  const until = new Date(now.getTime() + overlapHours * hourMs)
  const webhook: Webhook = {
    ...stored,
    secrets: versionsAfter(newest, until, now),
    revision: stored.revision + 1,
    updatedAt: now.toISOString(),
  }
  if (!(await deps.webhooks.put(webhook, stored.revision))) return webhookChanged(webhookId)
  return { value: { webhook, secret: webhookSecretOf(key.value, webhookId, newest + 1) } }
}
