import type { DeliveryFailure } from '../model/delivery.ts'
import { type Webhook, type WebhookDefinition, tokenPlaceholder } from '../model/webhook.ts'
import { webhookSecretOf } from '../model/webhook-secret.ts'
import type { Secret, Secrets } from '../../ports/secrets.ts'

interface Deps {
  readonly secrets: Secrets
  /** Key from which the secrets of webhooks are computed. */
  readonly webhookKey: () => Promise<Secret>
  /** The key before it, while both sign; null: there is none. */
  readonly previousWebhookKey: () => Promise<Secret | null>
}

/** Secrets of a webhook in clear, null where it has none: they live for the length of one call, and are never logged or stored. */
export interface CallSecrets {
  readonly token: string | null
  readonly signingSecret: string | null
  /** Keys of the secrets that sign the format json, the current one first. */
  readonly masterKeys: readonly string[]
}

const none = { value: null }

const notOneToken = [
  'it contains characters that robot tokens do not have, such as "/" or a space',
  `the secret is only what replaces ${tokenPlaceholder}; the rest of the address belongs in url`,
].join('; ')

const secretUnavailable = (which: string, why: string): DeliveryFailure => ({
  code: 'SECRET_UNAVAILABLE',
  detail: `${which}: ${why}.`,
})

/** What all robot tokens consist of. Tokens of the format json are free, and percent-encoded. */
const robotToken = /^[\w.~-]+$/

const isTokenFor = ({ format }: WebhookDefinition, token: string | null): boolean =>
  token === null || format === 'json' || robotToken.test(token)

/** Resolves what a call needs, or says which secret is not available. */
export const resolveCallSecrets = async (
  { secrets, webhookKey, previousWebhookKey }: Deps,
  { definition }: Webhook,
): Promise<CallSecrets | DeliveryFailure> => {
  const isSigned = definition.format === 'json'
  const [token, signingSecret, masterKey, previousKey] = await Promise.all([
    definition.token ? secrets.resolve(definition.token) : none,
    definition.signingSecret ? secrets.resolve(definition.signingSecret) : none,
    isSigned ? webhookKey() : none,
    isSigned ? previousWebhookKey() : null,
  ])
  if ('unavailable' in token) return secretUnavailable('token', token.unavailable)
  if (!isTokenFor(definition, token.value)) return secretUnavailable('token', notOneToken)
  if ('unavailable' in signingSecret) return secretUnavailable('signingSecret', signingSecret.unavailable)
  if ('unavailable' in masterKey)
    return secretUnavailable('the key of the webhook secrets', masterKey.unavailable)
  if (previousKey && 'unavailable' in previousKey)
    return secretUnavailable('the previous key of the webhook secrets', previousKey.unavailable)
  const masterKeys = [masterKey.value, previousKey?.value ?? null].filter((key) => key !== null)
  return { token: token.value, signingSecret: signingSecret.value, masterKeys }
}

/** Secrets that sign at this time, newest first: several while they, or the key that they follow from, are rotated. */
export const secretsThatSign = (
  { id, secrets }: Webhook,
  { masterKeys }: CallSecrets,
  now: Date,
): readonly string[] =>
  secrets
    .filter(({ until }) => until === null || Date.parse(until) > now.getTime())
    .flatMap(({ version }) => masterKeys.map((key) => webhookSecretOf(key, id, version)))

/** The address as it is called. */
export const addressOf = ({ definition: { url } }: Webhook, { token }: CallSecrets): string =>
  token === null ? url : url.replaceAll(tokenPlaceholder, () => encodeURIComponent(token))

/** Characters. Shorter ones are not secret, and may be words of the answer. */
const minHiddenLength = 8

/** What a receiver said, without the secrets that it may have repeated. */
export const hideSecrets = (text: string, { token, signingSecret }: CallSecrets): string =>
  [token, token && encodeURIComponent(token), signingSecret]
    .flatMap((secret) => (secret !== null && secret.length >= minHiddenLength ? [secret] : []))
    .reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text)
