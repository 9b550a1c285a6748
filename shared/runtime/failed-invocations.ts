import * as z from 'zod'
import { CheckItemId } from '../model/finding.ts'
import { InstanceId } from '../model/instance.ts'
import { notJudged } from '../model/item-result.ts'
import { PrecheckId } from '../model/precheck.ts'
import type { ResultMessage } from '../model/queue-messages.ts'
import { ValidationId } from '../model/validation.ts'
import type { Incoming } from '../ports/queue.ts'
import { messageTexts } from './fc-event.ts'

/** The text of a condition is the platform's, and shown in results: it is a name, and nothing longer is of use. */
const maxConditionLength = 100

/** Of a message of `checks`, what it takes to end what it asked for. */
const LostCheck = z.object({
  precheckId: PrecheckId,
  checkItem: CheckItemId,
  together: z.array(CheckItemId).default([]),
  followers: z.array(CheckItemId).default([]),
  followersTogether: z.array(CheckItemId).default([]),
})
const LostValidation = z.object({
  kind: z.literal('validate'),
  validationId: ValidationId,
  target: z.object({ instanceId: InstanceId }),
})
const LostMessages = z.array(z.union([LostValidation, LostCheck]))

/**
 * What Function Compute tells of an asynchronous invocation that failed for good ("Result callback", Function Compute
 * manual). `requestPayload`: the event of the invocation, as text; `timestamp`: ms since 1970.
 */
export const FailureRecord = z.object({
  timestamp: z.number(),
  requestContext: z.object({
    requestId: z.string(),
    condition: z.string().transform((text) => text.slice(0, maxConditionLength)),
    approximateInvokeCount: z.number(),
  }),
  requestPayload: z.string(),
})
type FailureRecord = z.infer<typeof FailureRecord>

/** The results of what an invocation of `run-check` was about. */
export interface FailedInvocation {
  readonly kind: 'failed-invocation'
  readonly results: readonly ResultMessage[]
}

const endOf = (
  { timestamp, requestContext }: FailureRecord,
  lost: z.infer<typeof LostMessages>,
): ResultMessage[] => {
  const { condition, approximateInvokeCount: attempts, requestId } = requestContext
  const problem = { code: 'CHECKER_FAILED', params: { condition, attempts, requestId } }
  const startedAt = new Date(timestamp).toISOString()
  return lost.flatMap((message): ResultMessage[] => {
    if ('kind' in message) {
      const { validationId, target } = message
      return [
        { kind: 'validation', validationId, instanceId: target.instanceId, result: { problem, missing: [] } },
      ]
    }
    const { precheckId, checkItem, together, followers, followersTogether } = message
    return [checkItem, ...together, ...followers, ...followersTogether].map((item) => ({
      kind: 'result',
      precheckId,
      result: notJudged(item, 'error', problem, startedAt, 0),
    }))
  })
}

/** Bodies of the messages in an event; null if it is none of a queue. */
const bodiesIn = (payload: string): unknown[] | null => {
  try {
    return messageTexts(JSON.parse(payload)).map((text): unknown => JSON.parse(text))
  } catch {
    return null
  }
}

const FailedInvocation = FailureRecord.transform((record, context): FailedInvocation => {
  const { data, error } = LostMessages.safeParse(bodiesIn(record.requestPayload))
  if (!data) {
    context.addIssue({ code: 'custom', message: `the failed event holds no message: ${error.message}` })
    return z.NEVER
  }
  return { kind: 'failed-invocation', results: endOf(record, data) }
})

/**
 * Takes what is told of failed invocations of `run-check` beside its results, so that what they were about ends at once
 * and not at the deadline.
 */
export const withFailedInvocations = <Delivered extends { readonly kind: string }>({
  schema,
  assemble,
}: Incoming<Delivered, ResultMessage>): Incoming<Delivered | FailedInvocation, ResultMessage> => ({
  schema: z.union([schema, FailedInvocation]),
  assemble: async (delivered) => {
    const isFailed = (each: Delivered | FailedInvocation): each is FailedInvocation =>
      each.kind === 'failed-invocation'
    const whole = await assemble(delivered.filter((each): each is Delivered => !isFailed(each)))
    return [...whole, ...delivered.filter(isFailed).flatMap(({ results }) => results)]
  },
})
