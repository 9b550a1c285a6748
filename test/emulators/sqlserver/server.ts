import { once } from 'node:events'
import { type Socket, createServer } from 'node:net'
import type { SqlServerScenario } from './scenario.ts'
import { type Seen, Session } from './session.ts'

/** A small SQL Server that drivers connect to over TCP (TDS 7.2 to 7.4, and TDS 8). It knows the answers of its scenario and nothing else. */
export interface SqlServerStandIn {
  readonly port: number
  readonly seen: Seen
  /** Takes effect with the next message of every connection. */
  setScenario(scenario: SqlServerScenario): void
  close(): Promise<void>
}

const withCertificate = (scenario: SqlServerScenario): SqlServerScenario => {
  const { tls = 'none', certificate } = scenario
  if (tls !== 'none' && !certificate) throw new Error(`A SQL Server with TLS "${tls}" needs a certificate`)
  return scenario
}

/** Starts a stand-in on 127.0.0.1; port 0 takes a free one. It waits for no acknowledgement, as the real one does not. */
export const startSqlServer = async (
  scenario: SqlServerScenario,
  { port = 0 }: { readonly port?: number } = {},
): Promise<SqlServerStandIn> => {
  let current = withCertificate(scenario)
  const seen: Seen = { logins: [], statements: [], settings: [], connections: 0, open: 0 }
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    seen.connections += 1
    seen.open += 1
    socket.on('error', () => socket.destroy())
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
