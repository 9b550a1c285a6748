import type { AccountQueues } from './account-queues.ts'
import type { Answer } from './answer.ts'
import { numberIn, readAttributes, writeAttributes } from './attributes.ts'
import type { EmulatedQueue, OutgoingMessage, StoredMessage } from './queue.ts'
import { Refusal, type RefusalCode } from './refusal.ts'
import { type Action, type ReadRequest, readMessage } from './request.ts'
import type { Content, Element } from './xml.ts'

/** What a fault may change about an effect. */
export interface Effects {
  /** Messages are stored twice when sent, and stay visible when received. */
  readonly duplicate: boolean
  /** Entries of a batch, by position, that fail with a code. */
  readonly failing: ReadonlyMap<number, RefusalCode>
}

/** The most that one batch may hold (manual, "Limits"). */
const batchLimit = { messages: 16, bytes: 65_536 }

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

/** The XML interface of an account's queues. `baseUrl` is how they are named in answers; `now` is the clock of messages. */
export const xmlInterface = (queues: AccountQueues, baseUrl: () => string, now: () => number) => {
  const urlOf = (name: string): string => `${baseUrl()}/queues/${name}`

  const createQueue = ({ queue: name, root }: ReadRequest): Answer => {
    const isNew = queues.create(name, root ? readAttributes(root) : {})
    return { status: isNew ? 201 : 204, headers: { location: urlOf(name) } }
  }

  const setAttributes = ({ queue: name, root }: ReadRequest): Answer => {
    if (!root) throw new Refusal('MalformedXML')
    queues.change(name, readAttributes(root))
    return { status: 204 }
  }

  const describe = ({ queue: name }: ReadRequest): Answer => {
    const { attributes } = queues.queue(name)
    const status = Object.entries(queues.status(name))
    return {
      status: 200,
      document: ['Queue', [['QueueName', name], ...status, ...writeAttributes(attributes)]],
    }
  }

  const listQueues = ({ headers }: ReadRequest): Answer => {
    const limit = numberIn('x-mns-ret-number', String(headers['x-mns-ret-number'] ?? 1000))
    const prefix = String(headers['x-mns-prefix'] ?? '')
    const after = String(headers['x-mns-marker'] ?? '')
    const names = queues.names().filter((name) => name.startsWith(prefix) && name > after)
    const page = names.slice(0, limit)
    const urls = page.map((name): [string, Content] => ['Queue', [['QueueURL', urlOf(name)]]])
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
    const queue = queues.queue(name)
    if (!root) throw new Refusal('MalformedXML')
    const message = readMessage(root)
    checkSize(queue, message)
    return { status: 201, document: ['Message', sent(store(queue, message, effects))] }
  }

  const batchSend = ({ queue: name, root }: ReadRequest, effects: Effects): Answer => {
    const queue = queues.queue(name)
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
    const queue = queues.queue(request.queue)
    const messages = queue.receive(batchSize(request), now(), effects.duplicate)
    return delivered(messages, received, request.query.has('numOfMessages'))
  }

  const peek = (request: ReadRequest): Answer => {
    const queue = queues.queue(request.queue)
    return delivered(queue.peek(batchSize(request), now()), peeked, request.query.has('numOfMessages'))
  }

  const changeVisibility = ({ queue: name, query }: ReadRequest): Answer => {
    const queue = queues.queue(name)
    const receiptHandle = parameter(query, 'ReceiptHandle', 'MissingReceiptHandle')
    const seconds = parameter(query, 'VisibilityTimeout', 'MissingVisibilityTimeout')
    const message = queue.changeVisibility(receiptHandle, numberIn('VisibilityTimeout', seconds), now())
    const content: Content = [
      ['ReceiptHandle', message.receiptHandle],
      ['NextVisibleTime', message.visibleAt],
    ]
    return { status: 200, document: ['ChangeVisibility', content] }
  }

  const deleteMessage = ({ queue: name, query }: ReadRequest): Answer => {
    const queue = queues.queue(name)
    queue.remove(parameter(query, 'ReceiptHandle', 'MissingReceiptHandle'), now())
    return { status: 204 }
  }

  const batchDelete = ({ queue: name, root }: ReadRequest, { failing }: Effects): Answer => {
    const queue = queues.queue(name)
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
    GetQueueAttributes: describe,
    DeleteQueue: ({ queue }) => {
      queues.remove(queue)
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

  return (request: ReadRequest, effects: Effects): Answer => actions[request.action](request, effects)
}
