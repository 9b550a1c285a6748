import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import dns from 'node:dns/promises'
import { EventEmitter } from 'node:events'
import { Socket, isIP } from 'node:net'
import type { AnswerMeter } from '../answer-meter.ts'
import { meterReads } from '../metered-reads.ts'
import { addressesOf } from '../names/name-lookup.ts'
import { type NoListener, strangerBehind } from './first-bytes.ts'

/** The sockets that one probe opens, however deep inside the driver. */
export interface OwnSockets {
  readonly opened: Set<Socket>
  /** Ends the probe when the server sends more than it may. */
  readonly meter: AnswerMeter
  /** Since when the last of them has a TCP connection (`performance.now`); null: it has none. */
  connectedAt: number | null
  /** Address to which a listener, or a name with several addresses, led on after an earlier connection. */
  movedTo: { readonly host: string; readonly port: number } | null
  /** The probe is over: a socket that the driver opens now is destroyed at once. */
  isOver: boolean
  /** Called when what answers is not an Oracle listener. */
  readonly onStranger: (stranger: NoListener) => void
  /** Asked before every connection. */
  readonly mayConnect: (address: string, port: number) => boolean
  readonly arrived: (address: string, port: number) => void
  /** Asked before anything is written that TLS has not encrypted. `isOpening`: nothing has come in yet. */
  readonly mayWrite: (bytes: unknown, isOpening: boolean) => boolean
}

/** Looks at the first bytes ahead of the driver, which removes every listener but its own. */
const lookAtFirstBytes = (socket: Socket, onStranger: OwnSockets['onStranger']): void => {
  socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event === 'data') {
      Reflect.deleteProperty(socket, 'emit')
      const stranger = strangerBehind(values[0])
      if (stranger) onStranger(stranger)
    }
    return EventEmitter.prototype.emit.call(socket, event, ...values)
  }
}

/** TLS writes past this: what comes here is plaintext. */
const guardWrites = (socket: Socket, own: OwnSockets): void => {
  const write = socket.write.bind(socket)
  socket.write = (...given: readonly unknown[]): boolean => {
    if (!own.mayWrite(given[0], socket.bytesRead === 0)) return false
    const hasRoom: unknown = Reflect.apply(write, undefined, given)
    return hasRoom === true
  }
}

/** With an error, since only that tells the driver that it need not take leave of the server when it collects garbage. */
const destroy = (socket: Socket): void => {
  socket.once('error', () => undefined)
  socket.destroy(new Error('the probe is over'))
}

/**
 * The driver writes its first message in two parts. A stranger may refuse the first one before the second is out: that
 * write would fail, and take along what the stranger has said, unread.
 */
const sendTogether = (socket: Socket): void => {
  socket.cork()
  setImmediate(() => socket.uncork())
}

/** Where `connect` is to go, as `net.connect` hands it on: a list that begins with its options. */
const destinationIn = ([first]: readonly unknown[]): {
  readonly host: string
  readonly port: number
} | null => {
  const options: unknown = Array.isArray(first) ? first[0] : first
  if (typeof options !== 'object' || options === null || !('host' in options) || !('port' in options))
    return null
  const { host, port } = options
  return typeof host === 'string' && isIP(host) > 0 && Number(port) > 0 ? { host, port: Number(port) } : null
}

/**
 * Lets the driver connect to where the session may go. The driver has looked up the name by then, also one that a
 * listener sent it on to, so that this is the very address; what is no address would be a proxy.
 */
const guardConnect = (socket: Socket, own: OwnSockets): void => {
  const connect = socket.connect.bind(socket)
  socket.connect = (...given: readonly unknown[]): Socket => {
    const destination = destinationIn(given)
    // Connecting would bring a destroyed socket back to life.
    if (!destination || !own.mayConnect(destination.host, destination.port)) {
      process.nextTick(destroy, socket)
      return socket
    }
    if (own.connectedAt !== null) own.movedTo = destination
    own.connectedAt = null
    Reflect.apply(connect, undefined, given)
    // Only now: connecting gives a socket its first `write` back.
    guardWrites(socket, own)
    return socket
  }
}

const watch = (socket: Socket, own: OwnSockets): void => {
  own.opened.add(socket)
  meterReads(socket, own.meter)
  lookAtFirstBytes(socket, own.onStranger)
  guardConnect(socket, own)
  socket.once('connect', () => {
    own.connectedAt = performance.now()
    own.arrived(socket.remoteAddress ?? '', socket.remotePort ?? 0)
    sendTogether(socket)
  })
}

const current = new AsyncLocalStorage<OwnSockets>()

// Node.js announces every client socket; the driver gives no way to reach its own.
subscribe('net.client.socket', (message) => {
  const own = current.getStore()
  const socket =
    typeof message === 'object' && message !== null && 'socket' in message ? message.socket : null
  if (!own || !(socket instanceof Socket)) return
  // Announced before it connects, which would bring a destroyed socket back to life.
  if (own.isOver) process.nextTick(destroy, socket)
  else watch(socket, own)
})

const { lookup } = dns

// The driver looks up names by itself, in the threads that files and names share.
Object.assign(dns, {
  lookup: (name: string, ...given: readonly unknown[]): unknown =>
    current.getStore() ? addressesOf(name) : Reflect.apply(lookup, dns, [name, ...given]),
})

/** Runs `work`; every client socket that it opens is put into `own`. */
export const collectingSockets = <Value>(own: OwnSockets, work: () => Promise<Value>): Promise<Value> =>
  current.run(own, work)

/** Takes the sockets away, and every one that comes later: the driver goes on to the next address of the host. */
export const endSockets = (own: OwnSockets): void => {
  own.isOver = true
  for (const socket of own.opened) destroy(socket)
}
