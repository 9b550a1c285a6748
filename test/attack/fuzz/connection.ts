import { type Socket, connect } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** An answer as it came over the wire, its body decompressed; names of headers in lower case. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A connection that is asked one request after the other, as bytes, and opened anew where the server has closed it. */
export interface Connection {
  /** `isHead`: the answer has no body, whatever its length says. Rejects without a whole answer in `limitMs`. */
  readonly ask: (request: Buffer, isHead: boolean, limitMs: number) => Promise<WireAnswer>
  readonly close: () => void
}

/** Node.js closes what has been idle for 5 s; a busy machine may be late to say so, ms. */
const idleMs = 2000

const endOfHead = '\r\n\r\n'

const headersOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )

/** HEAD names the encoding of a body that it does not have. */
const textOf = (headers: Readonly<Record<string, string>>, body: Buffer): string =>
  (headers['content-encoding'] === 'gzip' && body.length > 0 ? gunzipSync(body) : body).toString('utf8')

/** The answer that some bytes begin with; null while it is not whole. */
const answerIn = (received: Buffer, isHead: boolean): WireAnswer | null => {
  const end = received.indexOf(endOfHead)
  if (end === -1) return null
  const [first = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n')
  const headers = headersOf(lines)
  const body = received.subarray(end + endOfHead.length)
  const length = isHead ? 0 : Number(headers['content-length'] ?? 0)
  if (body.length < length) return null
  // Where the head could not be read, the server does not know that it was HEAD; that answer is the last one.
  const isWhole = isHead && headers['connection'] === 'close'
  if (body.length > length && !isWhole)
    throw new Error(`more than one answer: ${received.toString('latin1')}`)
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]), headers, body: textOf(headers, body) }
}

const askOn = (socket: Socket, request: Buffer, isHead: boolean, limitMs: number): Promise<WireAnswer> =>
  new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const settle = (result: WireAnswer | Error): void => {
      clearTimeout(timer)
      socket.off('data', onData).off('close', onClose)
      if (!(result instanceof Error)) return resolve(result)
      socket.destroy()
      reject(result)
    }
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk])
      try {
        const answer = answerIn(received, isHead)
        if (answer) settle(answer)
      } catch (cause) {
        settle(cause as Error)
      }
    }
    const onClose = (): void => settle(new Error(`closed after ${received.length} bytes of an answer`))
    const timer = setTimeout(() => settle(new Error(`no answer in ${limitMs} ms`)), limitMs)
    socket.on('data', onData).on('close', onClose)
    socket.write(request)
  })

/** Connects to a port of this machine when it is asked first. */
export const connectionTo = (port: number): Connection => {
  let socket: Socket | null = null
  let lastAt = 0
  const drop = (): void => {
    socket?.destroy()
    socket = null
  }
  const open = (): Socket => {
    const opened = connect(port, '127.0.0.1')
    opened.setNoDelay(true)
    // Whoever asks hears of it by the close that follows.
    opened.on('error', () => undefined)
    opened.once('close', () => {
      if (socket === opened) socket = null
    })
    return opened
  }
  return {
    ask: async (request, isHead, limitMs) => {
      // One that has been idle for a while the server may close at the very moment.
      if (performance.now() - lastAt > idleMs) drop()
      socket ??= open()
      const answer = await askOn(socket, request, isHead, limitMs).catch((cause: unknown) => {
        drop()
        throw cause
      })
      lastAt = performance.now()
      if (answer.headers['connection'] === 'close') drop()
      return answer
    },
    close: drop,
  }
}
