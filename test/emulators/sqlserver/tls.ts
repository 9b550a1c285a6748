import { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { TLSSocket, createSecureContext } from 'node:tls'
import { messageReader, packetType, toPackets } from './packets.ts'

/** First byte of TLS records (RFC 8446, 5.1): bare ones follow once the handshake is over. */
const isTlsRecord = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x14 && byte <= 0x17

/**
 * TLS of TDS 7: the handshake travels inside PRELOGIN packets, everything after it as bare records. The switch shows in the
 * first bare byte of the client; an event of the TLS library would come before its last flight is out.
 */
export const startTlsInside = (
  socket: Socket,
  certificate: { readonly key: string; readonly cert: string },
): TLSSocket => {
  const read = messageReader()
  let isWrapped = true
  const carrier = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      socket.write(isWrapped ? toPackets(packetType.preLogin, chunk) : chunk)
      done()
    },
    final: (done) => {
      socket.end()
      done()
    },
  })
  socket.on('data', (chunk) => {
    if (isWrapped && isTlsRecord(chunk[0])) isWrapped = false
    if (!isWrapped) {
      carrier.push(chunk)
      return
    }
    try {
      for (const { body } of read(chunk)) carrier.push(body)
    } catch {
      socket.destroy()
    }
  })
  socket.on('close', () => carrier.destroy())
  const secure = new TLSSocket(carrier, {
    isServer: true,
    secureContext: createSecureContext({ ...certificate, maxVersion: 'TLSv1.2' }),
  })
  secure.on('error', () => socket.destroy())
  return secure
}
