import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { authenticate as authenticateOpenApi } from '../openapi/signature.ts'
import type { Authorize, Principal } from '../principal.ts'
import { accountQueues } from './account-queues.ts'
import { type Answer, type Dialect, refused, write } from './answer.ts'
import { type DlqPolicy, numberIn } from './attributes.ts'
import { type KnownPrincipal, type WireRequest, authenticate } from './authentication.ts'
import { readControlCall } from './control-plane.ts'
import { Refusal, type RefusalCode } from './refusal.ts'
import { type Action, type ReadRequest, readRequest } from './request.ts'
import { type Effects, xmlInterface } from './xml-interface.ts'

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

/** A local stand-in for Simple Message Queue: the XML interface, and at the same address what the OpenAPI knows of queues. */
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
  /** Sets a dead-letter policy without a call of the OpenAPI. */
  setDlqPolicy(queue: string, policy: DlqPolicy): void
  /** Bodies of the messages that a queue keeps, as they were sent. */
  bodies(queue: string): readonly string[]
  /** Replaces the keys that are known. */
  setAccessKeys(keys: readonly KnownPrincipal[]): void
  close(): Promise<void>
}

/** How often a long poll looks for what was sent or became due, ms. */
const lookAgainMs = 5

const noEffects: Effects = { duplicate: false, failing: new Map() }

const effectsOf = (fault: Fault | undefined): Effects => {
  if (!fault) return noEffects
  if ('duplicate' in fault) return { ...noEffects, duplicate: true }
  if (!('failEntries' in fault)) return noEffects
  return { ...noEffects, failing: new Map(fault.failEntries.map((index) => [index, fault.code])) }
}

const readWire = async (request: IncomingMessage): Promise<WireRequest> => {
  const body = await buffer(request)
  const { method = '', url = '', headers } = request
  return { method, path: url, headers, body }
}

/** A request, read: who asks for what, and how to do it. */
interface Asked extends Omit<SeenRequest, 'principal'> {
  readonly principal: Principal
  /** Path of what it is about, as RAM policies name it after region and account. */
  readonly resource: string
  readonly perform: (effects: Effects, isGone: () => boolean) => Promise<Answer | null>
}

/** Starts the emulator on 127.0.0.1; port 0 takes a free one. */
export const startMns = async (
  { accountId, accessKeys, region = 'cn-hangzhou', now = Date.now, authorize = () => true }: MnsAccount,
  { port = 0 }: { readonly port?: number } = {},
): Promise<MnsEmulator> => {
  let keys = accessKeys
  const nonces = new Set<string>()
  let chooseFault: ((request: SeenRequest) => Fault | undefined) | undefined
  const counts = new Map<Action, number>()
  let endpoint = ''
  const queues = accountQueues(now)
  const answerXml = xmlInterface(queues, () => endpoint, now)

  const waitSecondsOf = ({ action, query, queue }: ReadRequest): number => {
    if (action !== 'ReceiveMessage' && action !== 'BatchReceiveMessage') return 0
    const stated = query.get('waitseconds')
    return stated === undefined
      ? queues.queue(queue).attributes.PollingWaitSeconds
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
        return answerXml(request, effects)
      } catch (fault) {
        const isEmpty = fault instanceof Refusal && fault.code === 'MessageNotExist'
        if (!isEmpty || performance.now() >= until) throw fault
      }
      await sleep(lookAgainMs)
    }
    return null
  }

  const askedByXml = (wire: WireRequest): Asked => {
    const principal = authenticate(wire, keys, now())
    const request = readRequest(wire)
    const { action, queue, resource } = request
    return { action, queue, resource, principal, perform: (...how) => answerInTime(request, ...how) }
  }

  const askedByOpenApi = ({ method, path, headers, body }: WireRequest): Asked => {
    const url = new URL(path, endpoint)
    const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    const request = { method, url, target: path, headers: texts, body }
    const valid = keys.filter(({ expiresAt }) => expiresAt === undefined || now() < expiresAt)
    const principal = authenticateOpenApi(request, valid, nonces, new Date())
    const { action, queue, perform } = readControlCall(request)
    const resource = queue ? `/queues/${queue}` : '/queues'
    return {
      action,
      queue,
      resource,
      principal,
      perform: async () => ({ status: 200, json: perform(queues) }),
    }
  }

  /** Counts a request and asks whether it may be; answers what is to go wrong with it. */
  const admit = ({ action, queue, principal, resource }: Asked): Fault | undefined => {
    counts.set(action, (counts.get(action) ?? 0) + 1)
    const arn = `acs:mns:${region}:${accountId}:${resource}`
    if (!authorize(principal, `mns:${action}`, arn)) {
      throw new Refusal('AccessDenied', `${principal.name}: mns:${action} on ${arn}`)
    }
    return chooseFault?.({ action, queue, principal: principal.name })
  }

  const drop = (response: ServerResponse): null => {
    response.destroy()
    return null
  }

  const handle = async (asked: Asked, response: ServerResponse): Promise<Answer | null> => {
    const fault = admit(asked)
    if (fault && 'refuse' in fault) throw new Refusal(fault.refuse)
    if (fault && 'delayMs' in fault) await sleep(fault.delayMs)
    if (fault && 'answer' in fault) {
      const { status, contentType, body } = fault.answer
      response.writeHead(status, { 'content-type': contentType }).end(body)
      return null
    }
    const isDropped = fault !== undefined && 'drop' in fault
    if (isDropped && fault.drop === 'before') return drop(response)
    const answer = await asked.perform(effectsOf(fault), () => response.closed)
    return isDropped ? drop(response) : answer
  }

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const dialect: Dialect = incoming.headers['x-acs-action'] === undefined ? 'xml' : 'json'
    try {
      const wire = await readWire(incoming)
      const answer = await handle(dialect === 'xml' ? askedByXml(wire) : askedByOpenApi(wire), response)
      if (answer) write(response, answer)
    } catch (fault) {
      if (!response.closed) write(response, refused(fault, dialect, incoming.headers.host ?? accountId))
    }
  }

  // Connections are kept: a busy client may come back to one after any time.
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, response) => void serve(incoming, response))
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
      queues
        .queue(queue)
        .messages(now())
        .map(({ body }) => body),
    setDlqPolicy: queues.setDlqPolicy,
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
