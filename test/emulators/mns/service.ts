import {
  type DlqPolicy,
  type QueueAttributes,
  defaultAttributes,
  numberIn,
  readAttributes,
  writeAttributes,
} from './attributes.ts'
import { EmulatedQueue, type OutgoingMessage, type StoredMessage } from './queue.ts'
import { Refusal, type RefusalCode } from './refusal.ts'
import { type Action, type ReadRequest, readMessage } from './request.ts'
import type { Content, Element } from './xml.ts'

/** An answer before it is written. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly document?: readonly [root: string, content: Content]
}

/** What a fault may change about an effect. */
export interface Effects {
  /** Messages are stored twice when sent, and stay visible when received. */
  readonly duplicate: boolean
  /** Entries of a batch, by position, that fail with a code. */
  readonly failing: ReadonlyMap<number, RefusalCode>
}

/** The most that one batch may hold (manual, "Limits"). */
const batchLimit = { messages: 16, bytes: 65_536 }

/** The queues of one account. */
export interface MnsService {
  readonly answer: (request: ReadRequest, effects: Effects) => Answer
  readonly queue: (name: string) => EmulatedQueue
  readonly setDlqPolicy: (name: string, policy: DlqPolicy) => void
}

const checkName = (name: string): void => {
  if (name.length > 120) throw new Refusal('QueueNameLengthError')
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name)) throw new Refusal('InvalidQueueName', name)
}

const sameAttributes = (one: QueueAttributes, other: QueueAttributes): boolean =>
  JSON.stringify(writeAttributes(one)) === JSON.stringify(writeAttributes(other))

const failure = (code: RefusalCode): [string, Content][] => [
  ['ErrorCode', code],
  ['ErrorMessage', code],
]

const sent = (message: StoredMessage): [string, Content][] => [
  ['MessageId', message.id],
  ['MessageBodyMD5', message.bodyMd5],
  ...(message.receiptHandle ? [['ReceiptHandle', message.receiptHandle] satisfies [string, Content]] : []),
]

const peeked = (message: StoredMessage): [string, Content][] => [
  ['MessageId', message.id],
  ['MessageBodyMD5', message.bodyMd5],
  ['MessageBody', message.body],
  ['EnqueueTime', message.enqueuedAt],
  ['FirstDequeueTime', message.firstDequeuedAt],
  ['DequeueCount', message.dequeueCount],
  ['Priority', message.priority],
]

const received = (message: StoredMessage): [string, Content][] => [
  ...peeked(message),
  ['ReceiptHandle', message.receiptHandle],
  ['NextVisibleTime', message.visibleAt],
]

/** One message, or several in their list; `MessageNotExist` when there is none. */
const delivered = (
  messages: readonly StoredMessage[],
  write: (message: StoredMessage) => [string, Content][],
  isBatch: boolean,
): Answer => {
  const [first] = messages
  if (!first) throw new Refusal('MessageNotExist')
  if (!isBatch) return { status: 200, document: ['Message', write(first)] }
  return { status: 200, document: ['Messages', messages.map((message) => ['Message', write(message)])] }
}

const entriesOf = (root: Element | null, list: string, entry: string): readonly Element[] => {
  const entries = root?.name === list ? root.children : []
  if (entries.length === 0 || entries.some(({ name }) => name !== entry)) {
    throw new Refusal('MalformedXML', `<${list}> holds <${entry}>`)
  }
  if (entries.length > batchLimit.messages) {
    throw new Refusal('InvalidArgument', `The value of ${list} should be between 1 and 16.`)
  }
  return entries
}

const parameter = (query: ReadonlyMap<string, string>, name: string, missing: RefusalCode): string => {
  const value = query.get(name)
  if (!value) throw new Refusal(missing)
  return value
}

