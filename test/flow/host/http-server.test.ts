import { once } from 'node:events'
import type { Server } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { httpServer } from '../../../infra/host/http-server.ts'
import { createHandler } from '../../../functions/api/handler.ts'
import { healthOf } from '../../../shared/runtime/health/health.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'
import type { AnswerJson } from '../../support/answer-json.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'
import { answersIn, rawConnection } from '../../support/raw-http.ts'

const log = jsonLog('error', () => undefined)
const surroundings = { health: healthOf({}, () => new Date()), sleep: async () => undefined }
const deaf = { connections: 64, headersMs: 60_000, requestMs: 60_000 }

let api: TestApi
const servers: Server[] = []

const listen = async (limits = deaf): Promise<number> => {
  const server = httpServer(createHandler({ ...api.runtime, ...surroundings }, log), limits)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

beforeAll(async () => {
  api = await startApi(probesGiving(() => Promise.reject(new Error('no database is asked'))))
})
afterAll(() => api.close())
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

const problemIn = (received: string): AnswerJson => {
  const [answer] = answersIn(received)
  expect(answer?.head).toMatch(/^content-type: application\/problem\+json/im)
  const problem = JSON.parse(answer?.body ?? '') as AnswerJson
  expect(problem['status']).toBe(answer?.status)
  return problem
}

/** What a server answers to bytes, after which it closes the connection or is asked to. */
const answerTo = async (request: string, port?: number): Promise<string> => {
  const connection = await rawConnection(port ?? (await listen()))
  connection.write(request)
  return connection.closed
}

const closing = 'Connection: close\r\n\r\n'
const megabyte = 1024 * 1024
const chunkOf = (bytes: number): string => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`

it('HEAD is answered as GET, without the body', async () => {
  const [head = '', body] = (await answerTo(`HEAD /healthz HTTP/1.1\r\nHost: a\r\n${closing}`)).split(
    '\r\n\r\n',
  )
  expect(head).toMatch(/^HTTP\/1\.1 200 /)
  expect(head).toContain('application/health+json')
  expect(body).toBe('')
})

describe('what can be parsed gets a problem document', () => {
  it.each([
    ['a path of two slashes', 'GET //', 404],
    ['a path with a port out of range', 'GET //x:99999/', 404],
    ['an origin that is none', 'GET http://[', 404],
    ['an absolute form that leads nowhere', 'GET http://other.example/nowhere', 404],
    ['an absolute form without a token', 'GET http://other.example/v1/instances', 401],
    ['an asterisk', 'OPTIONS *', 404],
    ['an authority', 'CONNECT db.example:1521', 404],
    ['a path that climbs', 'GET /v1/../healthz', 404],
    ['a method that is not known here', 'PROPFIND /v1/instances', 405],
  ])('for %s', async (_, line, status) => {
    const received = await answerTo(`${line} HTTP/1.1\r\nHost: a\r\n${closing}`)
    expect(problemIn(received)['status']).toBe(status)
  })

  it.each([
    ['two Host headers', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n'],
    ['the same Host header twice', 'GET /healthz HTTP/1.1\r\nHost: a\r\nhost: a\r\n'],
    ['no Host header', 'GET /healthz HTTP/1.1\r\n'],
    ['a header without a name', 'GET /healthz HTTP/1.1\r\nHost: a\r\n: b\r\n'],
    ['two lengths', 'PUT /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n'],
    ['something else than HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ])('is refused as malformed with %s', async (_, head) => {
    const problem = problemIn(await answerTo(`${head}${closing}`))
    expect([problem['code'], problem['status']]).toEqual(['REQUEST_MALFORMED', 400])
  })

  it('is refused with headers that are too large', async () => {
    const head = `GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n`
    expect(problemIn(await answerTo(`${head}${closing}`))['code']).toBe('HEADERS_TOO_LARGE')
  })

  it('serves an absolute form for what it names', async () => {
    const received = await answerTo(`GET http://other.example/healthz HTTP/1.1\r\nHost: a\r\n${closing}`)
    expect(answersIn(received)).toMatchObject([{ status: 200, body: '{"status":"pass","checks":{}}' }])
  })

  it('never writes over an answer that has begun', async () => {
    const received = await answerTo('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nnot a request\r\n\r\n')
    expect(answersIn(received).length).toBeLessThanOrEqual(2)
  })
})

