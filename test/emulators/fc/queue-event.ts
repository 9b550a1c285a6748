import { randomUUID } from 'node:crypto'
import type { Account } from './context.ts'

/** A message as EventBridge tells of it (CloudEvents 1.0; samples of the manual lack some of the `aliyun…` attributes). */
const cloudEvent = ({ accountId, region }: Account, queue: string, messageBody: string): object => ({
  id: randomUUID(),
  source: 'acs:mns',
  specversion: '1.0',
  type: 'mns:Queue:SendMessage',
  datacontenttype: 'application/json; charset=utf-8',
  subject: `acs:mns:${region}:${accountId}:queues/${queue}`,
  time: new Date().toISOString(),
  aliyunaccountid: accountId,
  aliyunpublishtime: new Date().toISOString(),
  data: { requestId: randomUUID(), messageId: randomUUID(), messageBody },
})

/** The shapes in which the manual and its samples show a push. The first one holds a single message. */
const shapes: readonly ((events: readonly object[]) => unknown)[] = [
  (events) => (events.length === 1 ? events[0] : events),
  (events) => events,
  (events) => events.map((event) => JSON.stringify(event)),
]

const toBase64 = (body: string): string => Buffer.from(body).toString('base64')

/**
 * Bytes of the event for message bodies, in one documented shape after the other. What is not decoded (`decodes`) comes
 * as its sender has put it in, with and without base64.
 */
export const queueEvents = (
  account: Account,
  queue: string,
  decodes: boolean,
): ((bodies: readonly string[]) => Buffer) => {
  let pushes = 0
  return (bodies) => {
    pushes += 1
    const shape = shapes[pushes % shapes.length]
    const sent = bodies.map((body, index) => (decodes || (pushes + index) % 2 === 0 ? body : toBase64(body)))
    return Buffer.from(JSON.stringify(shape?.(sent.map((body) => cloudEvent(account, queue, body)))))
  }
}
