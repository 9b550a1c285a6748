import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { Worker } from 'node:worker_threads'

/** An address that answers no SYN, as behind a firewall that drops packets. */
export interface BlackHole {
  readonly port: number
  close(): Promise<void>
}

/** Listens and then never gets to accept: its thread sleeps. */
const listener = `
const { parentPort } = require('node:worker_threads')
const server = require('node:net').createServer()
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})`

/** A connection on loopback takes far less; one that has not come by then waits for a place in the queue, ms. */
const patienceMs = 200

const isAccepted = (socket: Socket): Promise<boolean> =>
  new Promise((resolve) => {
    socket.setTimeout(patienceMs, () => resolve(false))
    socket.once('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
  })

/** Opens a port whose queue of connections is full, so that the system drops whoever comes next. */
export const openBlackHole = async (): Promise<BlackHole> => {
  const worker = new Worker(listener, { eval: true })
  const [port]: number[] = await once(worker, 'message')
  if (port === undefined) throw new Error('the listener has no port')
  const queued: Socket[] = []
  do queued.push(connect({ port, host: '127.0.0.1' }))
  while (await isAccepted(queued.at(-1) as Socket))
  return {
    port,
    close: async () => {
      for (const socket of queued) socket.destroy()
      await worker.terminate()
    },
  }
}