describe('a body is read once everything else is right', () => {
  const put = (token: string, headers: string): string =>
    `PUT /v1/instances/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n${headers}\r\n`

  it.each([
    ['no route', 'POST /nowhere HTTP/1.1\r\nHost: a\r\n', 404],
    ['a wrong method', 'POST /v1/instances HTTP/1.1\r\nHost: a\r\n', 405],
    ['no token', 'PUT /v1/instances/a HTTP/1.1\r\nHost: a\r\n', 401],
  ])('not with %s: the answer comes before it', async (_, head, status) => {
    const connection = await rawConnection(await listen())
    connection.write(`${head}Content-Length: 1000\r\n\r\n`)
    expect(problemIn(await connection.closed)['status']).toBe(status)
    expect(connection.received()).toMatch(/^connection: close\r?$/im)
  })

  it('not with a token that may not: the answer comes before it', async () => {
    const received = await answerTo(put(api.tokens.read, 'Content-Length: 1000\r\n'))
    expect(problemIn(received)['status']).toBe(403)
  })

  it('not where it is announced as too large', async () => {
    const received = await answerTo(put(api.tokens.admin, `Content-Length: ${10 * megabyte}\r\n`))
    expect(problemIn(received)['code']).toBe('BODY_TOO_LARGE')
  })

  it.each([
    ['with a token', () => api.tokens.admin, 'BODY_TOO_LARGE'],
    ['without a right one', () => 'guessed', 'TOKEN_INVALID'],
  ])('and one that is too large gets an answer before the connection ends, %s', async (_, token, code) => {
    const head = put(token(), 'Transfer-Encoding: chunked\r\n')
    const received = await answerTo(`${head}${chunkOf(300_000)}0\r\n\r\n`)
    expect(problemIn(received)['code']).toBe(code)
    expect(received).toMatch(/^connection: close\r?$/im)
  })

  it.each([
    ['with a token', () => api.tokens.admin],
    ['without a right one', () => 'guessed'],
  ])('and an endless one ends the connection, %s', async (_, token) => {
    const connection = await rawConnection(await listen())
    connection.write(put(token(), 'Transfer-Encoding: chunked\r\n'))
    await connection.flood(chunkOf(megabyte), 64 * megabyte)
    await connection.closed
    expect(connection.sent()).toBeLessThan(16 * megabyte)
  })

  it('of a caller that goes away, is nothing to log', async () => {
    const connection = await rawConnection(await listen())
    connection.write(`${put(api.tokens.admin, 'Content-Length: 1000\r\n')}{"engine":`)
    connection.socket.destroySoon()
    await connection.closed
    expect(api.lines.join('')).not.toContain('api.failed')
  })

  it('and is asked for where the caller waits for that', async () => {
    const port = await listen()
    const waiting = 'Expect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n'
    const asked = await rawConnection(port)
    asked.write(put(api.tokens.admin, waiting))
    await expect.poll(() => asked.received()).toContain('100 Continue')
    asked.write('{}')
    expect(await asked.closed).toContain('422 Unprocessable')
    const refused = await answerTo(put('guessed', waiting), port)
    expect([refused.includes('100 Continue'), problemIn(refused)['status']]).toEqual([false, 401])
  })

  it('and the next request of the connection is served', async () => {
    const connection = await rawConnection(await listen())
    const first = put(api.tokens.admin, 'Content-Length: 2\r\n')
    connection.write(`${first}{}GET /healthz HTTP/1.1\r\nHost: a\r\n${closing}`)
    expect(answersIn(await connection.closed).map(({ status }) => status)).toEqual([422, 200])
  })
})

describe('what takes too much', () => {
  it.each([
    ['headers', '', 'headersMs'],
    ['a connection that says nothing', null, 'headersMs'],
    ['a body', `Content-Length: 10\r\nConnection: close\r\n\r\n`, 'requestMs'],
  ] as const)('is given up: %s that do not come', async (_, rest, limit) => {
    const connection = await rawConnection(
      await listen({ ...deaf, headersMs: 50, [limit]: 100, requestMs: 100 }),
    )
    const head = `PUT /v1/instances/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${api.tokens.admin}\r\n`
    if (rest !== null) connection.write(head + rest)
    expect(problemIn(await connection.closed)['code']).toBe('REQUEST_TIMEOUT')
  })

  it('is one connection too many, which is closed', async () => {
    const port = await listen({ ...deaf, connections: 1 })
    const first = await rawConnection(port)
    const second = await rawConnection(port)
    expect(await second.closed).toBe('')
    first.write(`GET /healthz HTTP/1.1\r\nHost: a\r\n${closing}`)
    expect(await first.closed).toContain('200 OK')
  })
})
