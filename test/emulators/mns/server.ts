import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authorize } from '../principal.ts'
import { type DlqPolicy, numberIn } from './attributes.ts'
import { type KnownPrincipal, type WireRequest, authenticate } from './authentication.ts'
import { Refusal, type RefusalCode } from './refusal.ts'
import { type Action, type ReadRequest, readRequest } from './request.ts'
import { type Answer, type Effects, mnsService } from './service.ts'
import { toXml } from './xml.ts'

/** An account and who may use it. */
export interface MnsAccount {
  readonly accountId: string
  readonly accessKeys: readonly KnownPrincipal[]
  readonly region?: string
  /** The clock that messages and security tokens live by, ms; the real one by default. */
  readonly now?: () => number
  /** Everybody may do everything by default. */
  readonly authorize?: Authorize
}

/** What goes wrong with one request. */
export type Fault =
  /** Refused before any effect. */
  | { readonly refuse: RefusalCode }
  /** Answered by something in front of the service, before any effect. */
  | { readonly answer: { readonly status: number; readonly contentType: string; readonly body: string } }
  /** The connection ends without an answer, before or after the effect. */
  | { readonly drop: 'before' | 'after' }
  /** Sent messages are stored twice; received messages stay visible and come again. */
  | { readonly duplicate: true }
  /** Entries of a batch, by position, that fail; the others do not. */
  | { readonly failEntries: readonly number[]; readonly code: RefusalCode }
  /** No answer for that long, ms; then as usual. */
  | { readonly delayMs: number }

/** A request that a fault may be chosen for. */
export interface SeenRequest {
  readonly action: Action
  readonly queue: string
  /** Name of who signed. */
  readonly principal: string
}

/** A local stand-in for Simple Message Queue. */
export interface MnsEmulator {
  readonly port: number
  readonly endpoint: string
  /** Requests since the start or the last reset, by action; refused ones count too. */
  usage(): Readonly<Partial<Record<Action, number>>>
  resetUsage(): void
  /** Connections that were opened since the start. */
  connections(): number
  /** Lets a handler choose a fault for each request that was understood and signed; `undefined` ends that. */
  onRequest(handler: ((request: SeenRequest) => Fault | undefined) | undefined): void
  /** Bodies of the messages that a queue keeps, as they were sent. */
  bodies(queue: string): readonly string[]
  /** Sets what the XML interface cannot: the dead-letter policy of a queue. */
  setDlqPolicy(queue: string, policy: DlqPolicy): void
  /** Replaces the keys that are known. */
  setAccessKeys(keys: readonly KnownPrincipal[]): void
  close(): Promise<void>
}

/** How often a long poll looks for what became due, ms; a message that is sent wakes it at once. */
const lookAgainMs = 10

/** The event that wakes the long polls of a queue. */
const sentTo = (queue: string): string => `sent to ${queue}`

const noEffects: Effects = { duplicate: false, failing: new Map() }

const effectsOf = (fault: Fault | undefined): Effects => {
  if (!fault) return noEffects
  if ('duplicate' in fault) return { ...noEffects, duplicate: true }
  if (!('failEntries' in fault)) return noEffects
  return { ...noEffects, failing: new Map(fault.failEntries.map((index) => [index, fault.code])) }
}

const readWire = async (request: IncomingMessage): Promise<WireRequest> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const { method = '', url = '', headers } = request
  return { method, path: url, headers, body: Buffer.concat(chunks) }
}

const write = (response: ServerResponse, host: string, { status, headers, document }: Answer): void => {
  const requestId = randomUUID()
  response.writeHead(status, {
    'x-mns-request-id': requestId,
    'x-mns-version': '2015-06-06',
    ...(document && { 'content-type': 'text/xml;charset=utf-8' }),
    ...headers,
  })
  if (!document) {
    response.end()
    return
  }
  const [root, content] = document
  const isError = root === 'Error' && typeof content === 'object'
  const full = isError ? [...content, ['RequestId', requestId] as const, ['HostId', host] as const] : content
  response.end(toXml(root, full))
}

const refused = ({ status, code, message }: Refusal): Answer => ({
  status,
  document: [
    'Error',
    [
      ['Code', code],
      ['Message', message],
    ],
  ],
})

