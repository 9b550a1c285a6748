import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { HttpFunction } from '../../shared/runtime/http-chain.ts'
import { httpEvent } from '../../shared/runtime/http.ts'

/** Bytes of a body that are read at most; the API itself refuses less and says so. */
const maxBody = 1024 * 1024

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // The rest is read and dropped, so that the answer still reaches the caller.
    if (size <= maxBody) chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

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

const serve = async (
  api: HttpFunction,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
  const requestId = randomUUID()
  const event = httpEvent({
    method: request.method ?? 'GET',
    path: pathname,
    query: joined(searchParams),
    headers: headersOf(request),
    body: await readBody(request),
    requestId,
  })
  const answer = await api(event, { requestId })
  response.writeHead(answer.statusCode, answer.headers).end(answer.body)
}

/** Stands in for the HTTP trigger: every request becomes its event. */
export const httpServer = (api: HttpFunction): Server =>
  createServer((request, response) => {
    serve(api, request, response).catch(() => {
      // The caller went away in the middle of its own body.
      response.destroy()
    })
  })
