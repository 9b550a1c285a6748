import { once } from 'node:events'
import {
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  createServer as createHttpServer,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type Server, type Socket, createServer } from 'node:net'
import { performance } from 'node:perf_hooks'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { webhookSender } from '../../../shared/adapters/webhook/webhook-sender.ts'
import type { WebhookAnswer, WebhookRequest } from '../../../shared/webhooks/delivery/webhook-sender.ts'
import { type DnsServer, startDnsServer } from '../../emulators/dns/server.ts'
import { openBlackHole } from '../../support/black-hole.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { inTime } from '../../support/in-time.ts'

const rules = { allowHttp: true, allowedNetworks: ['127.0.0.0/8'] }
const secret = 's3cr3t'

let certificates: Certificates
let dns: DnsServer
let resourcesBefore = 0
const servers: Server[] = []
const accepted = new Set<Socket>()

/** Connections of this process that are open or come to be, at either end. */
const connections = (): number =>
  process.getActiveResourcesInfo().filter((resource) => /^TCP(Socket|Connect)Wrap$/.test(resource)).length

const nothingLeft = async (): Promise<void> => {
  await expect.poll(connections, { interval: 2 }).toBe(resourcesBefore)
  await expect.poll(() => accepted.size, { interval: 2 }).toBe(0)
}

beforeAll(async () => {
  certificates = await makeCertificates()
  dns = await startDnsServer({
    localhost: { A: [['127.0.0.1']] },
    'other.test': { A: [['127.0.0.1']] },
    'two.test': { A: [['127.0.0.3', '127.0.0.1']] },
    'silent.test': 'silent',
  })
})
beforeEach(() => {
  resourcesBefore = connections()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await nothingLeft()
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => dns.close())

/** Listens on 127.0.0.1 until the test is over; resolves with the port. */
const listening = async (server: Server): Promise<number> => {
  servers.push(server)
  server.on('connection', (socket: Socket) => {
    accepted.add(socket)
    socket.on('close', () => accepted.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const answering = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(createHttpServer(listener))}/${secret}?key=${secret}`

/** A receiver that does this with every connection after the first bytes have come. */
const behaving = async (behave: (socket: Socket) => void): Promise<string> =>
  `http://127.0.0.1:${await listening(
    createServer((socket) => void socket.once('data', () => behave(socket)).resume()),
  )}/${secret}?key=${secret}`

const post = async (
  url: string,
  request: Partial<WebhookRequest> = {},
  ca?: string,
): Promise<WebhookAnswer> => {
  const send = webhookSender(rules, { lookup: dns.lookup, ...(ca !== undefined && { ca }) })
  const answer = await send({ url, headers: {}, body: '{}', limitMs: 5000, ...request })
  if ('failure' in answer) expect(answer.failure.detail).not.toContain(secret)
  return answer
}

const failureOf = (answer: WebhookAnswer): string =>
  'failure' in answer ? `${answer.failure.code}: ${answer.failure.detail}` : `status ${answer.status}`

describe('a receiver', () => {
  it('gets the headers and the body, and its answer comes back', async () => {
    const seen: unknown[] = []
    const record = async (request: IncomingMessage, response: ServerResponse) => {
      const { method, url: path, headers: sent } = request
      seen.push({ method, path, body: await text(request), ...sent })
      response.writeHead(202).end('так')
    }
    const url = await answering((request, response) => void record(request, response))
    const body = '{"text":"备份预检"}'
    const headers = { 'content-type': 'application/json', 'webhook-id': 'evt_1' }
    const answer = await post(url, { body, headers })
    expect(answer).toEqual({ status: 202, body: 'так', retryAfterMs: null })
    expect(seen).toEqual([
      {
        method: 'POST',
        path: `/${secret}?key=${secret}`,
        body,
        ...headers,
        host: new URL(url).host,
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      },
    ])
  })

  it.each([200, 204, 400, 404, 410, 429, 500, 503])('may answer with status %i', async (status) => {
    const url = await answering((_, response) => response.writeHead(status).end())
    expect(await post(url)).toEqual({ status, body: '', retryAfterMs: null })
  })

  it('says for how long it wants to be left alone, in seconds or as a date', async () => {
    const values = ['120', new Date(Date.now() + 3_600_000).toUTCString(), 'soon', '-1']
    const url = await answering((_, response) =>
      response.writeHead(429, { 'retry-after': values.shift() }).end(),
    )
    const asked = async () => {
      const answer = await post(url)
      return 'failure' in answer ? undefined : answer.retryAfterMs
    }
    expect(await asked()).toBe(120_000)
    const untilDate = await asked()
    expect(untilDate).toBeGreaterThan(3_590_000)
    expect(untilDate).toBeLessThanOrEqual(3_600_000)
    expect(await asked()).toBeNull()
    expect(await asked()).toBeNull()
  })

  it('is called at its next address where the first does not accept', async () => {
    const url = new URL(await answering((_, response) => response.end()))
    expect(await post(`http://two.test:${url.port}/`)).toMatchObject({ status: 200 })
  })

  it('is called directly, whatever proxy the environment names', async () => {
    for (const name of [
      'HTTP_PROXY',
      'HTTPS_PROXY',
      'http_proxy',
      'https_proxy',
      'ALL_PROXY',
      'NODE_USE_ENV_PROXY',
    ])
      vi.stubEnv(name, 'http://127.0.0.1:1')
    const url = await answering((_, response) => response.end())
    expect(await post(url)).toMatchObject({ status: 200 })
  })
})

