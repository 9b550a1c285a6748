import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'

/** The sockets that one probe opened, however deep inside the driver. */
export interface OwnSockets {
  readonly opened: Set<Socket>
  /** A TCP connection was made. */
  isConnected: boolean
}

const current = new AsyncLocalStorage<OwnSockets>()

// Node.js announces every client socket; the driver itself gives no way to reach or to abort its own.
subscribe('net.client.socket', (message) => {
  const own = current.getStore()
  const socket =
    typeof message === 'object' && message !== null && 'socket' in message ? message.socket : null
  if (!own || !(socket instanceof Socket)) return
  own.opened.add(socket)
  socket.once('connect', () => {
    own.isConnected = true
  })
})

/** Runs `work`; every client socket that it opens is put into `own`. */
export const collectingSockets = <Value>(own: OwnSockets, work: () => Promise<Value>): Promise<Value> =>
  current.run(own, work)
