import type * as z from 'zod'

/** When a message may be delivered at the earliest, whole seconds from now. */
export interface SendOptions {
  readonly delaySeconds?: number
}

/** The sending end of a queue. Delivery is at least once, in no order. A resolved send is durable. */
export interface Queue<Message> {
  readonly send: (messages: readonly Message[], options?: SendOptions) => Promise<void>
}

/** What a queue delivers, and how messages are made of it: a queue may have to carry one in several pieces. */
export interface Incoming<Delivered, Message> {
  /** What is delivered passes it. */
  readonly schema: z.ZodType<Delivered>
  /** The messages that are whole by now. What has to wait for other pieces is kept durably when it resolves. */
  readonly assemble: (delivered: readonly Delivered[]) => Promise<readonly Message[]>
}

/** Messages that come whole. */
export const wholeMessages = <Message>(schema: z.ZodType<Message>): Incoming<Message, Message> => ({
  schema,
  assemble: async (delivered) => delivered,
})

/** One delivery of a message. `received` counts deliveries of the message, this one included. */
export interface Delivery {
  readonly receipt: string
  readonly body: string
  readonly received: number
}

/** The receiving end, where no trigger pushes. What is not acknowledged within the visibility timeout is delivered again. */
export interface QueueConsumer {
  /** Takes up to `max` messages; waits up to `waitMs` for the first one. */
  readonly receive: (max: number, waitMs: number) => Promise<readonly Delivery[]>
  readonly acknowledge: (receipts: readonly string[]) => Promise<void>
  /** Gives a message back, to be delivered again after `delayMs`. */
  readonly postpone: (receipt: string, delayMs: number) => Promise<void>
}
