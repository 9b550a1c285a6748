import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Between two pieces of an endless body, so that answers are seen in between, ms. */
const turnMs = 0

/** An answer as it came over the wire. */
interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** The answers in what a server has sent, all of which say how long they are. */
export const answersIn = (received: string): readonly RawAnswer[] => {
  const answers: RawAnswer[] = []
  for (let left = received; left !== '';) {
    const end = left.indexOf('\r\n\r\n')
    if (end === -1) throw new Error(`Half an answer: ${left}`)
    const head = left.slice(0, end)
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    const from = end + '\r\n\r\n'.length
    answers.push({ status: Number(head.slice(9, 12)), head, body: left.slice(from, from + length) })
    left = left.slice(from + length)
  }
  return answers
}

/** A connection that is written to byte by byte, and everything that comes back. */
export const rawConnection = async (port: number) => {
  const socket: Socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let received = ''
  let sent = 0
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')))
  // What comes after the end is for the tests to tell.
  socket.on('error', () => undefined)
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)))
  return {
    socket,
    /** Everything received, once the other end has closed the connection. */
    closed,
    received: () => received,
    sent: () => sent,
    write: (text: string) => socket.write(text, 'latin1'),
    /** Sends one piece after the other until the connection is gone, or until `maxBytes` are sent. */
    flood: async (piece: string, maxBytes: number) => {
      while (!socket.destroyed && sent < maxBytes) {
        sent += piece.length
        if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed])
        await sleep(turnMs)
      }
    },
  }
}
