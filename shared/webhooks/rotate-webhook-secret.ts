import { msPerHour } from '../model/durations.ts'
import { type Result, decline } from '../model/failure.ts'
import { type Webhook, maxSecrets } from './model/webhook.ts'
import { webhookSecretOf } from './model/webhook-secret.ts'
import type { Secret } from '../ports/secrets.ts'
import type { Webhooks } from './stores.ts'
import { keyUnavailable, unknownWebhook, webhookChanged } from './register-webhook.ts'

interface Deps {
  readonly webhooks: Pick<Webhooks, 'get' | 'put'>
  /** Key from which the secrets of webhooks are computed. */
  readonly webhookKey: () => Promise<Secret>
  readonly now: () => Date
}

export interface SecretRotation {
  readonly webhookId: string
  /** How long the old secrets sign beside the new one at most, hours; 0: not at all. */
  readonly overlapHours: number
}

/** A webhook and its new secret, which is shown once and kept nowhere. */
export interface RotatedSecret {
  readonly webhook: Webhook
  readonly secret: string
}

/** The versions before a new one: each signs until the overlap is over, or its own one is. */
const olderAfter = (known: Webhook['secrets'], overlap: Date, now: Date): Webhook['secrets'] =>
  known.flatMap(({ version, until }) => {
    const end = new Date(Math.min(overlap.getTime(), until === null ? Infinity : Date.parse(until)))
    return end > now ? { version, until: end.toISOString() } : []
  })

type NotRotated = 'WEBHOOK_NOT_FOUND' | 'WEBHOOK_NOT_SIGNED' | 'WEBHOOK_KEY_UNAVAILABLE' | 'WEBHOOK_CHANGED'

/** Gives a webhook a new secret, which signs at once. */
export const rotateWebhookSecret = async (
  deps: Deps,
  { webhookId, overlapHours }: SecretRotation,
): Promise<Result<RotatedSecret, NotRotated>> => {
  const stored = await deps.webhooks.get(webhookId)
  if (!stored) return unknownWebhook(webhookId)
  const { document: known, revision } = stored
  const { format } = known.definition
  if (format !== 'json') {
    return decline('WEBHOOK_NOT_SIGNED', {
      en: `Webhooks of the format ${format} are not signed with a secret of this service. Change token or signingSecret where they are stored.`,
      zh: `${format} 格式的 Webhook 不用本服务的密钥签名。请在保存 token 或 signingSecret 的地方更换。`,
    })
  }
  const key = await deps.webhookKey()
  if ('unavailable' in key) return keyUnavailable(key.unavailable)
  const now = deps.now()
  const overlap = new Date(now.getTime() + overlapHours * msPerHour)
  const version = (known.secrets[0]?.version ?? 0) + 1
  const older = olderAfter(known.secrets, overlap, now)
  const webhook: Webhook = {
    ...known,
    secrets: [{ version, until: null }, ...older].slice(0, maxSecrets),
    revision: known.revision + 1,
    updatedAt: now.toISOString(),
  }
  if (!(await deps.webhooks.put(webhookId, webhook, revision))) return webhookChanged(webhookId)
  return { value: { webhook, secret: webhookSecretOf(key.value, webhookId, version) } }
}
