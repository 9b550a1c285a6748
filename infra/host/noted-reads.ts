import { AsyncLocalStorage } from 'node:async_hooks'
import { Socket } from 'node:net'

const currentCall = new AsyncLocalStorage<number>()

/** Runs the work of a call: what its sockets receive is noted under its id. */
export const inCall = <Value>(callId: number, work: () => Value): Value => currentCall.run(callId, work)

/**
 * Has `note` called with the id of the call whenever a socket receives bytes, before any driver sees them. Node.js
 * hands everything that a socket reads, inside TLS too, to its method `push` first, in the context that opened it; the
 * drivers give no way to their sockets. For the program of a check thread, once.
 */
export const noteReads = (note: (callId: number) => void): void => {
  // eslint-disable-next-line typescript/unbound-method -- called with the socket that it is a method of
  const { push } = Socket.prototype
  Socket.prototype.push = function pushNoted(
    this: Socket,
    chunk: unknown,
    encoding?: BufferEncoding,
  ): boolean {
    const callId = currentCall.getStore()
    if (callId !== undefined) note(callId)
    return push.call(this, chunk, encoding)
  }
}
