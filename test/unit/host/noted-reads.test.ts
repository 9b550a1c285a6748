import { once } from 'node:events'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inCall, noteReads } from '../../../infra/host/noted-reads.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'

const notes: number[] = []
// As in a check thread: once for the whole process.
noteReads((callId) => notes.push(callId))

const echo = (socket: Socket): void => void socket.pipe(socket)

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

let certificates: Certificates
let plain: Server
let secret: Server
beforeAll(async () => {
  certificates = await makeCertificates()
  plain = createServer(echo)
  secret = createTlsServer(certificates, echo)
})
afterAll(() => {
  plain.close()
  secret.close()
})

/** Has the server answer, and tells who was noted by then. */
const notedAt = async (socket: Socket): Promise<readonly number[]> => {
  notes.length = 0
  socket.write('anybody?')
  await once(socket, 'data')
  return [...new Set(notes)]
}

it('every read is noted under the call that opened the socket, in TLS as well, and no other is', async () => {
  const port = await listen(plain)
  const tlsPort = await listen(secret)
  const one = inCall(1, () => connect(port, '127.0.0.1'))
  const two = inCall(2, () => connect(port, 'localhost'))
  const three = inCall(3, () => connectTls({ port: tlsPort, host: 'localhost', ca: certificates.ca }))
  const nobody = connect(port, '127.0.0.1')
  await Promise.all([once(one, 'connect'), once(two, 'connect'), once(three, 'secureConnect')])
  const noted = []
  for (const socket of [two, one, three, nobody, one]) noted.push(await notedAt(socket))
  expect(noted).toEqual([[2], [1], [3], [], [1]])
  for (const socket of [one, two, three, nobody]) socket.destroy()
})
