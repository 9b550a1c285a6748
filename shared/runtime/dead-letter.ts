import * as z from 'zod'
import type { OpenLetter } from '../adapters/mns/mns-dead-letters.ts'
import { FailureRecord } from './failed-invocations.ts'
import { messageTexts } from './fc-event.ts'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Messages are JSON objects, in base64 or not. */
const Body = z.string().transform((body, context) => {
  const value = parsed(body) ?? parsed(Buffer.from(body, 'base64').toString('utf8'))
  if (typeof value === 'object' && value !== null) return value
  context.addIssue({ code: 'custom', message: 'no JSON' })
  return z.NEVER
})

const isObjects = (texts: readonly string[]): boolean => texts.every((text) => Body.safeParse(text).success)

/** The messages in the event of a queue trigger; null if it is none, or holds something else. */
const messagesInEvent = (event: unknown): readonly string[] | null => {
  try {
    const texts = messageTexts(event)
    return texts.length > 0 && isObjects(texts) ? texts : null
  } catch {
    return null
  }
}

const looksLikeEvent = (value: object): boolean => Array.isArray(value) || 'specversion' in value

const messagesIn = (value: object): readonly string[] | null =>
  looksLikeEvent(value) ? messagesInEvent(value) : [JSON.stringify(value)]

/**
 * Reads what is in a dead-letter queue: a message as it was sent, the event in which EventBridge delivered it, or what
 * Function Compute tells of an invocation with it that failed for good. `takesRecords`: such a record is a message of
 * this queue itself.
 */
export const letterReader =
  ({ takesRecords }: { readonly takesRecords: boolean }): OpenLetter =>
  (body) => {
    const value = Body.safeParse(body).data
    if (value === undefined) return { messages: null, condition: null }
    const record = takesRecords ? undefined : FailureRecord.safeParse(value).data
    if (!record) return { messages: messagesIn(value), condition: null }
    return {
      messages: messagesInEvent(parsed(record.requestPayload)),
      condition: record.requestContext.condition,
    }
  }
