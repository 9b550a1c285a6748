import type { Socket } from 'node:net'
import { type Stranger, strangerOf } from '../stranger.ts'

/** Layout of a packet: length in three bytes, sequence number, payload ("MySQL Packets", MySQL Source Code Documentation). */
const headerLength = 4
/** How a payload begins that greets: protocol version 10, or an error. */
const greetings: readonly (number | undefined)[] = [0x0a, 0xff]

/**
 * Looks at the greeting of the server ahead of the driver, which would take that of another protocol for the length of
 * a packet, and wait for the rest. The server has to wait for the client then: what it has sent after its greeting
 * would be taken for an answer that came through TLS. `refuse` has to end the connection.
 */
export const guardGreeting = (socket: Socket, refuse: (stranger: Stranger) => void): void => {
  let received = Buffer.alloc(0)
  const end = (stranger: Stranger | null): void => {
    socket.off('data', look)
    if (stranger) refuse(stranger)
  }
  const look = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    if (received.length <= headerLength) return
    if (received[3] !== 0 || !greetings.includes(received[headerLength])) return end(strangerOf(received))
    const length = headerLength + received.readUIntLE(0, 3)
    if (received.length >= length) end(received.length > length ? { code: 'NOT_A_DATABASE' } : null)
  }
  socket.prependListener('data', look)
}
