import * as z from 'zod'
import { clip } from '../events/plain-text.ts'
import { type Format, type Refusal, type WebhookCall, headersOf, isSuccess } from './format.ts'

/** The call that tells a robot: it is signed, if at all, in its address or its body. */
export const robotCall = (url: string, body: string): WebhookCall => ({
  url,
  headers: headersOf('application/json'),
  body,
})

/** An answer that a robot is not known to give: only a known answer counts as accepted. */
export const unknownAnswer = (name: string): Refusal => ({
  detail: `${name}: not an answer of a robot`,
  retryAfterMs: null,
})

/** DingTalk and WeCom answer `errcode`; Feishu answers `code`, and `StatusCode` in older versions. */
const CodedAnswer = z
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

/** Characters of what the robot says. */
const maxDetailLength = 200

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/**
 * Why a robot did not accept a message, where robots answer 200 with an error code in the body. `pauses`: its codes of
 * "too many messages", and for how long, ms.
 */
export const codedRefusal =
  (name: string, pauses: Readonly<Record<number, number>>): Format['refusalOf'] =>
  (status, body) => {
    const answer = CodedAnswer.safeParse(parseJson(body))
    if (!answer.success) return unknownAnswer(name)
    const { code, message = '' } = answer.data
    if (code === 0 && isSuccess(status)) return null
    return {
      detail: clip(`${name} ${code}: ${message}`, maxDetailLength),
      retryAfterMs: pauses[code] ?? null,
    }
  }
