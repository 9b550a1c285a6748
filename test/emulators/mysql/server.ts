import { once } from 'node:events'
import { type Socket, createServer } from 'node:net'
import type { MySqlScenario } from './scenario.ts'
import { type Seen, Session } from './session.ts'

/** A small MySQL that drivers connect to over TCP (protocol 4.1). It knows the answers of its scenario and nothing else. */
export interface MySqlStandIn {
  readonly port: number
  readonly seen: Seen
  /** Takes effect with the next message of every connection. */
  setScenario(scenario: MySqlScenario): void
  close(): Promise<void>
}

const withCertificate = (scenario: MySqlScenario): MySqlScenario => {
  const { tls = 'none', certificate } = scenario
  if (tls !== 'none' && !certificate) throw new Error(`A MySQL with TLS "${tls}" needs a certificate`)
  return scenario
}

/** Starts a stand-in on 127.0.0.1; port 0 takes a free one. */
export const startMySql = async (
  scenario: MySqlScenario,
  { port = 0 }: { readonly port?: number } = {},
): Promise<MySqlStandIn> => {
  let current = withCertificate(scenario)
  const seen: Seen = {
    logins: [],
    statements: [],
    settings: [],
    passwords: [],
    programs: [],
    files: [],
    fileSenders: 0,
    goodbyes: 0,
    connections: 0,
    open: 0,
  }
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    seen.connections += 1
    seen.open += 1
    socket.on('error', () => socket.destroy())
    socket.on('end', () => {
      if (!current.staysOpen) return socket.end()
      // What is sent to a client that has really closed ends the connection.
      const sending = setInterval(() => socket.write('more'), 20)
      socket.on('close', () => clearInterval(sending))
      return undefined
    })
    socket.on('close', () => {
      sockets.delete(socket)
      seen.open -= 1
    })
    new Session(socket, () => current, seen).start()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    seen,
    setScenario: (next) => {
      current = withCertificate(next)
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