/** Keeps queues in memory. `baseUrl` is how they are named in answers; `now` is the clock that messages live by. */
export const mnsService = (baseUrl: () => string, now: () => number): MnsService => {
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

  /** Messages become dead letters when somebody looks: at their own queue, or at the one that buries them. */
  const lookAtSources = (name: string): void => {
    for (const queue of queues.values()) {
      if (queue.dlqPolicy?.DeadLetterTargetQueue === name) queue.messages(now())
    }
  }

  const createQueue = ({ queue: name, root }: ReadRequest): Answer => {
    checkName(name)
    const attributes = { ...defaultAttributes, ...(root && readAttributes(root)) }
    const existing = queues.get(name)
    if (existing && !sameAttributes(existing.attributes, attributes)) {
      throw new Refusal('QueueAlreadyExist', name)
    }
    const headers = { location: `${baseUrl()}/queues/${name}` }
    if (existing) return { status: 204, headers }
    queues.set(name, new EmulatedQueue(name, attributes, now(), bury))
    return { status: 201, headers }
  }

  const setAttributes = ({ queue: name, root }: ReadRequest): Answer => {
    const queue = queueOf(name)
    if (!root) throw new Refusal('MalformedXML')
    queue.attributes = { ...queue.attributes, ...readAttributes(root) }
    queue.modifiedAt = now()
    return { status: 204 }
  }

  const describe = (queue: EmulatedQueue): [string, Content][] => {
    const at = now()
    const messages = queue.messages(at)
    const active = messages.filter(({ visibleAt }) => visibleAt <= at).length
    const delayed = messages.filter(
      ({ visibleAt, dequeueCount }) => visibleAt > at && dequeueCount === 0,
    ).length
    return [
      ['QueueName', queue.name],
      ['CreateTime', Math.floor(queue.createdAt / 1000)],
      ['LastModifyTime', Math.floor(queue.modifiedAt / 1000)],
      ...writeAttributes(queue.attributes),
      ['ActiveMessages', active],
      ['InactiveMessages', messages.length - active - delayed],
      ['DelayMessages', delayed],
    ]
  }

  const listQueues = ({ headers }: ReadRequest): Answer => {
    const limit = numberIn('x-mns-ret-number', String(headers['x-mns-ret-number'] ?? 1000))
    const prefix = String(headers['x-mns-prefix'] ?? '')
    const after = String(headers['x-mns-marker'] ?? '')
    const names = [...queues.keys()].sort().filter((name) => name.startsWith(prefix) && name > after)
    const page = names.slice(0, limit)
    const urls = page.map((name): [string, Content] => [
      'Queue',
      [['QueueURL', `${baseUrl()}/queues/${name}`]],
    ])
    const marker: [string, Content][] = names.length > limit ? [['NextMarker', page.at(-1) ?? '']] : []
    return { status: 200, document: ['Queues', [...urls, ...marker]] }
  }

  const checkSize = ({ attributes }: EmulatedQueue, { body }: OutgoingMessage): number => {
    const bytes = Buffer.byteLength(body)
    if (bytes > attributes.MaximumMessageSize) {
      throw new Refusal('InvalidArgument', `MessageBody is above ${attributes.MaximumMessageSize} bytes.`)
    }
    return bytes
  }

  const store = (queue: EmulatedQueue, message: OutgoingMessage, effects: Effects): StoredMessage => {
    if (effects.duplicate) queue.send(message, now())
    return queue.send(message, now())
  }

  const sendMessage = ({ queue: name, root }: ReadRequest, effects: Effects): Answer => {
    const queue = queueOf(name)
    if (!root) throw new Refusal('MalformedXML')
    const message = readMessage(root)
    checkSize(queue, message)
    return { status: 201, document: ['Message', sent(store(queue, message, effects))] }
  }

  const batchSend = ({ queue: name, root }: ReadRequest, effects: Effects): Answer => {
    const queue = queueOf(name)
    const messages = entriesOf(root, 'Messages', 'Message').map(readMessage)
    const bytes = messages.reduce((sum, message) => sum + checkSize(queue, message), 0)
    if (bytes > batchLimit.bytes) throw new Refusal('InvalidArgument', 'Messages are above 65536 bytes.')
    const entries = messages.map((message, index): [string, Content] => {
      const code = effects.failing.get(index)
      return ['Message', code ? failure(code) : sent(store(queue, message, effects))]
    })
    return { status: effects.failing.size > 0 ? 500 : 201, document: ['Messages', entries] }
  }

  const batchSize = ({ query }: ReadRequest): number =>
    numberIn('numOfMessages', query.get('numOfMessages') ?? '1')

  const receive = (request: ReadRequest, effects: Effects): Answer => {
    const queue = queueOf(request.queue)
    lookAtSources(request.queue)
    const messages = queue.receive(batchSize(request), now(), effects.duplicate)
    return delivered(messages, received, request.query.has('numOfMessages'))
  }

  const peek = (request: ReadRequest): Answer => {
    const queue = queueOf(request.queue)
    lookAtSources(request.queue)
    return delivered(queue.peek(batchSize(request), now()), peeked, request.query.has('numOfMessages'))
  }

  const changeVisibility = ({ queue: name, query }: ReadRequest): Answer => {
    const queue = queueOf(name)
    const receiptHandle = parameter(query, 'receiptHandle', 'MissingReceiptHandle')
    const seconds = parameter(query, 'visibilityTimeout', 'MissingVisibilityTimeout')
    const message = queue.changeVisibility(receiptHandle, numberIn('VisibilityTimeout', seconds), now())
    const content: Content = [
      ['ReceiptHandle', message.receiptHandle],
      ['NextVisibleTime', message.visibleAt],
    ]
    return { status: 200, document: ['ChangeVisibility', content] }
  }

  const deleteMessage = ({ queue: name, query }: ReadRequest): Answer => {
    const queue = queueOf(name)
    queue.remove(parameter(query, 'ReceiptHandle', 'MissingReceiptHandle'), now())
    return { status: 204 }
  }

  const batchDelete = ({ queue: name, root }: ReadRequest, { failing }: Effects): Answer => {
    const queue = queueOf(name)
    const handles = entriesOf(root, 'ReceiptHandles', 'ReceiptHandle').map(({ text }) => text)
    const errors = handles.flatMap((receiptHandle, index): [string, Content][] => {
      try {
        const code = failing.get(index)
        if (code) throw new Refusal(code)
        queue.remove(receiptHandle, now())
        return []
      } catch (fault) {
        if (!(fault instanceof Refusal)) throw fault
        return [['Error', [...failure(fault.code), ['ReceiptHandle', receiptHandle]]]]
      }
    })
    return errors.length > 0 ? { status: 404, document: ['Errors', errors] } : { status: 204 }
  }

  const actions: Readonly<Record<Action, (request: ReadRequest, effects: Effects) => Answer>> = {
    CreateQueue: createQueue,
    SetQueueAttributes: setAttributes,
    GetQueueAttributes: ({ queue }) => ({ status: 200, document: ['Queue', describe(queueOf(queue))] }),
    DeleteQueue: ({ queue }) => {
      queues.delete(queueOf(queue).name)
      return { status: 204 }
    },
    ListQueue: listQueues,
    SendMessage: sendMessage,
    BatchSendMessage: batchSend,
    ReceiveMessage: receive,
    BatchReceiveMessage: receive,
    PeekMessage: peek,
    BatchPeekMessage: peek,
    ChangeMessageVisibility: changeVisibility,
    DeleteMessage: deleteMessage,
    BatchDeleteMessage: batchDelete,
  }

  return {
    answer: (request, effects) => actions[request.action](request, effects),
    queue: (name) => {
      lookAtSources(name)
      return queueOf(name)
    },
    setDlqPolicy: (name, policy) => {
      if (policy.DeadLetterTargetQueue === name) {
        throw new Refusal('InvalidArgument', 'A queue cannot be its own dead-letter queue.')
      }
      queueOf(policy.DeadLetterTargetQueue)
      queueOf(name).dlqPolicy = policy
    },
  }
}
