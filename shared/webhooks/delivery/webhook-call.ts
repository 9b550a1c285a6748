import type { WebhookDefinition } from '../model/webhook.ts'
import type { WebhookEvent } from '../events/event.ts'
import { dingTalkBody } from '../formats/dingtalk.ts'
import { type FeishuProof, feishuBody } from '../formats/feishu.ts'
import { jsonBody } from '../formats/json.ts'
import { slackBody } from '../formats/slack.ts'
import { weComBody } from '../formats/wecom.ts'
import { dingTalkSignature, feishuSignature, standardSignature } from './signature.ts'

/** What a call is made of. */
export interface CallRequest {
  readonly definition: Pick<WebhookDefinition, 'format'>
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

const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000)

const headersOf = (contentType: string): Record<string, string> => ({
  'content-type': `${contentType}; charset=utf-8`,
  'user-agent': 'backup-precheck',
})

/** CloudEvents 1.0 over HTTP in the structured mode, signed as Standard Webhooks 1.0.0 say. */
const jsonCall = ({ event, address, secrets, now }: CallRequest): WebhookCall => {
  const body = jsonBody(event)
  const timestamp = secondsOf(now)
  return {
    url: address,
    headers: {
      ...headersOf('application/cloudevents+json'),
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': standardSignature(secrets, event.id, timestamp, body),
    },
    body,
  }
}

const dingTalkUrl = ({ address, signingSecret, now }: CallRequest): string => {
  if (signingSecret === null) return address
  const timestamp = now.getTime()
  const sign = encodeURIComponent(dingTalkSignature(signingSecret, timestamp))
  return `${address}${address.includes('?') ? '&' : '?'}timestamp=${timestamp}&sign=${sign}`
}

const feishuProof = ({ signingSecret, now }: CallRequest): FeishuProof | null => {
  if (signingSecret === null) return null
  const timestamp = secondsOf(now)
  return { timestamp: String(timestamp), sign: feishuSignature(signingSecret, timestamp) }
}

const robotCall = (url: string, body: string): WebhookCall => ({
  url,
  headers: headersOf('application/json'),
  body,
})

/** The call that tells an event to a webhook in its format. `url` and `body` may hold secrets: neither is for a log. */
export const webhookCall = (request: CallRequest): WebhookCall => {
  const { definition, event, address } = request
  switch (definition.format) {
    case 'json':
      return jsonCall(request)
    case 'dingtalk':
      return robotCall(dingTalkUrl(request), dingTalkBody(event))
    case 'feishu':
      return robotCall(address, feishuBody(event, feishuProof(request)))
    case 'wecom':
      return robotCall(address, weComBody(event))
    case 'slack':
      return robotCall(address, slackBody(event))
  }
}
