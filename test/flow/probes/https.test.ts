import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import { type Server, createServer } from 'node:net'
import { type TLSSocket, createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpsProbe } from '../../../shared/adapters/https/https-probe.ts'
import { type HttpsEndpoint, startHttpsEndpoint } from '../../emulators/https-endpoint.ts'
import { pour } from '../../emulators/pour.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { inTime } from '../../support/in-time.ts'
import { growthOf } from '../../support/memory.ts'

let certificates: Certificates
let endpoint: HttpsEndpoint
const servers: Server[] = []

beforeAll(async () => {
  certificates = await makeCertificates()
  endpoint = await startHttpsEndpoint(certificates)
})
afterAll(async () => {
  await endpoint.close()
  for (const server of servers) server.close()
})

const listening = async (server: Server, host = '127.0.0.1'): Promise<number> => {
  servers.push(server)
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const reach = async (url: string, ca: string | undefined = certificates.ca, limitMs = 20_000) => {
  const outcome = await httpsProbe({ urls: [url], ...(ca && { ca }), limitMs })
  if (!('answer' in outcome) || !Array.isArray(outcome.answer)) throw new Error('no answer')
  return outcome.answer[0] as {
    failure: { phase: string; cause: string; kind: string } | null
    status: number | null
    address: string | null
    phases: Record<string, number | null>
  }
}

describe('an endpoint', () => {
  it('that answers with any status is reached, with the time of every phase', async () => {
    const { status, failure, address, phases } = await reach(endpoint.url)
    expect([status, failure, address]).toEqual([403, null, '127.0.0.1'])
    expect(Object.values(phases).every((ms) => typeof ms === 'number' && ms >= 0)).toBe(true)
  })

  it('is not taken for slow because this thread is busy', async () => {
    const busyMs = 1500
    const reached = reach(endpoint.url)
    for (const until = performance.now() + busyMs; performance.now() < until;);
    const { phases } = await reached
    expect(Math.max(...Object.values(phases).map(Number))).toBeLessThan(busyMs / 2)
  })

  it('without an address fails in DNS', async () => {
    const { failure, address, phases } = await reach('https://no-such-host.invalid/')
    expect([failure?.phase, failure?.cause, address, phases['connect']]).toEqual([
      'dns',
      'ENOTFOUND',
      null,
      null,
    ])
  })

  it('that refuses fails in TCP, at its address', async () => {
    const { failure, address } = await reach('https://127.0.0.1:1/')
    expect([failure?.phase, failure?.kind, address]).toEqual(['connect', 'refused', '127.0.0.1'])
  })

  it('whose certificate nobody vouches for fails in TLS', async () => {
    const { failure } = await reach(endpoint.url, '')
    expect(failure?.phase).toBe('tls')
    expect(failure?.cause).toMatch(/CERT|UNABLE/)
  })

  it('whose certificate is that of another name fails in TLS', async () => {
    const port = await listening(createTlsServer(certificates), '127.0.0.2')
    const { failure } = await reach(`https://127.0.0.2:${port}/`)
    expect(failure).toMatchObject({ phase: 'tls', cause: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  it('that accepts and falls silent fails in TLS at the limit', async () => {
    const port = await listening(createServer(() => undefined))
    const { failure, phases } = await reach(`https://127.0.0.1:${port}/`, '', 1000)
    expect([failure?.phase, failure?.kind]).toEqual(['tls', 'timeout'])
    expect(phases['tls']).toBeGreaterThan(200)
  })

  it('that speaks TLS and no HTTP fails in HTTP', async () => {
    const babbler = createTlsServer(certificates, (socket) => {
      socket.on('error', () => undefined)
      socket.end(`no HTTP at all ${'.'.repeat(5000)}`)
    })
    const { failure } = await reach(`https://localhost:${await listening(babbler)}/`)
    expect(failure?.phase).toBe('http')
  })
})

/** Calls `say` with what each client sends, from its first byte on. */
const hostile = async (say: (socket: TLSSocket) => void): Promise<string> => {
  const server = createTlsServer(certificates, (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => say(socket))
  })
  return `https://localhost:${await listening(server)}/`
}

describe('an endpoint that has been taken over', () => {
  it('and never stops to send is left at once, with or without a status, at no cost', async () => {
    const header = Buffer.from('X-Header: and one more\r\n'.repeat(1000))
    const withStatus = await hostile((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      pour(socket, { chunk: header })
    })
    const without = await hostile((socket) => pour(socket, { chunk: header }))
    const { value, grownMb } = await growthOf(() => Promise.all([reach(withStatus), reach(without)]))
    expect(value.map(({ status, failure }) => [status, failure?.phase])).toEqual([
      [200, undefined],
      [null, 'http'],
    ])
    expect(grownMb).toBeLessThan(100)
  })

  it('and lets the bytes drip is left at the limit', async () => {
    const url = await hostile((socket) => pour(socket, { chunk: Buffer.from('H'), everyMs: 20 }))
    const { failure } = await inTime(4000, reach(url, certificates.ca, 1000))
    expect([failure?.phase, failure?.kind]).toEqual(['http', 'timeout'])
  })
})

it('tries all endpoints at the same time and keeps their order', async () => {
  const silent = await listening(createServer(() => undefined))
  const urls = [`https://127.0.0.1:${silent}/`, endpoint.url]
  const outcome = await httpsProbe({ urls, ca: certificates.ca, limitMs: 1500 })
  expect(outcome).toMatchObject({ answer: [{ status: null }, { status: 403 }] })
})

it('notices a certificate that was replaced, although the server would resume the session before', async () => {
  // What resumes a session is kept over the change of the certificate, as servers of one name share it.
  const ticketKeys = randomBytes(48)
  const server = createHttpsServer({ ...certificates, ticketKeys }, (_, response) => response.end())
  const url = `https://localhost:${await listening(server)}/`
  expect((await reach(url)).failure).toBeNull()

  const { cert, key } = await makeCertificates()
  server.setSecureContext({ cert, key, ticketKeys })
  expect((await reach(url)).failure?.phase).toBe('tls')
})
