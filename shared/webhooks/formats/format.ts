import type { WebhookEvent } from '../events/event.ts'

/** What a call is made of. */
export interface CallRequest {
  readonly event: WebhookEvent
  /** The url of the webhook with its token filled in. */
  readonly address: string
  /** `whsec_…`, newest first; they sign the format json. */
  readonly secrets: readonly string[]
  /** What a robot of DingTalk or Feishu checks signatures with; null for one that checks none. */
  readonly signingSecret: string | null
  /** Signatures hold from now on for minutes, or for an hour: each attempt is signed anew. */
  readonly now: Date
}

/** One POST, ready to be sent. */
export interface WebhookCall {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Why a receiver did not accept a message; `retryAfterMs`: after which time to try again, if it says so. */
export interface Refusal {
  readonly detail: string
  readonly retryAfterMs: number | null
}

/** How an event is sent to one kind of receiver. */
export interface Format {
  /** The call that sends an event. Its `url` and `body` may hold secrets: neither is for a log. */
  readonly callOf: (request: CallRequest) => WebhookCall
  /** Why the receiver did not accept it, as far as its answer says more than its status; null if it did. */
  readonly refusalOf: (status: number, body: string) => Refusal | null
}

/** Whole seconds since 1970. */
export const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000)

/** Headers of every call. */
export const headersOf = (contentType: string): Record<string, string> => ({
  'content-type': `${contentType}; charset=utf-8`,
  'user-agent': 'backup-precheck',
})

/** The status says that the receiver accepted a message. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300
