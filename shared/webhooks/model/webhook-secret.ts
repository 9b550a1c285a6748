import { createHmac } from 'node:crypto'
import type { WebhookId } from './webhook.ts'

/**
 * The secret that signs what a webhook is sent: `whsec_` and base64 of 32 bytes (Standard Webhooks 1.0.0 asks for 24 to
 * 64). It follows from the master key, so that it is stored nowhere; a rotation counts `version` up.
 */
export const webhookSecretOf = (masterKey: string, webhookId: WebhookId, version: number): string =>
  `whsec_${createHmac('sha256', masterKey).update(`${webhookId}/${version}`).digest('base64')}`
