import type { DeliveryFailure } from '../model/delivery.ts'
import type { CallEnd } from '../model/traffic.ts'
import type { Webhook, WebhookDefinition } from '../model/webhook.ts'
import type { WebhookEvent } from '../events/event.ts'
import { mailOf } from '../formats/email.ts'
import { formats } from '../formats/catalogue.ts'
import { type Format, isSuccess } from '../formats/format.ts'
import type { Secret, Secrets } from '../../ports/secrets.ts'
import { recipientsOf } from '../model/recipients.ts'
import type { MailSender } from './mail-sender.ts'
import type { WebhookAnswer, WebhookSender } from './webhook-sender.ts'
import { addressOf, hideSecrets, resolveCallSecrets, secretsThatSign } from './call-secrets.ts'

/** What it takes to call a receiver. */
export interface CallDeps {
  readonly secrets: Secrets
  /** Key from which the secrets of webhooks are computed. */
  readonly webhookKey: () => Promise<Secret>
  /** The key before it, while both sign; null: there is none. */
  readonly previousWebhookKey: () => Promise<Secret | null>
  readonly sendWebhook: WebhookSender
  /** Null: no mail server is known. */
  readonly sendMail: MailSender | null
  /** Where the console is, without a slash at its end; null: nobody said. */
  readonly publicUrl: string | null
  /** Time for one call, ms. */
  readonly callLimitMs: number
  /** Time for one mail, ms. */
  readonly mailLimitMs: number
  readonly now: () => Date
}

/** What came of a call; `failure` is null if the receiver accepted the event. */
export interface CallOutcome {
  readonly status: number | null
  readonly failure: DeliveryFailure | null
  /** What the receiver asked for, ms. */
  readonly retryAfterMs: number | null
}

const noMailServer: DeliveryFailure = {
  code: 'NO_MAIL_SERVER',
  detail: 'The service knows no mail server (PRECHECK_SMTP_URL).',
}

const withoutAnswer = (failure: DeliveryFailure): CallOutcome => ({
  status: null,
  failure,
  retryAfterMs: null,
})

/** A receiver has accepted what it answered with 2xx, unless it is a robot that says otherwise. */
const judgeAnswer = (format: Format, { status, body, retryAfterMs }: Answered): CallOutcome => {
  if (status === 410) {
    return {
      status,
      failure: { code: 'GONE', detail: 'The receiver answered 410 Gone.' },
      retryAfterMs: null,
    }
  }
  const refusal = format.refusalOf(status, body)
  const waitMs = retryAfterMs ?? refusal?.retryAfterMs ?? null
  if (!isSuccess(status)) {
    const detail = `The receiver answered ${status}${refusal ? `, ${refusal.detail}` : ''}.`
    return { status, failure: { code: 'STATUS_REFUSED', detail }, retryAfterMs: waitMs }
  }
  if (!refusal) return { status, failure: null, retryAfterMs: null }
  return { status, failure: { code: 'ANSWER_REFUSED', detail: refusal.detail }, retryAfterMs: waitMs }
}

type Answered = Extract<WebhookAnswer, { readonly status: number }>

/** Some of the recipients have the mail: it is not sent to them again. */
const refusedBySome = (status: number, refused: number): CallOutcome => ({
  status,
  failure: {
    code: 'RECIPIENTS_REFUSED',
    detail: `The mail server refused ${refused} of the addresses; the others have the mail.`,
  },
  retryAfterMs: null,
})

/** Sends the mail of an event once. */
const sendByMail = async (
  { sendMail, publicUrl, mailLimitMs }: CallDeps,
  { url }: WebhookDefinition,
  event: WebhookEvent,
): Promise<CallOutcome> => {
  const to = recipientsOf(url)
  if (!sendMail || !to) return withoutAnswer(noMailServer)
  const answer = await sendMail({ ...mailOf(event, publicUrl), id: event.id, to, limitMs: mailLimitMs })
  if ('failure' in answer) return { ...answer, retryAfterMs: null }
  const { status, refused } = answer
  return refused > 0 ? refusedBySome(status, refused) : { status, failure: null, retryAfterMs: null }
}

/** Calls the receiver of a webhook once. Its secrets are resolved for this call alone. */
export const callReceiver = async (
  deps: CallDeps,
  webhook: Webhook,
  event: WebhookEvent,
): Promise<CallOutcome> => {
  const { definition } = webhook
  if (definition.format === 'email') return sendByMail(deps, definition, event)
  const format = formats[definition.format]
  const secrets = await resolveCallSecrets(deps, webhook)
  if ('code' in secrets) return withoutAnswer(secrets)
  const now = deps.now()
  const call = format.callOf({
    event,
    address: addressOf(webhook, secrets),
    secrets: secretsThatSign(webhook, secrets, now),
    signingSecret: secrets.signingSecret,
    now,
  })
  const answer = await deps.sendWebhook({ ...call, limitMs: deps.callLimitMs })
  if ('failure' in answer) return withoutAnswer(answer.failure)
  return judgeAnswer(format, { ...answer, body: hideSecrets(answer.body, secrets) })
}

/** The receiver could not be reached, or did not answer in time. */
const silent: readonly DeliveryFailure['code'][] = [
  'TIMED_OUT',
  'UNREACHABLE',
  'NAME_NOT_FOUND',
  'TLS_FAILED',
]

/** Failures that cost the receiver nothing. */
const notCalled: readonly DeliveryFailure['code'][] = [
  'SECRET_UNAVAILABLE',
  'ADDRESS_REFUSED',
  'NO_MAIL_SERVER',
]

/** What a call says of its receiver. */
export const callEndOf = ({ failure, retryAfterMs }: CallOutcome): CallEnd => {
  if (failure && silent.includes(failure.code)) return { kind: 'silent' }
  if (failure && notCalled.includes(failure.code)) return { kind: 'not_called' }
  return { kind: 'answered', retryAfterMs }
}
