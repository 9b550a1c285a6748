import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Body, type HttpRequest, maxBodyBytes } from './http.ts'

/** Repeated headers and query parameters are joined by commas, as the HTTP trigger does. */
const joined = (entries: Iterable<readonly [string, string]>): Record<string, string> => {
  const record = new Map<string, string>()
  for (const [name, value] of entries) {
    const known = record.get(name)
    record.set(name, known === undefined ? value : `${known},${value}`)
  }
  return Object.fromEntries(record)
}

const headersOf = (request: IncomingMessage): Record<string, string> =>
  joined(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value] as const],
    ),
  )

/** Scheme and authority of a target in absolute form (RFC 9112, 3.2.2), which servers must take too. */
const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i

/**
 * Path and query of a request target. Whatever it is: `//host/path` is a path, and neither a path that climbs nor an
 * address that is none is put right, since a proxy may have let it through for what it is.
 */
const targetOf = (target: string): Pick<HttpRequest, 'path' | 'query'> => {
  const [path = '', ...query] = target.replace(origin, '').split('?')
  return { path: path === '' ? '/' : path, query: joined(new URLSearchParams(query.join('?'))) }
}

/** Reads the body up to the limit; what is over it is left where it is. */
const collect = (request: IncomingMessage): Promise<Body> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const take = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes <= maxBodyBytes) return void chunks.push(chunk)
      request.off('data', take)
      request.pause()
      resolve({ unread: 'too-large' })
    }
    request.on('data', take)
    request.once('end', () => resolve({ text: Buffer.concat(chunks).toString('utf8') }))
    request.once('error', () => resolve({ unread: 'cut-off' }))
    request.once('close', () => resolve({ unread: 'cut-off' }))
  })

const readBody = async (request: IncomingMessage, response: ServerResponse | null): Promise<Body> => {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > maxBodyBytes) return { unread: 'too-large' }
  if (request.headers.expect?.toLowerCase() === '100-continue') response?.writeContinue()
  return collect(request)
}

/** A request as the API sees it. `response`: where the caller is told to go on with a body; null: there is none. */
export const requestOf = (
  request: IncomingMessage,
  response: ServerResponse | null,
  requestId: string,
): HttpRequest => ({
  method: request.method ?? '',
  ...targetOf(request.url ?? '/'),
  headers: headersOf(request),
  readBody: () => readBody(request, response),
  address: request.socket.remoteAddress ?? '',
  requestId,
})
