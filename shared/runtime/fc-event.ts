import * as z from 'zod'

/** The part of Function Compute's context that handlers use (Function Compute 3.0 manual, "Context"). */
export interface FcContext {
  readonly requestId: string
  /** Temporary keys of the function's role; the host has none. */
  readonly credentials?: unknown
}

/**
 * A message of Simple Message Queue as its EventBridge trigger delivers it: a CloudEvent. Samples differ in the other
 * attributes, so only these are required.
 */
const QueueEvent = z.object({
  type: z.string(),
  data: z.object({ messageBody: z.union([z.string(), z.looseObject({})]) }),
})

/** The trigger delivers one CloudEvent, an array of them, or an array of CloudEvents as JSON strings. */
const eventsOf = (delivered: unknown): z.infer<typeof QueueEvent>[] => {
  if (!Array.isArray(delivered)) return [QueueEvent.parse(delivered)]
  return delivered.map((entry: unknown) =>
    QueueEvent.parse(typeof entry === 'string' ? JSON.parse(entry) : entry),
  )
}

/** Bodies are sent base64-encoded; the trigger decodes them unless it is configured not to, and may parse them too. */
const toText = (messageBody: string | object): string => {
  if (typeof messageBody === 'object') return JSON.stringify(messageBody)
  return messageBody.startsWith('{') ? messageBody : Buffer.from(messageBody, 'base64').toString('utf8')
}

const textOf = (event: Uint8Array): string =>
  Buffer.from(event.buffer, event.byteOffset, event.byteLength).toString('utf8')

/** The event of a trigger as a value: Function Compute hands in its bytes, the host the event itself. */
export const eventOf = (event: unknown): unknown =>
  event instanceof Uint8Array ? JSON.parse(textOf(event)) : event

/** The bodies of the messages in the event of a queue trigger. Throws if it is of none of the documented shapes. */
export const messageTexts = (event: unknown): string[] =>
  eventsOf(eventOf(event)).map(({ data }) => toText(data.messageBody))

/** The event that the queue trigger makes of message bodies, for the host that stands in for it. */
export const queueEvent = (queue: string, bodies: readonly string[]): z.infer<typeof QueueEvent>[] =>
  bodies.map((messageBody) => ({
    specversion: '1.0',
    type: 'mns:Queue:SendMessage',
    source: 'precheck-host',
    subject: queue,
    datacontenttype: 'application/json; charset=utf-8',
    data: { messageBody },
  }))
