import { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { TLSSocket, createSecureContext } from 'node:tls'
import { firstPacket, packetType, toPackets } from './packets.ts'

type Certificate = { readonly key: string; readonly cert: string }

/** First byte of TLS records (RFC 8446, 5.1): bare ones follow once the handshake is over. No packet begins so. */
const isTlsRecord = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x14 && byte <= 0x17

/** TLS of TDS 8: it comes first, and everything of TDS travels inside. */
export const startTlsFirst = (socket: Socket, certificate: Certificate): TLSSocket =>
  new TLSSocket(socket, { isServer: true, ...certificate, ALPNProtocols: ['tds/8.0'] })

/** Takes the handshake out of its packets, and hands bare records through from the first one on. */
const unwrapper = (pass: (content: Buffer) => void) => {
  let received: Buffer = Buffer.alloc(0)
  let isWrapped = true
  const take = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      if (isTlsRecord(received[0])) isWrapped = false
      if (!isWrapped) break
      const packet = firstPacket(received)
      if (!packet) return
      received = received.subarray(packet.length)
      pass(packet.body)
    }
    pass(received)
    received = Buffer.alloc(0)
  }
  return { take, isWrapped: () => isWrapped }
}

/**
 * TLS of TDS 7: the handshake travels inside PRELOGIN packets, everything after it as bare records. The switch shows in
 * the first bare record of the client; an event of the TLS library would come before its last flight is out.
 */
export const startTlsInside = (socket: Socket, certificate: Certificate): TLSSocket => {
  const incoming = unwrapper((content) => carrier.push(content))
  const carrier = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      socket.write(incoming.isWrapped() ? toPackets(packetType.preLogin, chunk) : chunk)
      done()
    },
    final: (done) => {
      socket.end()
      done()
    },
  })
  socket.on('data', (chunk) => {
    try {
      incoming.take(chunk)
    } catch {
      socket.destroy()
    }
  })
  socket.on('close', () => carrier.destroy())
  return new TLSSocket(carrier, {
    isServer: true,
    secureContext: createSecureContext({ ...certificate, maxVersion: 'TLSv1.2' }),
  })
}
