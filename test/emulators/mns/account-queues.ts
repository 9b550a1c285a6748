import { type DlqPolicy, type QueueAttributes, defaultAttributes, writeAttributes } from './attributes.ts'
import { EmulatedQueue, type StoredMessage } from './queue.ts'
import { Refusal } from './refusal.ts'

/** What a queue tells of itself, beside its own attributes: seconds since 1970, and messages by state. */
interface QueueStatus {
  readonly CreateTime: number
  readonly LastModifyTime: number
  readonly ActiveMessages: number
  readonly InactiveMessages: number
  readonly DelayMessages: number
}

/** The queues of one account. Everything about a queue that is not there throws `QueueNotExist`. */
export interface AccountQueues {
  /** Whether the queue is new; one that exists with other attributes is refused. */
  readonly create: (name: string, attributes: Partial<QueueAttributes>) => boolean
  readonly change: (name: string, attributes: Partial<QueueAttributes>) => void
  readonly setDlqPolicy: (name: string, policy: DlqPolicy) => void
  readonly remove: (name: string) => void
  /** A queue with all the dead letters that are due to it. */
  readonly queue: (name: string) => EmulatedQueue
  readonly status: (name: string) => QueueStatus
  /** In order of their letters. */
  readonly names: () => string[]
}

const checkName = (name: string): void => {
  if (name.length > 120) throw new Refusal('QueueNameLengthError')
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name)) throw new Refusal('InvalidQueueName', name)
}

const sameAttributes = (one: QueueAttributes, other: QueueAttributes): boolean =>
  JSON.stringify(writeAttributes(one)) === JSON.stringify(writeAttributes(other))

/** Keeps queues in memory; `now` is the clock that messages live by. */
export const accountQueues = (now: () => number): AccountQueues => {
  const queues = new Map<string, EmulatedQueue>()

  const queueOf = (name: string): EmulatedQueue => {
    const queue = queues.get(name)
    if (!queue) throw new Refusal('QueueNotExist', name)
    return queue
  }

  const bury = (message: StoredMessage, policy: DlqPolicy): boolean => {
    const target = queues.get(policy.DeadLetterTargetQueue)
    target?.put({ ...message, dequeueCount: 0, firstDequeuedAt: 0, receiptHandle: '' })
    return target !== undefined
  }

  return {
    create: (name, stated) => {
      checkName(name)
      const attributes = { ...defaultAttributes, ...stated }
      const existing = queues.get(name)
      if (existing && !sameAttributes(existing.attributes, attributes)) {
        throw new Refusal('QueueAlreadyExist', name)
      }
      if (!existing) queues.set(name, new EmulatedQueue(name, attributes, now(), bury))
      return !existing
    },

    change: (name, attributes) => {
      const queue = queueOf(name)
      queue.attributes = { ...queue.attributes, ...attributes }
      queue.modifiedAt = now()
    },

    setDlqPolicy: (name, policy) => {
      if (policy.DeadLetterTargetQueue === name) {
        throw new Refusal('InvalidArgument', 'A queue cannot be its own dead-letter queue.')
      }
      queueOf(policy.DeadLetterTargetQueue)
      queueOf(name).dlqPolicy = policy
    },

    remove: (name) => {
      queues.delete(queueOf(name).name)
    },

    queue: (name) => {
      for (const source of queues.values()) {
        if (source.dlqPolicy?.DeadLetterTargetQueue === name) source.messages(now())
      }
      return queueOf(name)
    },

    status: (name) => {
      const queue = queueOf(name)
      const messages = queue.messages(now())
      const hidden = messages.filter(({ visibleAt }) => visibleAt > now())
      const delayed = hidden.filter(({ dequeueCount }) => dequeueCount === 0)
      return {
        CreateTime: Math.floor(queue.createdAt / 1000),
        LastModifyTime: Math.floor(queue.modifiedAt / 1000),
        ActiveMessages: messages.length - hidden.length,
        InactiveMessages: hidden.length - delayed.length,
        DelayMessages: delayed.length,
      }
    },

    names: () => [...queues.keys()].sort(),
  }
}
