import type { Socket } from 'node:net'
import type { Connection } from 'mysql2'
import type { MySqlConnection } from '../../model/connections/mysql.ts'
import type { Link } from './link.ts'
import { hasStrings } from './sound-packet.ts'
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

/** How a payload begins that is an error, or the end of rows, which is shorter than this. */
const errorMarker = 0xff
const endMarker = 0xfe
const endLength = 9

/** Strings at the beginning of the definition of a column ("Protocol::ColumnDefinition41"). */
const stringsOfDefinition = 6

/** Whether the driver can read a packet as what it is going to take it for. */
const isSound = (connection: Connection, packet: unknown, columns: number | null): boolean => {
  const bytes = memberOf(packet, 'buffer')
  const [at, end] = [Number(memberOf(packet, 'offset')), Number(memberOf(packet, 'end'))]
  if (!Buffer.isBuffer(bytes) || at >= end) return false
  if (bytes[at] === errorMarker || (bytes[at] === endMarker && end - at < endLength)) return true
  if (columns !== null) return hasStrings(bytes, at, end, columns, true)
  const command = memberOf(connection, '_command')
  const isDefinition =
    Number(memberOf(command, '_fieldCount')) > Number(memberOf(command, '_receivedFieldsCount'))
  return !isDefinition || hasStrings(bytes, at, end, stringsOfDefinition, false)
}

/** A server that goes away says so whatever the number of the packet. */
const isInOrder = (connection: Connection, packet: unknown): boolean => {
  const sequence = memberOf(packet, 'sequenceId')
  if (sequence === memberOf(connection, 'sequenceId')) return true
  if (methodOf(packet, 'peekByte')() !== errorMarker) return false
  Reflect.set(connection, 'sequenceId', sequence)
  return true
}

/**
 * Looks at every packet before the driver reads it: it has no limit on columns, and prints a line for each packet that
 * is out of order or not sound. Nothing reaches it when the link is over, though a chunk may hold thousands of packets
 * more. Rows are counted when they have been read.
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
    if (link.over.aborted || (link.columns === null && !link.meter.message())) return
    if (isInOrder(connection, packet) && isSound(connection, packet, link.columns)) handle(packet)
    else link.refuse({ code: 'NOT_A_DATABASE' })
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
