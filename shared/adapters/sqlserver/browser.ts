import { createSocket } from 'node:dgram'

/** Port of SQL Server Browser, and its messages CLNT_UCAST_INST and SVR_RESP (MC-SQLR 2.2). */
export const browserPort = 1434
const askForInstance = 0x04
const response = 0x05
const responseHeader = 3

/** The TCP port in an answer such as `ServerName;HOST;InstanceName;X;…;tcp;49172;;`. */
const portIn = (answer: Buffer): number | null => {
  if (answer[0] !== response) return null
  const port = /;tcp;(\d{1,5})(;|$)/i.exec(answer.toString('latin1', responseHeader))?.[1]
  return port === undefined ? null : Number(port)
}

/** Asks SQL Server Browser for the port of a named instance; null if it gives none within the limit. */
export const findInstancePort = (
  host: string,
  instanceName: string,
  limitMs: number,
  port = browserPort,
): Promise<number | null> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4')
    const end = (found: number | null): void => {
      clearTimeout(timer)
      socket.close()
      resolve(found)
    }
    const timer = setTimeout(() => end(null), limitMs)
    socket.once('message', (answer) => end(portIn(answer)))
    socket.once('error', () => end(null))
    const request = Buffer.concat([
      Buffer.from([askForInstance]),
      Buffer.from(instanceName, 'latin1'),
      Buffer.from([0]),
    ])
    socket.send(request, port, host, (fault) => {
      if (fault) end(null)
    })
  })
