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

/** Bytes of the event for message bodies, in one documented shape after the other. */
export const queueEvents = (account: Account, queue: string): ((bodies: readonly string[]) => Buffer) => {
  let pushes = 0
  return (bodies) => {
    pushes += 1
    const shape = shapes[pushes % shapes.length]
    return Buffer.from(JSON.stringify(shape?.(bodies.map((body) => cloudEvent(account, queue, body)))))
  }
}
