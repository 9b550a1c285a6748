import * as z from 'zod'
import { msPerMinute } from '../../model/durations.ts'
import type { WebhookFormat } from '../model/webhook.ts'
import { clip } from '../events/plain-text.ts'

/** Why a robot did not accept a message; `retryAfterMs`: after which time to try again, if it says so. */
export interface RobotRefusal {
  readonly detail: string
  readonly retryAfterMs: number | null
}

/** DingTalk and WeCom answer `errcode`; Feishu answers `code`, and `StatusCode` in older versions. */
const RobotAnswer = z
  .union([
    z.object({ errcode: z.int(), errmsg: z.string().optional() }),
    z.object({ code: z.int(), msg: z.string().optional() }),
    z.object({ StatusCode: z.int(), StatusMessage: z.string().optional() }),
  ])
  .transform((answer) => {
    if ('errcode' in answer) return { code: answer.errcode, message: answer.errmsg }
    if ('code' in answer) return { code: answer.code, message: answer.msg }
    return { code: answer.StatusCode, message: answer.StatusMessage }
  })

/**
 * Codes of "too many messages", and for how long. DingTalk accepts 20 a minute and is silent for ten minutes after more
 * ("Custom robot access"); WeCom accepts 20 a minute, Feishu 100 a minute and 5 a second.
 */
const pauses: Readonly<Record<Exclude<WebhookFormat, 'json'>, Readonly<Record<string, number>>>> = {
  dingtalk: { 130101: 10 * msPerMinute },
  wecom: { 45009: msPerMinute },
  feishu: { 11232: msPerMinute, 9499: msPerMinute },
  slack: { rate_limited: msPerMinute },
}

/** Characters of what the robot says. */
const maxDetailLength = 200

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300

const unknownAnswer = (format: WebhookFormat): RobotRefusal => ({
  detail: `${format}: not an answer of a robot`,
  retryAfterMs: null,
})

/** Slack answers in a word or two, such as `invalid_payload` or `No service`. Other answers do not belong in a log. */
const slackAnswer = /^[A-Za-z_ ]{1,64}$/

const slackRefusal = (status: number, body: string): RobotRefusal | null => {
  const text = body.trim()
  if (isSuccess(status) && text === 'ok') return null
  if (!slackAnswer.test(text)) return unknownAnswer('slack')
  return { detail: `slack: ${text}`, retryAfterMs: pauses.slack[text] ?? null }
}

/**
 * Why a robot did not accept a message: robots answer 200 with an error code in the body. Null if it did, and for the
 * format json, whose receivers answer by their status alone. Only a known answer counts as accepted.
 */
export const robotRefusal = (format: WebhookFormat, status: number, body: string): RobotRefusal | null => {
  if (format === 'json') return null
  if (format === 'slack') return slackRefusal(status, body)
  const answer = RobotAnswer.safeParse(parseJson(body))
  if (!answer.success) return unknownAnswer(format)
  const { code, message = '' } = answer.data
  if (code === 0 && isSuccess(status)) return null
  return {
    detail: clip(`${format} ${code}: ${message}`, maxDetailLength),
    retryAfterMs: pauses[format][code] ?? null,
  }
}
