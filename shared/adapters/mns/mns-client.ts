import type { Answer, default as Sdk } from '@alicloud/mns'
import * as z from 'zod'
import { type Credentials, type CredentialsSource, withCredentials } from '../alibaba-cloud/credentials.ts'
import type { QueueContents } from '../../ports/queue-contents.ts'
import { type RetryPolicy, defaultRetryPolicy, withRetries } from '../alibaba-cloud/retry.ts'
import { MnsError, isCredentialRefusal, isTransient, mnsErrorOf } from './mns-error.ts'

/** Where the queues of an account are, and how they are asked. */
export interface MnsSettings {
  readonly accountId: string
  readonly region: string
  /** An address of its own, with its scheme: an internal one, say. By default the public one of the region, over HTTPS. */
  readonly endpoint?: string
  readonly credentials: CredentialsSource
  /** Time for an answer, ms; a long poll has its waiting time on top. */
  readonly timeoutMs?: number
  readonly retry?: RetryPolicy
}

/** A message that was received. `receiptHandle` is good until its visibility timeout. */
export interface ReceivedMessage {
  readonly receiptHandle: string
  readonly body: string
  /** Times that it was received, this one included. */
  readonly dequeueCount: number
}

/** A message that was looked at. */
export interface PeekedMessage {
  readonly id: string
  readonly body: string
  readonly enqueuedAt: Date
}

/** What became of one message of a batch: null when it is stored. */
export type EntryFailure = MnsError | null

/** A receipt that a batch could not delete. */
interface DeleteFailure {
  readonly receiptHandle: string
  readonly error: MnsError
}

/** The requests that the adapters make, typed. Everything rejects with `MnsError`. Nothing is repeated but by `retrying`. */
export interface MnsClient {
  readonly sendMessage: (queue: string, body: string, delaySeconds: number) => Promise<void>
  /** Answers in the order of `bodies`. */
  readonly batchSendMessage: (
    queue: string,
    bodies: readonly string[],
    delaySeconds: number,
  ) => Promise<readonly EntryFailure[]>
  readonly batchReceiveMessage: (
    queue: string,
    count: number,
    waitSeconds: number,
  ) => Promise<readonly ReceivedMessage[]>
  /** The first messages that nobody has taken, `count` (16 at most) of them; takes none. */
  readonly batchPeekMessage: (queue: string, count: number) => Promise<readonly PeekedMessage[]>
  readonly batchDeleteMessage: (
    queue: string,
    receiptHandles: readonly string[],
  ) => Promise<readonly DeleteFailure[]>
  /** How many messages are in a queue, approximately. */
  readonly countMessages: (queue: string) => Promise<Omit<QueueContents, 'oldestWaitsMs'>>
  readonly changeMessageVisibility: (queue: string, receiptHandle: string, seconds: number) => Promise<void>
  /** Repeats a call while what it fails with may pass. */
  readonly retrying: <Value>(call: () => Promise<Value>) => Promise<Value>
}

/** The most that one batch may hold: messages, and bytes of their bodies together (manual, "Limits"). */
export const batchLimits = { messages: 16, bytes: 65_536 } as const

const SentMessage = z.object({ MessageId: z.string().min(1) })
const FailedMessage = z.object({ ErrorCode: z.string().min(1) })
const SentMessages = z.array(z.union([SentMessage, FailedMessage]))
const ReceivedMessages = z.array(
  z.object({
    MessageBody: z.string(),
    ReceiptHandle: z.string().min(1),
    DequeueCount: z.coerce.number().int().positive(),
  }),
)
const PeekedMessages = z.array(
  z.object({
    MessageId: z.string().min(1),
    MessageBody: z.string(),
    EnqueueTime: z.coerce.number().transform((time) => new Date(time)),
  }),
)
const DeleteErrors = z.array(z.object({ ErrorCode: z.string(), ReceiptHandle: z.string() }))
/** "GetQueueAttributes": those that can be received, those that somebody holds, and those that wait for their delay. */
const MessageCounts = z.object({
  ActiveMessages: z.coerce.number().int().nonnegative(),
  InactiveMessages: z.coerce.number().int().nonnegative(),
  DelayMessages: z.coerce.number().int().nonnegative(),
})
const ChangedVisibility = z.object({ ReceiptHandle: z.string() })

const readAnswer = <Value>(schema: z.ZodType<Value>, { body }: Answer<unknown>, action: string): Value => {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new MnsError('AnswerUnusable', action, { cause: parsed.error })
}

/**
 * A client of Simple Message Queue. Credentials are asked for before every request; when the service refuses them, the
 * source is asked once more, in case they ended on the way. Connections are kept alive and shared by the SDK.
 */
