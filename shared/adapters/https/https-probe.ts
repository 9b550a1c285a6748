import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import { performance } from 'node:perf_hooks'
import { type SecureContext, type TLSSocket, connect, createSecureContext, rootCertificates } from 'node:tls'
import type { Reach } from '../../checks/framework/answer.ts'
import type { Message } from '../../model/message.ts'
import { retriedAt } from '../../model/retry.ts'
import type { Probes } from '../../ports/probe.ts'
import { msSince } from '../elapsed.ts'
import { addressesOf } from '../names/name-lookup.ts'

type Phase = NonNullable<Reach['failure']>['phase']

/** Why a phase did not come to its end. */
class PhaseFailed extends Error {
  readonly phase: Phase
  readonly kind: NonNullable<Reach['failure']>['kind']

  constructor(phase: Phase, cause: string, kind: NonNullable<Reach['failure']>['kind']) {
    super(cause)
    this.phase = phase
    this.kind = kind
  }
}

/** Enough of an answer to see its status line, bytes; a server that sends more without one does not speak HTTP. */
const maxStatusLineBytes = 4096

const causeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : String(fault)

const failed = (phase: Phase, fault: unknown): PhaseFailed => {
  const cause = causeOf(fault)
  return new PhaseFailed(
    phase,
    cause,
    cause === 'ECONNREFUSED' ? 'refused' : cause === 'ETIMEDOUT' ? 'timeout' : 'other',
  )
}

/** What the probe has got so far; a limit reached in the middle still tells how far it came. */
interface Progress {
  address: string | null
  readonly phases: { dns: number | null; connect: number | null; tls: number | null; http: number | null }
  readonly sockets: TLSSocket[]
  current: Phase
}

/** How often a phase looks whether this thread is on time, ms. */
const lookMs = 20

/**
 * A stopwatch of what an endpoint takes. It does not count how long this thread was busy with something else right
 * before it saw the end, since the end may have come at any time of that. Stop it once; gives ms.
 */
const startStopwatch = (): (() => number) => {
  const from = performance.now()
  let looks: readonly [before: number, last: number] = [from, from]
  const look = (): void => {
    looks = [looks[1], performance.now()]
  }
  const timer = setInterval(look, lookMs)
  return () => {
    clearInterval(timer)
    const now = performance.now()
    // Timers come before sockets: after a busy time the last look may be as late as the end.
    const busyMs = Math.max(now - looks[1], looks[1] - looks[0]) - lookMs
    return now - from - Math.max(0, busyMs)
  }
}

/** Runs one phase and notes its time, also when it fails. */
const timed = async <Value>(progress: Progress, phase: Phase, run: () => Promise<Value>): Promise<Value> => {
  progress.current = phase
  const stop = startStopwatch()
  try {
    return await run()
  } catch (fault) {
    throw fault instanceof PhaseFailed ? fault : failed(phase, fault)
  } finally {
    progress.phases[phase] = Math.round(stop() * 10) / 10
  }
}

/** Trust in the public authorities takes 26 ms to build, so that it is built once for every private one. */
const contexts = new Map<string, SecureContext>()
const maxContexts = 64

const contextFor = (ca: string): SecureContext => {
  const known = contexts.get(ca)
  if (known) return known
  if (contexts.size === maxContexts) contexts.clear()
  const context = createSecureContext({ ca: [...rootCertificates, ca] })
  contexts.set(ca, context)
  return context
}

/** Resolves with the event, rejects at the socket's error or end. */
const once = (socket: TLSSocket, event: 'connect' | 'secureConnect'): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once(event, resolve)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('ECONNRESET')))
  })

/**
 * To compare the name, Node.js asks for the certificate with the whole chain behind it, and building that takes a fifth
 * of what a reach costs. The certificate alone holds all the names.
 */
const withoutChain = (socket: TLSSocket): TLSSocket =>
  Object.assign(socket, { getPeerCertificate: socket.getPeerCertificate.bind(socket, false) })

/**
 * Connects to the first address that takes the connection; the socket goes on with TLS by itself. Every handshake is a
 * full one: a resumed one would not show the certificate, so that one that has expired or was replaced would go
 * unnoticed.
 */
const connectTo = async (
  progress: Progress,
  host: string,
  port: number,
  addresses: readonly LookupAddress[],
  ca: string | undefined,
): Promise<TLSSocket> => {
  let fault: unknown = new Error('no address')
  for (const { address } of addresses) {
    progress.address = address
    const socket = withoutChain(
      connect({
        host: address,
        port,
        ...(isIP(host) === 0 && { servername: host }),
        ...(ca !== undefined && { secureContext: contextFor(ca) }),
      }),
    )
    progress.sockets.push(socket)
    try {
      await once(socket, 'connect')
      return socket
    } catch (cause) {
      fault = cause
    }
  }
  throw fault
}

