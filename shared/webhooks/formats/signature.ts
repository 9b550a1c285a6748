import { createHmac } from 'node:crypto'

const secretPrefix = 'whsec_'

const hmac = (key: string | Buffer, message: string): string =>
  createHmac('sha256', key).update(message).digest('base64')

/**
 * Value of the header `webhook-signature` (Standard Webhooks 1.0.0): a signature for each secret, so that a receiver
 * may hold either of them while they are rotated. Secrets are `whsec_` and base64.
 */
export const standardSignature = (
  secrets: readonly string[],
  id: string,
  timestampSeconds: number,
  body: string,
): string =>
  secrets
    .map((secret) => Buffer.from(secret.slice(secretPrefix.length), 'base64'))
    .map((key) => `v1,${hmac(key, `${id}.${timestampSeconds}.${body}`)}`)
    .join(' ')

/**
 * Signature that a custom robot of DingTalk checks ("Custom robot security settings"), base64, not yet encoded for a
 * URL. It holds for an hour.
 */
export const dingTalkSignature = (secret: string, timestampMs: number): string =>
  hmac(secret, `${timestampMs}\n${secret}`)

/**
 * Signature that a custom bot of Feishu checks ("Custom bot usage guide"). Time and secret are the key here, and the
 * message is empty. It holds for an hour.
 */
export const feishuSignature = (secret: string, timestampSeconds: number): string =>
  hmac(`${timestampSeconds}\n${secret}`, '')
