import type { Socket } from 'node:net'
import type { Connection } from 'mysql2'
import type { MySqlConnection } from '../../model/connections/mysql.ts'
import type { Link } from './link.ts'
import { secure } from './transport.ts'

const memberOf = (owner: unknown, name: string): unknown =>
  typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined

type Method = (...given: readonly unknown[]) => unknown

const isMethod = (value: unknown): value is Method => typeof value === 'function'

/** A function of the driver, bound. Throws if there is none: then this is another driver. */
const methodOf = (owner: unknown, name: string): Method => {
  const method = memberOf(owner, name)
  if (!isMethod(method)) throw new TypeError(`the driver has no ${name}`)
  return (...given) => Reflect.apply(method, owner, given)
}

/** Begins the payload of an error. */
const errorMarker = 0xff

/**
 * Counts every packet before the driver reads it: it has no limit on columns, and prints a line for each packet out of
 * order. Nothing reaches it when the link is over, though a chunk may hold thousands of packets more. Rows are counted
 * when they have been read.
 */
export const guardPackets = (connection: Connection, link: Link): void => {
  const handle = methodOf(connection, 'handlePacket')
  Reflect.set(connection, 'handlePacket', (packet: unknown) => {
    // Without a packet, the driver begins its next command.
    if (packet === undefined) {
      handle()
      return
    }
    link.meter.startPart()
    if (link.over.aborted || (!link.isInRows && !link.meter.message())) return
    const isError = methodOf(packet, 'peekByte')() === errorMarker
    const sequence = memberOf(packet, 'sequenceId')
    if (sequence !== memberOf(connection, 'sequenceId')) {
      // A server that goes away says so whatever the number.
      if (!isError) {
        link.refuse({ code: 'NOT_A_DATABASE' })
        return
      }
      Reflect.set(connection, 'sequenceId', sequence)
    }
    handle(packet)
  })
}

/** Puts our TLS in the place of the driver's. */
export const guardTls = (
  connection: Connection,
  plain: Socket,
  target: MySqlConnection,
  onFault: (fault: unknown) => void,
): void => {
  const parser = memberOf(connection, 'packetParser')
  const read = (chunk: Buffer): unknown => methodOf(parser, 'execute')(chunk)
  Reflect.set(connection, 'startTLS', (onSecure: () => void) => {
    plain.removeAllListeners('data')
    const socket = secure(plain, target, onSecure, onFault)
    socket.on('data', read)
    Reflect.set(connection, 'stream', socket)
  })
}