export const mnsClient = (settings: MnsSettings): MnsClient => {
  const { accountId, region, endpoint, timeoutMs = 10_000, retry = defaultRetryPolicy } = settings

  const sdkWith = async (credentials: Credentials, waitMs: number): Promise<Sdk> => {
    // Loaded when first used: most invocations of the API and of the collector send nothing.
    const { default: Client } = await import('@alicloud/mns')
    return new Client(accountId, {
      ...credentials,
      region,
      ...(endpoint && { endpoint }),
      secure: true,
      readTimeout: timeoutMs + waitMs,
      // Not only for connecting: a socket that is silent for so long is closed, so it must outlast a long poll.
      connectTimeout: timeoutMs + waitMs,
    })
  }

  const ask = async (
    action: string,
    call: (sdk: Sdk) => Promise<Answer<unknown>>,
    credentials: Credentials,
    waitMs: number,
  ): Promise<Answer<unknown>> => {
    try {
      return await call(await sdkWith(credentials, waitMs))
    } catch (fault) {
      throw mnsErrorOf(fault, action)
    }
  }

  const request = (
    action: string,
    call: (sdk: Sdk) => Promise<Answer<unknown>>,
    waitMs = 0,
  ): Promise<Answer<unknown>> =>
    withCredentials(settings.credentials, isCredentialRefusal, (credentials) =>
      ask(action, call, credentials, waitMs),
    )

  /** Null for an empty queue, which is no fault. */
  const requestOrNone = async (
    action: string,
    waitMs: number,
    call: (sdk: Sdk) => Promise<Answer<unknown>>,
  ): Promise<Answer<unknown> | null> => {
    try {
      return await request(action, call, waitMs)
    } catch (fault) {
      if (fault instanceof MnsError && fault.code === 'MessageNotExist') return null
      throw fault
    }
  }

  return {
    sendMessage: async (queue, body, delaySeconds) => {
      const message = { MessageBody: body, DelaySeconds: delaySeconds }
      const answer = await request('SendMessage', (sdk) => sdk.sendMessage(queue, message))
      readAnswer(SentMessage, answer, 'SendMessage')
    },

    batchSendMessage: async (queue, bodies, delaySeconds) => {
      const messages = bodies.map((body) => ({ MessageBody: body, DelaySeconds: delaySeconds }))
      const answer = await request('BatchSendMessage', (sdk) => sdk.batchSendMessage(queue, messages))
      const entries = readAnswer(SentMessages.length(bodies.length), answer, 'BatchSendMessage')
      return entries.map((entry) =>
        'ErrorCode' in entry ? new MnsError(entry.ErrorCode, 'BatchSendMessage') : null,
      )
    },

    batchReceiveMessage: async (queue, count, waitSeconds) => {
      const answer = await requestOrNone('BatchReceiveMessage', waitSeconds * 1000, (sdk) =>
        // The number 0 would be left out of the request, and the queue's own waiting time would hold.
        sdk.batchReceiveMessage(queue, count, `${waitSeconds}`),
      )
      return (answer ? readAnswer(ReceivedMessages, answer, 'BatchReceiveMessage') : []).map((message) => ({
        receiptHandle: message.ReceiptHandle,
        body: message.MessageBody,
        dequeueCount: message.DequeueCount,
      }))
    },

    batchPeekMessage: async (queue, count) => {
      const answer = await requestOrNone('BatchPeekMessage', 0, (sdk) => sdk.batchPeekMessage(queue, count))
      return (answer ? readAnswer(PeekedMessages, answer, 'BatchPeekMessage') : []).map((message) => ({
        id: message.MessageId,
        body: message.MessageBody,
        enqueuedAt: message.EnqueueTime,
      }))
    },

    batchDeleteMessage: async (queue, receiptHandles) => {
      const answer = await request('BatchDeleteMessage', (sdk) =>
        sdk.batchDeleteMessage(queue, receiptHandles),
      )
      if (answer.code === 204) return []
      return readAnswer(DeleteErrors, answer, 'BatchDeleteMessage').map(({ ErrorCode, ReceiptHandle }) => ({
        receiptHandle: ReceiptHandle,
        error: new MnsError(ErrorCode, 'BatchDeleteMessage'),
      }))
    },

    countMessages: async (queue) => {
      const answer = await request('GetQueueAttributes', (sdk) => sdk.getQueueAttributes(queue))
      const counts = readAnswer(MessageCounts, answer, 'GetQueueAttributes')
      return {
        waiting: counts.ActiveMessages,
        taken: counts.InactiveMessages,
        delayed: counts.DelayMessages,
      }
    },

    changeMessageVisibility: async (queue, receiptHandle, seconds) => {
      const answer = await request('ChangeMessageVisibility', (sdk) =>
        sdk.changeMessageVisibility(queue, receiptHandle, seconds),
      )
      readAnswer(ChangedVisibility, answer, 'ChangeMessageVisibility')
    },

    retrying: (call) => withRetries(retry, isTransient, call),
  }
}
