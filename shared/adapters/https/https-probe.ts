import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { type Socket, connect, isIP } from 'node:net'
import { performance } from 'node:perf_hooks'
import {
  type SecureContext,
  type TLSSocket,
  connect as startTls,
  createSecureContext,
  rootCertificates,
} from 'node:tls'
import type { Reach } from '../../checks/framework/answer.ts'
import type { Probes } from '../../ports/probe.ts'

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

/** Enough of an answer to see its status line, bytes; a server that sends more without one speaks no HTTP. */
const maxStatusLine = 4096

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
  readonly sockets: Socket[]
  current: Phase
}

/** Runs one phase and notes its time, also when it fails. */
const timed = async <Value>(progress: Progress, phase: Phase, run: () => Promise<Value>): Promise<Value> => {
  progress.current = phase
  const from = performance.now()
  try {
    return await run()
  } catch (fault) {
    throw fault instanceof PhaseFailed ? fault : failed(phase, fault)
  } finally {
    progress.phases[phase] = Math.round((performance.now() - from) * 10) / 10
  }
}

/** Resolves with the first of these events, rejects at the socket's error or end. */
const once = (socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once(event, resolve)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('ECONNRESET')))
  })

const connectTo = async (
  progress: Progress,
  addresses: readonly LookupAddress[],
  port: number,
): Promise<Socket> => {
  let fault: unknown = new Error('no address')
  for (const { address } of addresses) {
    progress.address = address
    const socket = connect({ host: address, port })
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

const secure = async (
  progress: Progress,
  socket: Socket,
  host: string,
  ca: string | undefined,
): Promise<TLSSocket> => {
  const tls = startTls({
    socket,
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { secureContext: contextFor(ca) }),
  })
  progress.sockets.push(tls)
  await once(tls, 'secureConnect')
  return tls
}

/** Sends HEAD and reads the status line; redirects and bodies are none of our business. */
const readStatus = (socket: TLSSocket, url: URL): Promise<number> =>
  new Promise((resolve, reject) => {
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(received)?.[1]
      if (status !== undefined) resolve(Number(status))
      else if (received.length > maxStatusLine) reject(new Error('no HTTP'))
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
  const addresses = await timed(progress, 'dns', () => lookup(host, { all: true }))
  const socket = await timed(progress, 'connect', () => connectTo(progress, addresses, port))
  const tls = await timed(progress, 'tls', () => secure(progress, socket, host, ca))
  return timed(progress, 'http', () => readStatus(tls, url))
}

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
    progress.phases[phase] ??= Math.round(performance.now() - from)
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

/**
 * Tries every URL at the same time: DNS, TCP, TLS and HTTP one after the other, so that a failure says which of them it
 * was, at which address, after how many ms. Proxies of the environment are not used: backups do not use them either.
 */
export const httpsProbe: Probes['https'] = async ({ urls, ca, limitMs }) => ({
  answer: await Promise.all(urls.map((url) => reach(url, ca, limitMs))),
})
