import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A small SQL Server Browser: tells clients the TCP port of a named instance. */
export interface SqlBrowserStandIn {
  readonly port: number
  close(): Promise<void>
}

/** Messages of the SQL Server Resolution Protocol (MC-SQLR 2.2): CLNT_BCAST_EX, CLNT_UCAST_EX, CLNT_UCAST_INST, SVR_RESP. */
const askForAll: readonly (number | undefined)[] = [0x02, 0x03]
const askForInstance = 0x04
const response = 0x05

type Instance = readonly [name: string, tcpPort: number]

const nameIn = (request: Buffer): string => {
  const end = request.indexOf(0, 1)
  return request.toString('latin1', 1, end < 0 ? request.length : end)
}

/** The instances that a request asks for; names ignore case. */
const asked = (request: Buffer, instances: readonly Instance[]): readonly Instance[] => {
  if (askForAll.includes(request[0])) return instances
  if (request[0] !== askForInstance) return []
  const wanted = nameIn(request).toUpperCase()
  return instances.filter(([name]) => name.toUpperCase() === wanted)
}

const answerOf = (instances: readonly Instance[]): Buffer => {
  const entries = instances.map(
    ([name, tcpPort]) =>
      `ServerName;STANDIN;InstanceName;${name};IsClustered;No;Version;16.0.1000.6;tcp;${tcpPort};;`,
  )
  const text = Buffer.from(entries.join(''), 'latin1')
  const header = Buffer.from([response, 0, 0])
  header.writeUInt16LE(text.length, 1)
  return Buffer.concat([header, text])
}

/** Starts a stand-in on UDP 127.0.0.1; port 0 takes a free one. As the real one, it says nothing to an unknown name. */
export const startSqlBrowser = async (
  { instances }: { readonly instances: Readonly<Record<string, number>> },
  { port = 0 }: { readonly port?: number } = {},
): Promise<SqlBrowserStandIn> => {
  const socket = createSocket('udp4')
  socket.on('message', (request, client) => {
    const found = asked(request, Object.entries(instances))
    if (found.length > 0) socket.send(answerOf(found), client.port, client.address)
  })
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    close: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}
