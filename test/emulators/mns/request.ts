import type { WireRequest } from './authentication.ts'
import { numberIn } from './attributes.ts'
import type { OutgoingMessage } from './queue.ts'
import { Refusal } from './refusal.ts'
import { type Element, XmlMalformed, namespace, parseXml } from './xml.ts'

/** What a request asks for, by the names that RAM policies use after `mns:`. */
export type Action =
  | 'CreateQueue'
  | 'GetQueueAttributes'
  | 'SetQueueAttributes'
  | 'DeleteQueue'
  | 'ListQueue'
  | 'SendMessage'
  | 'BatchSendMessage'
  | 'ReceiveMessage'
  | 'BatchReceiveMessage'
  | 'PeekMessage'
  | 'BatchPeekMessage'
  | 'ChangeMessageVisibility'
  | 'DeleteMessage'
  | 'BatchDeleteMessage'

/** A request, read. `queue` is empty for `ListQueue`. */
export interface ReadRequest {
  readonly action: Action
  readonly queue: string
  /** Path of what it is about, as RAM policies name it after region and account. */
  readonly resource: string
  readonly query: ReadonlyMap<string, string>
  readonly headers: WireRequest['headers']
  readonly root: Element | null
}

/** Parameters that the query of an action may hold. */
const parameters: Readonly<Record<Action, readonly string[]>> = {
  CreateQueue: [],
  GetQueueAttributes: [],
  SetQueueAttributes: ['metaoverride'],
  DeleteQueue: [],
  ListQueue: [],
  SendMessage: [],
  BatchSendMessage: [],
  ReceiveMessage: ['waitseconds'],
  BatchReceiveMessage: ['waitseconds', 'numOfMessages'],
  PeekMessage: ['peekonly'],
  BatchPeekMessage: ['peekonly', 'numOfMessages'],
  ChangeMessageVisibility: ['ReceiptHandle', 'VisibilityTimeout'],
  DeleteMessage: ['ReceiptHandle'],
  BatchDeleteMessage: [],
}

const decodeValue = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new Refusal('InvalidQueryString', value)
  }
}

/** Official clients write some names in two ways. */
const spellings: Readonly<Record<string, string>> = {
  receiptHandle: 'ReceiptHandle',
  visibilityTimeout: 'VisibilityTimeout',
}

// Handles end in "=", and the SDK encodes nothing: a value begins at the first "=" and ends at "&".
const readQuery = (search: string): Map<string, string> => {
  const query = new Map<string, string>()
  for (const part of search.split('&').filter(Boolean)) {
    const [spelling = '', ...value] = part.split('=')
    const name = spellings[spelling] ?? spelling
    if (query.has(name)) throw new Refusal('InvalidQueryString', name)
    query.set(name, decodeValue(value.join('=')))
  }
  return query
}

const readBody = ({ headers, body }: WireRequest): Element | null => {
  if (body.length === 0) return null
  if (!/^(text|application)\/xml\b/.test(headers['content-type'] ?? ''))
    throw new Refusal('InvalidContentType')
  try {
    const root = parseXml(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (root.namespace?.replace(/\/$/, '') !== namespace.replace(/\/$/, '')) {
      throw new Refusal('MalformedXML', `<${root.name}> is of another namespace`)
    }
    return root
  } catch (fault) {
    if (fault instanceof XmlMalformed || fault instanceof TypeError) {
      throw new Refusal('MalformedXML', fault.message)
    }
    throw fault
  }
}

const messagesAction = (method: string, query: ReadonlyMap<string, string>, root: Element | null): Action => {
  switch (method) {
    case 'POST':
      return root?.name === 'Messages' ? 'BatchSendMessage' : 'SendMessage'
    case 'PUT':
      return 'ChangeMessageVisibility'
    case 'DELETE':
      return query.has('ReceiptHandle') || !root ? 'DeleteMessage' : 'BatchDeleteMessage'
    case 'GET': {
      const isBatch = query.has('numOfMessages')
      if (query.get('peekonly') === 'true') return isBatch ? 'BatchPeekMessage' : 'PeekMessage'
      return isBatch ? 'BatchReceiveMessage' : 'ReceiveMessage'
    }
    default:
      throw new Refusal('InvalidRequestURL', method)
  }
}

const queueAction = (method: string, query: ReadonlyMap<string, string>): Action => {
  switch (method) {
    case 'PUT':
      return query.get('metaoverride') === 'true' ? 'SetQueueAttributes' : 'CreateQueue'
    case 'GET':
      return 'GetQueueAttributes'
    case 'DELETE':
      return 'DeleteQueue'
    default:
      throw new Refusal('InvalidRequestURL', method)
  }
}

/** Reads what a request asks for; throws a `Refusal` for what no client of the service sends. */
export const readRequest = (request: WireRequest): ReadRequest => {
  const [path = '', search = ''] = request.path.split('?')
  const route = /^\/queues(?:\/(?<queue>[^/]+)(?<messages>\/messages)?)?$/.exec(path)?.groups
  if (!route) throw new Refusal('InvalidRequestURL', path)
  const { queue = '', messages } = route
  const query = readQuery(search)
  const root = readBody(request)
  if (!queue && request.method !== 'GET') throw new Refusal('InvalidRequestURL', request.method)
  const ofQueue = queue ? queueAction : () => 'ListQueue' as const
  const action = messages ? messagesAction(request.method, query, root) : ofQueue(request.method, query)
  for (const name of query.keys()) {
    if (!parameters[action].includes(name)) throw new Refusal('InvalidQueryString', name)
  }
  return { action, queue, resource: path, query, headers: request.headers, root }
}

const defaultPriority = 8

/** Reads `<Message>` as it is sent. */
export const readMessage = (element: Element): OutgoingMessage => {
  if (element.name !== 'Message') throw new Refusal('MalformedXML', `<${element.name}> is no <Message>`)
  let body: string | undefined
  let delaySeconds: number | undefined
  let priority = defaultPriority
  for (const { name, text, children } of element.children) {
    if (children.length > 0) throw new Refusal('MalformedXML', `<${name}> holds text alone`)
    if (name === 'MessageBody') body = text
    else if (name === 'DelaySeconds') delaySeconds = numberIn('DelaySeconds', text)
    else if (name === 'Priority') priority = numberIn('Priority', text)
    else throw new Refusal('MalformedXML', `<${name}> is no part of a message`)
  }
  if (!body) throw new Refusal('InvalidArgument', 'MessageBody is required.')
  return { body, priority, ...(delaySeconds !== undefined && { delaySeconds }) }
}