/** Starts the emulator on 127.0.0.1; port 0 takes a free one. */
export const startMns = async (
  { accountId, accessKeys, region = 'cn-hangzhou', now = Date.now, authorize = () => true }: MnsAccount,
  { port = 0 }: { readonly port?: number } = {},
): Promise<MnsEmulator> => {
  let keys = accessKeys
  let chooseFault: ((request: SeenRequest) => Fault | undefined) | undefined
  const counts = new Map<Action, number>()
  const sends = new EventEmitter().setMaxListeners(0)
  let endpoint = ''
  const service = mnsService(() => endpoint, now)

  const waitSecondsOf = ({ action, query, queue }: ReadRequest): number => {
    if (action !== 'ReceiveMessage' && action !== 'BatchReceiveMessage') return 0
    const stated = query.get('waitseconds')
    return stated === undefined
      ? service.queue(queue).attributes.PollingWaitSeconds
      : numberIn('waitseconds', stated)
  }

  /** Answers at once, or when a long poll has found something; null when the client went away before. */
  const answerInTime = async (
    request: ReadRequest,
    effects: Effects,
    isGone: () => boolean,
  ): Promise<Answer | null> => {
    const until = performance.now() + waitSecondsOf(request) * 1000
    while (!isGone()) {
      try {
        return service.answer(request, effects)
      } catch (fault) {
        const isEmpty = fault instanceof Refusal && fault.code === 'MessageNotExist'
        if (!isEmpty || performance.now() >= until) throw fault
      }
      const looked = new AbortController()
      const { signal } = looked
      await Promise.race([
        sleep(lookAgainMs, undefined, { signal }),
        once(sends, sentTo(request.queue), { signal }),
      ])
      looked.abort()
    }
    return null
  }

  const handle = async (wire: WireRequest, response: ServerResponse): Promise<Answer | null> => {
    const principal = authenticate(wire, keys, now())
    const request = readRequest(wire)
    const { action, queue } = request
    counts.set(action, (counts.get(action) ?? 0) + 1)
    const resource = `acs:mns:${region}:${accountId}:${request.resource}`
    if (!authorize(principal, `mns:${action}`, resource)) {
      throw new Refusal('AccessDenied', `${principal.name}: mns:${action} on ${resource}`)
    }
    const fault = chooseFault?.({ action, queue, principal: principal.name })
    if (fault && 'refuse' in fault) throw new Refusal(fault.refuse)
    if (fault && 'delayMs' in fault) await sleep(fault.delayMs)
    if (fault && 'answer' in fault) {
      response.writeHead(fault.answer.status, { 'content-type': fault.answer.contentType })
      response.end(fault.answer.body)
      return null
    }
    const isDropped = fault !== undefined && 'drop' in fault
    if (isDropped && fault.drop === 'before') return drop(response)
    const answer = await answerInTime(request, effectsOf(fault), () => response.closed)
    if (action === 'SendMessage' || action === 'BatchSendMessage') sends.emit(sentTo(queue))
    return isDropped ? drop(response) : answer
  }

  const drop = (response: ServerResponse): null => {
    response.destroy()
    return null
  }

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const host = incoming.headers.host ?? accountId
    try {
      const answer = await handle(await readWire(incoming), response)
      if (answer) write(response, host, answer)
    } catch (fault) {
      if (response.closed) return
      write(response, host, refused(fault instanceof Refusal ? fault : new Refusal('InternalError')))
    }
  }

  const server = createServer((incoming, response) => void serve(incoming, response))
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const listening = typeof address === 'object' && address ? address.port : 0
  endpoint = `http://127.0.0.1:${listening}`
  return {
    port: listening,
    endpoint,
    usage: () => Object.fromEntries(counts),
    resetUsage: () => counts.clear(),
    connections: () => connections,
    onRequest: (handler) => {
      chooseFault = handler
    },
    bodies: (queue) =>
      service
        .queue(queue)
        .messages(now())
        .map(({ body }) => body),
    setDlqPolicy: service.setDlqPolicy,
    setAccessKeys: (next) => {
      keys = next
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
