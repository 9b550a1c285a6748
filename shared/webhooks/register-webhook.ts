import { type SecretRules, referenceRefusal } from '../model/connections/secret-rules.ts'
import { type Declined, type Result, decline } from '../model/failure.ts'
import { type WebhookRules, urlRefusal } from './model/address.ts'
import type { Webhook, WebhookDefinition } from './model/webhook.ts'
import { webhookSecretOf } from './model/webhook-secret.ts'
import { listAll } from '../ports/documents.ts'
import type { Secret } from '../ports/secrets.ts'
import { type Webhooks, maxWebhooks } from './stores.ts'

interface CreateDeps {
  readonly webhooks: Pick<Webhooks, 'list' | 'put'>
  readonly webhookRules: WebhookRules
  readonly secretRules: SecretRules
  /** Key from which the secrets of webhooks are computed. */
  readonly webhookKey: () => Promise<Secret>
  readonly newWebhookId: () => string
  readonly now: () => Date
}

/** A webhook and its secret, which is shown once and kept nowhere; null for robots, whose secrets their owner gives. */
export interface CreatedWebhook {
  readonly webhook: Webhook
  readonly secret: string | null
}

const firstVersion = 1

type Rules = Pick<CreateDeps, 'webhookRules' | 'secretRules'>

const mailRefusal = ({ hasMailServer }: WebhookRules): string | null =>
  hasMailServer ? null : 'No e-mail is sent: the operator has to name a mail server with PRECHECK_SMTP_URL.'

const definitionRefusal = (
  { url, format, token, signingSecret }: WebhookDefinition,
  { webhookRules, secretRules }: Rules,
): Declined<'WEBHOOK_REFUSED' | 'SECRET_REFUSED'> | null => {
  const refusal = format === 'email' ? mailRefusal(webhookRules) : urlRefusal(url, webhookRules)
  if (refusal !== null) return decline('WEBHOOK_REFUSED', refusal)
  for (const reference of [token, signingSecret]) {
    const why = reference === undefined ? null : referenceRefusal(reference, secretRules)
    if (why !== null)
      return decline('SECRET_REFUSED', {
        en: `The secret cannot be read from ${reference}: ${why}.`,
        zh: `无法从 ${reference} 读取密码：${why}。`,
      })
  }
  return null
}

/** Why no secret can be made. Never shows the key itself. */
export const keyUnavailable = (why: string): Declined<'WEBHOOK_KEY_UNAVAILABLE'> =>
  decline('WEBHOOK_KEY_UNAVAILABLE', {
    en: `The key of the webhook secrets cannot be read: ${why}.`,
    zh: `无法读取 Webhook 签名密钥的主密钥：${why}。`,
  })

export const unknownWebhook = (webhookId: string): Declined<'WEBHOOK_NOT_FOUND'> =>
  decline('WEBHOOK_NOT_FOUND', {
    en: `No webhook has the id ${webhookId}.`,
    zh: `没有 ID 为 ${webhookId} 的 Webhook。`,
  })

export const webhookChanged = (webhookId: string): Declined<'WEBHOOK_CHANGED'> =>
  decline('WEBHOOK_CHANGED', {
    en: `${webhookId} has changed in the meantime. Read it again and repeat the change.`,
    zh: `${webhookId} 已被修改。请重新读取后再次修改。`,
  })

/** The first secret of a webhook; null where the format has none. */
const firstSecret = async (
  { webhookKey }: Pick<CreateDeps, 'webhookKey'>,
  id: string,
  { format }: WebhookDefinition,
): Promise<Result<string | null, 'WEBHOOK_KEY_UNAVAILABLE'>> => {
  if (format !== 'json') return { value: null }
  const key = await webhookKey()
  if ('unavailable' in key) return keyUnavailable(key.unavailable)
  return { value: webhookSecretOf(key.value, id, firstVersion) }
}

type NotCreated =
  | 'WEBHOOK_REFUSED'
  | 'SECRET_REFUSED'
  | 'WEBHOOKS_TOO_MANY'
  | 'WEBHOOK_KEY_UNAVAILABLE'
  | 'WEBHOOK_CHANGED'

/** Registers a webhook. */
export const createWebhook = async (
  deps: CreateDeps,
  definition: WebhookDefinition,
): Promise<Result<CreatedWebhook, NotCreated>> => {
  const refusal = definitionRefusal(definition, deps)
  if (refusal) return refusal
  if ((await listAll(deps.webhooks)).length >= maxWebhooks) {
    return decline('WEBHOOKS_TOO_MANY', {
      en: `There are already ${maxWebhooks} webhooks, the maximum. Delete one that is not needed.`,
      zh: `已有 ${maxWebhooks} 个 Webhook，达到上限。请删除不需要的。`,
    })
  }
  const id = deps.newWebhookId()
  const secret = await firstSecret(deps, id, definition)
  if ('failure' in secret) return secret
  const now = deps.now().toISOString()
  const webhook: Webhook = {
    id,
    definition,
    secrets: [{ version: firstVersion, until: null }],
    stopped: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  }
  if (!(await deps.webhooks.put(id, webhook, 0))) return webhookChanged(id)
  return { value: { webhook, secret: secret.value } }
}

interface ChangeDeps {
  readonly webhooks: Pick<Webhooks, 'get' | 'put'>
  readonly webhookRules: WebhookRules
  readonly secretRules: SecretRules
  readonly now: () => Date
}

/** A change of a webhook. `expectedRevision`: the revision that the caller saw last, if it says so. */
export interface WebhookChange {
  readonly webhookId: string
  readonly definition: WebhookDefinition
  readonly expectedRevision?: number | undefined
}

/** Replaces the definition of a webhook. One that was stopped is called again. */
export const changeWebhook = async (
  deps: ChangeDeps,
  { webhookId, definition, expectedRevision }: WebhookChange,
): Promise<
  Result<Webhook, 'WEBHOOK_REFUSED' | 'SECRET_REFUSED' | 'WEBHOOK_NOT_FOUND' | 'WEBHOOK_CHANGED'>
> => {
  const refusal = definitionRefusal(definition, deps)
  if (refusal) return refusal
  const stored = await deps.webhooks.get(webhookId)
  if (!stored) return unknownWebhook(webhookId)
  const { document: known, revision } = stored
  if (expectedRevision !== undefined && expectedRevision !== revision) return webhookChanged(webhookId)
  const webhook: Webhook = {
    ...known,
    definition,
    stopped: null,
    revision: known.revision + 1,
    updatedAt: deps.now().toISOString(),
  }
  return (await deps.webhooks.put(webhookId, webhook, revision))
    ? { value: webhook }
    : webhookChanged(webhookId)
}
