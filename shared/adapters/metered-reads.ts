import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { AnswerMeter } from './answer-meter.ts'

type Meter = Pick<AnswerMeter, 'bytes'>

const meters = new WeakMap<Socket, Meter>()

/**
 * Counts all that the socket receives before any driver sees it; what comes after a limit is passed is dropped. Where a
 * driver wraps it in TLS, what comes out of that is counted.
 */
export const meterReads = (socket: Socket, meter: Meter): void => void meters.set(socket, meter)

/** The one inside is read past JavaScript; Node.js keeps it under this name. */
const meterOf = (socket: Socket): Meter | undefined => {
  const inside: unknown = socket instanceof TLSSocket ? Reflect.get(socket, '_parent') : null
  return meters.get(inside instanceof Socket ? inside : socket)
}

// Node.js hands everything that a socket reads to its method `push`; the drivers give no way to the sockets that they
// wrap in TLS.
// eslint-disable-next-line typescript/unbound-method -- called with the socket that it is a method of
const { push } = Socket.prototype
Socket.prototype.push = function pushMetered(
  this: Socket,
  chunk: unknown,
  encoding?: BufferEncoding,
): boolean {
  const meter = meterOf(this)
  if (meter && Buffer.isBuffer(chunk) && !meter.bytes(chunk.length, this instanceof TLSSocket)) return false
  return push.call(this, chunk, encoding)
}