describe('an answer', () => {
  it.each([200, 500])('without an end is cut off, and its status %i told', async (status) => {
    const url = await answering((_, response) => {
      response.writeHead(status)
      const babble = () => {
        while (response.write('x'.repeat(10_000)));
      }
      response.on('drain', babble)
      babble()
    })
    const answer = await post(url)
    expect(answer).toMatchObject({ status, retryAfterMs: null })
    expect('body' in answer && answer.body.length).toBe(65_536)
  })

  it('with headers beyond all measure is refused', async () => {
    const url = await behaving((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`))
    expect(failureOf(await post(url))).toMatch(/^ANSWER_TOO_LARGE/)
  })

  it('that is not HTTP is refused', async () => {
    const url = await behaving((socket) => socket.write('+OK ready\r\n'))
    expect(failureOf(await post(url))).toMatch(/^ANSWER_REFUSED/)
  })

  it('that changes the protocol is refused', async () => {
    const url = await behaving((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'),
    )
    expect(failureOf(await post(url))).toMatch(/^ANSWER_REFUSED/)
  })

  it.each([300, 301, 302, 303, 304, 307, 308])('that redirects is not followed: %i', async (status) => {
    const inside = vi.fn<RequestListener>((_, response) => response.end())
    const target = await answering(inside)
    const url = await answering((_, response) => response.writeHead(status, { location: target }).end())
    expect(failureOf(await post(url))).toMatch(/^REDIRECTED/)
    expect(inside).not.toHaveBeenCalled()
  })
})

it('a receiver that redirects and holds the connection is hung up on', async () => {
  const url = await behaving((socket) => {
    socket.write('HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 9999\r\n\r\n')
  })
  expect(failureOf(await post(url))).toMatch(/^REDIRECTED/)
})

describe('the time limit', () => {
  const limitMs = 300

  const timedOut = async (url: string): Promise<void> => {
    const from = performance.now()
    expect(failureOf(await inTime(limitMs * 5, post(url, { limitMs })))).toMatch(/^TIMED_OUT/)
    // Timers may be a little early.
    expect(performance.now() - from).toBeGreaterThan(limitMs - 10)
  }

  it('holds for a receiver that never answers', async () => {
    await timedOut(await behaving(() => undefined))
  })

  it('holds for one that never gets through TLS', async () => {
    const port = await listening(createServer((socket) => void socket.resume()))
    await timedOut(`https://localhost:${port}/`)
  })

  it('holds for one whose network drops what is sent', async () => {
    const hole = await openBlackHole()
    await timedOut(`http://127.0.0.1:${hole.port}/`)
    await hole.close()
  })

  it('holds for a name server that never answers', async () => {
    await timedOut('http://silent.test/')
  })

  it('holds for a lookup that never ends', async () => {
    const send = webhookSender(rules, { lookup: () => new Promise(() => undefined) })
    const answer = await send({ url: 'https://hooks.example.com/', headers: {}, body: '', limitMs: 20 })
    expect(failureOf(answer)).toBe('TIMED_OUT: There was no complete answer within 20 ms.')
  })

  it.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'],
    ['informational answers', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['the body', 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', 'x'],
    ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  ])('holds for one that drips: %s', async (_, start, drop) => {
    await timedOut(
      await behaving((socket) => {
        socket.write(start)
        const dripping = setInterval(() => socket.write(drop), 20)
        socket.on('close', () => clearInterval(dripping))
      }),
    )
  })
})

describe('TLS', () => {
  const secured = async (host: string): Promise<string> =>
    `https://${host}:${await listening(
      createHttpsServer({ key: certificates.key, cert: certificates.cert }, (_, response) =>
        response.end('ok'),
      ),
    )}/${secret}`

  it.each(['localhost', 'LOCALHOST.', '127.0.0.1'])(
    'is verified with the name that was called: %s',
    async (host) => {
      expect(await post(await secured(host), {}, certificates.ca)).toMatchObject({ status: 200, body: 'ok' })
    },
  )

  it('refuses a certificate that nobody vouches for', async () => {
    expect(failureOf(await post(await secured('localhost')))).toMatch(/^TLS_FAILED: .*(UNABLE|SELF_SIGNED)/)
  })

  it('refuses it as well where the environment switches verification off', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    expect(failureOf(await post(await secured('localhost')))).toMatch(/^TLS_FAILED/)
  })

  it.each(['other.test', '[::ffff:127.0.0.1]'])(
    'refuses a certificate for another host: %s',
    async (host) => {
      expect(failureOf(await post(await secured(host), {}, certificates.ca))).toMatch(
        /^TLS_FAILED: .*ALTNAME/,
      )
    },
  )
})

describe('a connection', () => {
  it('that is refused fails', async () => {
    const port = await listening(createServer())
    const [server] = servers.splice(0)
    server?.close()
    await once(server as Server, 'close')
    expect(failureOf(await post(`http://127.0.0.1:${port}/`))).toBe(
      'UNREACHABLE: The connection failed: ECONNREFUSED.',
    )
  })

  it.each([
    ['before the answer', ''],
    ['in the headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['in the body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'],
  ])('that breaks off %s fails', async (_, start) => {
    for (const end of ['resetAndDestroy', 'destroy'] as const) {
      const url = await behaving((socket) => void socket.write(start, () => socket[end]()))
      expect(failureOf(await post(url))).toMatch(/^UNREACHABLE/)
    }
  })

  it('to a name that does not exist fails', async () => {
    expect(failureOf(await post('https://nowhere.test/'))).toBe(
      'NAME_NOT_FOUND: The host name nowhere.test cannot be resolved: ENOTFOUND.',
    )
  })

  it('cannot be made with invalid headers, and says so', async () => {
    const answer = await post('http://127.0.0.1:1/', { headers: { 'webhook-id': 'a\r\nb' } })
    expect(failureOf(answer)).toMatch(/^UNREACHABLE: .*ERR_INVALID_CHAR/)
  })
})
