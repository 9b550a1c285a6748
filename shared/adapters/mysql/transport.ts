import { Duplex } from 'node:stream'
import { type LookupFunction, type Socket, connect, isIP } from 'node:net'
import { type TLSSocket, connect as connectTls } from 'node:tls'
import type { MySqlConnection } from '../../model/connections/mysql.ts'
import { meterReads } from '../metered-reads.ts'
import { guardGreeting } from './greeting-guard.ts'
import type { Link } from './link.ts'

/**
 * Opens the socket that the driver speaks through. It belongs to the link, which destroys it when it is over: the
 * driver would only end its own half. Every address of the host is tried that may be connected to, as the name was
 * looked up once.
 */
export const dial = async (link: Link): Promise<Socket> => {
  const { host, port } = link.where()
  const addresses = await link.route.addressesOf(host)
  const lookup: LookupFunction = (_name, _options, callback) => callback(null, [...addresses])
  return new Promise((resolve, reject) => {
    // Node.js would connect in spite of a signal that was aborted before (20.20, net.js), and nobody would close it.
    if (link.over.aborted) return reject(new Error('the probe is over'))
    const socket = connect({ host, port, lookup, autoSelectFamily: true, signal: link.over })
    meterReads(socket, link.meter)
    // Stays for good: an error that comes while the driver does not listen would end the process.
    socket.on('error', reject)
    socket.once('connect', () => {
      link.enter('logging-in')
      guardGreeting(socket, link.refuse)
      socket.setNoDelay(true)
      resolve(socket)
    })
  })
}

/**
 * The socket as a stream that is none of the system. Where TLS reads from the system by itself, a reset in the middle
 * of its handshake ends the process (Node.js 20.20: SSL_read of a connection that is gone).
 */
const carrying = (plain: Socket): Duplex => {
  const stream = new Duplex({
    read: () => void plain.resume(),
    write: (chunk: Buffer, _encoding, done) => void plain.write(chunk, done),
    final: (done) => void plain.end(done),
    destroy: (_fault, done) => {
      plain.destroy()
      done(null)
    },
  })
  plain.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) plain.pause()
  })
  plain.once('end', () => stream.push(null))
  plain.once('error', (fault) => stream.destroy(fault))
  plain.once('close', () => stream.destroy())
  return stream
}

/**
 * Wraps the socket in TLS, with the name verified, that of an address too: the driver verifies an address against
 * "localhost", and tells nothing of why OpenSSL refused. `onSecure` is called when the server has proved who it is.
 */
export const secure = (
  plain: Socket,
  { host, tls }: MySqlConnection,
  onSecure: () => void,
  onFault: (fault: Error) => void,
): TLSSocket => {
  const name = tls.serverName ?? host
  const socket = connectTls(
    {
      socket: carrying(plain),
      host: name,
      ...(isIP(name) === 0 && { servername: name }),
      ...(tls.ca !== undefined && { ca: tls.ca }),
      rejectUnauthorized: !tls.trustServerCertificate,
    },
    onSecure,
  )
  socket.on('error', onFault)
  return socket
}
