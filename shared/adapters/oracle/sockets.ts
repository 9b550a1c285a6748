import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import { type NoListener, strangerBehind } from './first-bytes.ts'

/** The sockets that one probe opens, however deep inside the driver. */
export interface OwnSockets {
  readonly opened: Set<Socket>
  /** The last of them has a TCP connection. */
  isConnected: boolean
  /** Address to which a listener, or a name with several addresses, led on after an earlier connection. */
  movedTo: { readonly host: string; readonly port: number } | null
  /** The probe is over: a socket that the driver opens now is destroyed at once. */
  isOver: boolean
  /** Called when what answers is not an Oracle listener. */
  readonly onStranger: (stranger: NoListener) => void
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

const watch = (socket: Socket, own: OwnSockets): void => {
  own.opened.add(socket)
  lookAtFirstBytes(socket, own.onStranger)
  socket.on('connectionAttempt', (host: string, port: number) => {
    if (own.isConnected) own.movedTo = { host, port }
    own.isConnected = false
  })
  socket.once('connect', () => {
    own.isConnected = true
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

/** Runs `work`; every client socket that it opens is put into `own`. */
export const collectingSockets = <Value>(own: OwnSockets, work: () => Promise<Value>): Promise<Value> =>
  current.run(own, work)

/** Takes the sockets away, and every one that comes later: the driver goes on to the next address of the host. */
export const endSockets = (own: OwnSockets): void => {
  own.isOver = true
  for (const socket of own.opened) destroy(socket)
}
