import { AsyncLocalStorage } from 'node:async_hooks'
import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { AnswerMeter } from './answer-meter.ts'

const current = new AsyncLocalStorage<Pick<AnswerMeter, 'bytes'>>()

/**
 * Runs `work`; all that the sockets receive which it opens is counted before any driver sees it, inside TLS too. What
 * comes after a limit is passed is dropped.
 */
export const meteringReads = <Value>(meter: Pick<AnswerMeter, 'bytes'>, work: () => Value): Value =>
  current.run(meter, work)

// Node.js hands everything that a socket reads to its method `push`, in the context that opened it; the drivers give no
// way to the sockets that they wrap in TLS.
// eslint-disable-next-line typescript/unbound-method -- called with the socket that it is a method of
const { push } = Socket.prototype
Socket.prototype.push = function pushMetered(
  this: Socket,
  chunk: unknown,
  encoding?: BufferEncoding,
): boolean {
  const meter = current.getStore()
  if (meter && Buffer.isBuffer(chunk) && !meter.bytes(chunk.length, this instanceof TLSSocket)) return false
  return push.call(this, chunk, encoding)
}