/** Sends HEAD and reads the status line; redirects and bodies are none of our business. */
const readStatus = (socket: TLSSocket, url: URL): Promise<number> =>
  new Promise((resolve, reject) => {
    let received = ''
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
      const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(received)?.[1]
      if (status !== undefined) resolve(Number(status))
      else if (received.length > maxStatusLineBytes) reject(new Error('not HTTP'))
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed without an answer')))
    socket.write(
      `HEAD ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: backup-precheck\r\nConnection: close\r\n\r\n`,
    )
  })

const walk = async (progress: Progress, url: URL, ca: string | undefined): Promise<number> => {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '')
  const port = url.port === '' ? 443 : Number(url.port)
  const addresses = await timed(progress, 'dns', () => addressesOf(host))
  const socket = await timed(progress, 'connect', () => connectTo(progress, host, port, addresses, ca))
  await timed(progress, 'tls', () => once(socket, 'secureConnect'))
  return timed(progress, 'http', () => readStatus(socket, url))
}

/** ms of the phases that have ended. */
const spentMs = ({ phases }: Progress): number =>
  Object.values(phases).reduce<number>((sum, ms) => sum + Math.round(ms ?? 0), 0)

const reach = async (address: string, ca: string | undefined, limitMs: number): Promise<Reach> => {
  const url = new URL(address)
  const progress: Progress = {
    address: null,
    phases: { dns: null, connect: null, tls: null, http: null },
    sockets: [],
    current: 'dns',
  }
  const from = performance.now()
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PhaseFailed(progress.current, 'ETIMEDOUT', 'timeout')), limitMs)
  })
  const walking = walk(progress, url, ca)
  // When the limit wins, its own later failure is of no interest any more.
  walking.catch(() => undefined)
  try {
    const status = await Promise.race([walking, limit])
    return { url: address, address: progress.address, phases: { ...progress.phases }, status, failure: null }
  } catch (cause) {
    const { phase, kind, message } = cause instanceof PhaseFailed ? cause : failed(progress.current, cause)
    progress.phases[phase] ??= Math.max(0, msSince(from) - spentMs(progress))
    return {
      url: address,
      address: progress.address,
      phases: { ...progress.phases },
      status: null,
      failure: { phase, kind, cause: message },
    }
  } finally {
    clearTimeout(timer)
    for (const socket of progress.sockets) socket.destroy()
  }
}

/** Below this, ms, a second connection would have no time to say anything about the endpoint. */
const retryMs = 1000

/** How a connection ends that the other side reset or closed, by the system or by this file. */
const wasReset = ({ failure }: Reach): boolean =>
  failure !== null && /ECONNRESET|EPIPE|closed without an answer/.test(failure.cause)

/** Tries a URL, and once more where the connection was reset: nothing is sent that may not be sent twice. */
const reachUnreset = async (
  url: string,
  ca: string | undefined,
  limitMs: number,
): Promise<{ readonly reached: Reach; readonly isSecond: boolean }> => {
  const from = performance.now()
  const first = await reach(url, ca, limitMs)
  const leftMs = Math.floor(from + limitMs - performance.now())
  if (!wasReset(first) || leftMs < retryMs) return { reached: first, isSecond: false }
  return { reached: await reach(url, ca, leftMs), isSecond: true }
}

/** Says which endpoints were tried twice; null: none was. */
const retriedOf = (tries: Awaited<ReturnType<typeof reachUnreset>>[]): Message | null => {
  const again = tries.filter(({ isSecond }) => isSecond).map(({ reached }) => reached)
  if (again.length === 0) return null
  const hosts = again.map(({ url }) => new URL(url).host)
  return retriedAt(
    hosts,
    again.every(({ failure }) => failure === null) ? 'SECOND_ANSWERED' : 'SECOND_FAILED',
  )
}

/**
 * Tries every URL at the same time: DNS, TCP, TLS and HTTP one after the other, so that a failure says which of them it
 * was, at which address, after how many ms. Proxies of the environment are not used: backups do not use them either.
 */
export const httpsProbe: Probes['https'] = async ({ urls, ca, limitMs }) => {
  const tries = await Promise.all(urls.map((url) => reachUnreset(url, ca, limitMs)))
  const retried = retriedOf(tries)
  return { answer: tries.map(({ reached }) => reached), ...(retried && { retried }) }
}
