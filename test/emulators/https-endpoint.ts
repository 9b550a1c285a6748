import { once } from 'node:events'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'

/** A local HTTPS endpoint that stands for OSS or the control network. Answers 403, as OSS does to a stranger. */
export interface HttpsEndpoint {
  readonly url: string
  close(): Promise<void>
}

/** Starts an endpoint on localhost. */
export const startHttpsEndpoint = async (certificate: {
  readonly key: string
  readonly cert: string
}): Promise<HttpsEndpoint> => {
  const sockets = new Set<Socket>()
  const server = createServer(certificate, (_, response) => response.writeHead(403).end())
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `https://localhost:${port}/`,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
