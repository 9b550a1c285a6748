import { type Socket, createSocket } from 'node:dgram'
import type { Route } from '../route.ts'

/** Port of SQL Server Browser, and its messages CLNT_UCAST_INST and SVR_RESP (MC-SQLR 2.2). */
const browserPort = 1434
const askForInstance = 0x04
const response = 0x05
const responseHeader = 3
/** An answer about one instance has a header and at most 1,024 bytes (MC-SQLR 2.2.5). */
const maxAnswer = responseHeader + 1024
const maxPort = 65_535

/** UDP may lose a question or its answer: it is asked so often, one wait apart. */
const attempts = 3
const waitMs = 1000

/**
 * The TCP port in an answer such as `ServerName;HOST;InstanceName;X;…;tcp;49172;;`. It is a port of the host that was
 * asked, whatever host the answer names.
 */
const portIn = (answer: Buffer): number | null => {
  if (answer[0] !== response || answer.length > maxAnswer) return null
  const port = Number(/;tcp;(\d{1,5})(;|$)/i.exec(answer.toString('latin1', responseHeader))?.[1])
  return port >= 1 && port <= maxPort ? port : null
}

const askRepeatedly = (socket: Socket, request: Buffer, resolve: (port: null) => void): NodeJS.Timeout => {
  let asked = 0
  const ask = (): void => {
    if (asked === attempts) return resolve(null)
    asked += 1
    socket.send(request)
  }
  socket.once('connect', ask)
  return setInterval(ask, waitMs)
}

/**
 * Asks SQL Server Browser for the TCP port of a named instance; null if it gives none until `signal` or after three
 * questions. Rejects only as `lookup` does, if the host has no address.
 */
export const findInstancePort = async (
  host: string,
  lookup: Route['addressesOf'],
  instanceName: string,
  signal: AbortSignal,
  port = browserPort,
): Promise<number | null> => {
  const [found] = await lookup(host)
  if (signal.aborted || !found) return null
  const request = Buffer.from([askForInstance, ...Buffer.from(instanceName, 'latin1'), 0])
  const socket = createSocket(found.family === 6 ? 'udp6' : 'udp4')
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<number | null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true })
      socket.on('error', () => resolve(null))
      socket.on('message', (answer) => resolve(portIn(answer)))
      timer = askRepeatedly(socket, request, resolve)
      // Connected, so that answers of others do not count and a closed port is told at once.
      socket.connect(port, found.address)
    })
  } finally {
    clearInterval(timer)
    socket.close()
  }
}
