import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'

/** The sockets that one probe opened, however deep inside the driver. */
export interface OwnSockets {
  readonly opened: Set<Socket>
  /** A TCP connection was made. */
  isConnected: boolean
  /** Told when what answers is no Oracle listener; the driver itself would wait for the rest of a packet. */
  readonly onStranger: () => void
}

/** Types of the packets with which a listener may answer: accept, refuse, redirect, data, resend, marker, control. */
const listenerPackets: readonly number[] = [2, 4, 5, 6, 11, 12, 14]
const typePlace = 4

const isStranger = (chunk: unknown): boolean =>
  Buffer.isBuffer(chunk) && chunk.length > typePlace && !listenerPackets.includes(chunk[typePlace] ?? 0)

/** Looks at the first bytes ahead of the driver, which removes every listener but its own. */
const lookAtFirstBytes = (socket: Socket, onStranger: () => void): void => {
  socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event === 'data') {
      Reflect.deleteProperty(socket, 'emit')
      if (isStranger(values[0])) onStranger()
    }
    return EventEmitter.prototype.emit.call(socket, event, ...values)
  }
}

const current = new AsyncLocalStorage<OwnSockets>()

// Node.js announces every client socket; the driver itself gives no way to reach or to abort its own.
subscribe('net.client.socket', (message) => {
  const own = current.getStore()
  const socket =
    typeof message === 'object' && message !== null && 'socket' in message ? message.socket : null
  if (!own || !(socket instanceof Socket)) return
  own.opened.add(socket)
  lookAtFirstBytes(socket, own.onStranger)
  socket.once('connect', () => {
    own.isConnected = true
  })
})

/** Runs `work`; every client socket that it opens is put into `own`. */
export const collectingSockets = <Value>(own: OwnSockets, work: () => Promise<Value>): Promise<Value> =>
  current.run(own, work)

/**
 * Takes the sockets away. With an error, since only an error tells the driver that it need not say good-bye: without one it
 * tries to when the garbage collector finds the connection, and ends the process by that.
 */
export const destroySockets = ({ opened }: OwnSockets): void => {
  for (const socket of opened) {
    socket.once('error', () => undefined)
    socket.destroy(new Error('the probe is over'))
  }
}
