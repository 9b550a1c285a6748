import type { DeliveryFailure } from '../model/delivery.ts'

/** One call of a receiver. */
export interface WebhookRequest {
  /** As it is called, secrets filled in. Never logged, never part of an answer. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For everything, from looking up the name to the last byte of the answer, ms. */
  readonly limitMs: number
}

/** What came of a call. `body` is what was read of it; `retryAfterMs` what the receiver asked for, if it did. */
export type WebhookAnswer =
  | { readonly status: number; readonly body: string; readonly retryAfterMs: number | null }
  | { readonly failure: DeliveryFailure }

/** Calls receivers. Never rejects, follows no redirect, connects to no address that is not allowed. */
export type WebhookSender = (request: WebhookRequest) => Promise<WebhookAnswer>
