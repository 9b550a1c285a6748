import * as z from 'zod'
import { type Locale, Message, type Text, fill } from './message.ts'

/** The queues of the service. */
export const QueueName = z.enum(['checks', 'results', 'notifications'])
export type QueueName = z.infer<typeof QueueName>

/** Longer than every id: what a letter holds in its place is not one of ours. */
const maxIdLength = 128
const Id = z.string().min(1).max(maxIdLength)

/** What a message is about: ids, and nothing else of it, since messages hold addresses and user names. */
export const MessageSummary = z.strictObject({
  precheckId: Id.optional(),
  checkItem: Id.optional(),
  instanceId: Id.optional(),
  validationId: Id.optional(),
  webhookId: Id.optional(),
  sweepId: Id.optional(),
})
export type MessageSummary = Readonly<z.infer<typeof MessageSummary>>

const optionalId = Id.optional().catch(undefined)
const checkItemIn = z.object({ checkItem: optionalId }).optional().catch(undefined)

/** Where messages of every queue and version have ids. Whatever else is there is left out, so that nothing is refused. */
const About = z.object({
  precheckId: optionalId,
  checkItem: optionalId,
  instanceId: optionalId,
  validationId: optionalId,
  webhookId: optionalId,
  target: z.object({ instanceId: optionalId }).optional().catch(undefined),
  result: checkItemIn,
  part: checkItemIn,
  source: z.object({ precheckId: optionalId, sweepId: optionalId }).optional().catch(undefined),
})

/** What a message is about, as far as it can be told. */
export const summaryOf = (message: unknown): MessageSummary => {
  const about = About.safeParse(message).data ?? {}
  const ids = {
    precheckId: about.precheckId ?? about.source?.precheckId,
    checkItem: about.checkItem ?? about.result?.checkItem ?? about.part?.checkItem,
    instanceId: about.instanceId ?? about.target?.instanceId,
    validationId: about.validationId,
    webhookId: about.webhookId,
    sweepId: about.source?.sweepId,
  }
  return MessageSummary.parse(Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined)))
}

/** Messages that are told of one letter at most: a batch of results has no more. */
export const maxMessagesShown = 16

/** A message that a queue gave up, as an operator sees it. */
export const DeadLetter = z.strictObject({
  queue: QueueName,
  id: z.string().min(1),
  /** UTC. */
  at: z.iso.datetime(),
  /** Why it was given up; null where that stands in the log alone. */
  why: Message.nullable(),
  messages: z.array(MessageSummary).max(maxMessagesShown),
})
export type DeadLetter = Readonly<z.infer<typeof DeadLetter>>

/** Why a queue gives a message up. */
export const givenUpCodes = ['UNREADABLE', 'INVOCATION_FAILED', 'RECEIVED_TOO_OFTEN'] as const
export type GivenUpCode = (typeof givenUpCodes)[number]

const reasons: Readonly<Record<GivenUpCode, Text>> = {
  UNREADABLE: {
    en: 'It holds no message of this service, and cannot be sent again.',
    zh: '其中没有本服务的消息，无法重新投递。',
  },
  INVOCATION_FAILED: {
    en: 'The function failed every time it was invoked with it ({condition}).',
    zh: '函数每次处理该消息均失败（{condition}）。',
  },
  RECEIVED_TOO_OFTEN: {
    en: 'It was delivered {received} times without being completed.',
    zh: '该消息已投递 {received} 次，均未处理完成。',
  },
}

const isKnown = (code: string): code is GivenUpCode => Object.hasOwn(reasons, code)

/** Why a message was given up, in a language. A code of another version is shown as it is. */
export const renderGivenUp = ({ code, params }: Message, locale: Locale): string =>
  isKnown(code) ? fill(reasons[code], params, locale) : `${code} ${JSON.stringify(params)}`
