import { once } from 'node:events'
import { type Server, type Socket, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { OracleScenario } from './scenario.ts'
import type { Seen } from './seen.ts'
import { Session } from './session.ts'

/** A small Oracle server that drivers connect to over TCP. It knows the answers of its scenario and nothing else. */
export interface OracleStandIn {
  readonly port: number
  readonly seen: Seen
  setScenario(scenario: OracleScenario): void
  close(): Promise<void>
}

/** Starts a stand-in on 127.0.0.1; port 0 takes a free one. */
export const startOracle = async (
  scenario: OracleScenario,
  { port = 0 }: { readonly port?: number } = {},
): Promise<OracleStandIn> => {
  let current = scenario
  const seen: Seen = { logins: [], statements: [], fetches: 0, connectData: [], markers: 0, open: 0 }
  const sockets = new Set<Socket>()
  const onConnection = (socket: Socket): void => new Session(socket, () => current, seen).start()
  const { certificate } = scenario
  const server: Server = certificate ? createTlsServer(certificate, onConnection) : createServer(onConnection)
  server.on('tlsClientError', () => undefined)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    seen.open += 1
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      seen.open -= 1
    })
  })
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => socket.destroy()))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    seen,
    setScenario: (next) => {
      current = next
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
