import * as z from 'zod'
import { defaultRetryDelaysMs } from '../webhooks/delivery/delivery-schedule.ts'
import type { WebhookRules } from '../webhooks/model/address.ts'
import { mailLimitMs } from './mail-settings.ts'
import { NetworkList } from './settings.ts'

/** Time for one call of a receiver, ms. Standard Webhooks 1.0.0 advise 15 to 30 s; what takes longer than this takes too long for many. */
const callLimitMs = 10_000

/** What every delivery goes by. */
export const deliveryLimits = {
  callLimitMs,
  mailLimitMs,
  retryDelaysMs: defaultRetryDelaysMs,
  random: Math.random,
} as const

/** Settings of which addresses a webhook may have. */
export const webhookVariables = {
  PRECHECK_WEBHOOK_HTTP: z.stringbool().default(false),
  PRECHECK_WEBHOOK_NETWORKS: NetworkList.default([]),
}

/** What they come to. */
export const webhookRulesOf = (
  variables: z.output<z.ZodObject<typeof webhookVariables>>,
  mailServer: unknown,
): WebhookRules => ({
  hasMailServer: mailServer !== null,
  allowHttp: variables.PRECHECK_WEBHOOK_HTTP,
  allowedNetworks: variables.PRECHECK_WEBHOOK_NETWORKS,
})

/** Where the key is that was the key of the webhook secrets before, while both sign; `none`: there is none. */
export const PreviousKey = (allowed: RegExp) =>
  z
    .string()
    .refine((text) => text === 'none' || allowed.test(text), 'must be none, or as PRECHECK_WEBHOOK_KEY')
    .default('none')
    .transform((text) => (text === 'none' ? undefined : text))

/** Where the keys of the webhook secrets are, and with the password of the mail server as secrets that nobody else may refer to. */
export const webhookKeysOf = <Key extends string | undefined>(
  webhookKey: Key,
  previousWebhookKey: string | undefined,
  mailPassword: string | null,
) => ({
  webhookKey,
  previousWebhookKey,
  keptSecrets: [webhookKey, previousWebhookKey, mailPassword ?? undefined].filter(
    (secret) => secret !== undefined,
  ),
})
