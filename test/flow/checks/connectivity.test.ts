import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type Server, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../../../shared/model/profile.ts'
import { type HttpsEndpoint, startHttpsEndpoint } from '../../emulators/https-endpoint.ts'
import { type BlackHole, openBlackHole } from '../../support/black-hole.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { credential, runCheck } from '../../support/run-check.ts'
import {
  type Ending,
  type Row,
  cellsIn,
  cellsOf,
  expectEnding,
  nothing,
  titleOf,
} from '../../support/status-table.ts'

const oss = 'OSS_INTERNAL_ENDPOINT_CONNECTIVITY'
const service = 'SERVICE_CONNECTIVITY'

let certificates: Certificates
let healthy: HttpsEndpoint
let untrusted: HttpsEndpoint
let hole: BlackHole
let silentPort: number
let babblingPort: number
const servers: Server[] = []

const listen = async (server: Server, port = 0): Promise<number> => {
  servers.push(server)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** Ends every connection with these words, in TLS. */
const saying = (words: string): Server =>
  createTlsServer(certificates, (socket) => {
    socket.on('error', () => undefined)
    socket.end(words)
  })

/**
 * Connections to a port that are not answered: how often the system has sent the SYN of each again (state 02 and the
 * field `retrnsmt` of /proc/net/tcp, proc(5)).
 */
const unanswered = (port: number): number[] => {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const sockets = readFileSync('/proc/net/tcp', 'latin1').split('\n')
  return sockets
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to, state]) => to?.endsWith(remote) && state === '02')
    .map((fields) => parseInt(fields[6] ?? '', 16))
}

/** Between two looks at the sockets of the machine, ms: a fraction of the time after which the system sends a SYN again. */
const lookMs = 100

/**
 * An endpoint that connects late: the first two SYNs fall into a black hole, and an endpoint listens there when the
 * system sends the third, which it does not before 2 s have passed (RFC 6298, section 2.1, and tcp_syn_linear_timeouts
 * of Linux).
 */
const openLate = async (): Promise<string> => {
  const dark = await openBlackHole()
  const before = unanswered(dark.port).length
  const open = async (): Promise<void> => {
    await dark.close()
    await listen(saying('HTTP/1.1 403 Forbidden\r\n\r\n'), dark.port)
  }
  const looking = setInterval(() => {
    const sentAgain = unanswered(dark.port).filter((times) => times > 0)
    if (sentAgain.length <= before) return
    clearInterval(looking)
    void open()
  }, lookMs)
  return `127.0.0.1:${dark.port}`
}

/** Host and port of everything that an item may look at. */
const places = {
  healthy: () => new URL(healthy.url).host,
  untrusted: () => new URL(untrusted.url).host,
  late: openLate,
  nameless: () => 'no-such-host.invalid',
  nowhere: () => '127.0.0.1:1',
  hole: () => `127.0.0.1:${hole.port}`,
  // The system connects to no broadcast address.
  unroutable: () => '255.255.255.255',
  silent: () => `127.0.0.1:${silentPort}`,
  babbling: () => `127.0.0.1:${babblingPort}`,
}

/** What a run meets. */
interface Scene {
  readonly at: keyof typeof places
  readonly limitMs?: number
  readonly untilDeadlineMs?: number
  /** The setting of the service is no address, and the registration has none of its own. */
  readonly isMisconfigured?: true
  readonly profile?: Profile
}

/** Leaves the probe 400 ms. */
const impatient = { limitMs: 650 }

const failing = (
  when: string,
  at: Scene['at'],
  because: string,
  scene: Partial<Scene> & { readonly remedy?: string } = {},
) => ({
  when,
  at,
  status: 'failed' as const,
  because,
  object: at,
  remedy: 'is the right address, that the service behind it runs',
  ...scene,
})

/** The items differ in where they look. */
const endings: (Ending & Scene & { readonly when: string })[] = [
  { when: 'it is answered with 403', at: 'healthy', status: 'passed', because: nothing },
  { when: 'it connects after more than 1 s', at: 'late', status: 'warning', because: 'SLOW_CONNECT' },
  failing('the name has no address', 'nameless', 'DNS_FAILED'),
  failing('nothing listens', 'nowhere', 'TCP_REFUSED'),
  failing('packets are dropped', 'hole', 'TCP_TIMEOUT', impatient),
  failing('there is no way to the address', 'unroutable', 'TCP_FAILED'),
  failing('nobody vouches for the certificate', 'untrusted', 'CERTIFICATE_UNTRUSTED', {
    remedy: 'set endpoints.ca in the registration to its certificate authority',
  }),
  failing('it accepts and falls silent', 'silent', 'TLS_FAILED', impatient),
  failing('it speaks no HTTP', 'babbling', 'HTTP_FAILED'),
  {
    when: 'it comes to run right before the deadline',
    at: 'healthy',
    status: 'timed_out',
    because: 'NO_TIME_LEFT',
    untilDeadlineMs: 400,
  },
  {
    when: 'the service is set up with an endpoint that is no address',
    at: 'healthy',
    status: 'error',
    because: 'PROBE_FAILED',
    isMisconfigured: true,
  },
  {
    when: 'the profile is native and the registration names no endpoint, whatever the service is set up with',
    at: 'healthy',
    status: 'skipped',
    because: 'NOT_APPLICABLE',
    profile: 'native',
    isMisconfigured: true,
  },
  {
    when: 'the profile is native and the registration names an endpoint',
    at: 'healthy',
    status: 'passed',
    because: nothing,
    profile: 'native',
  },
]
type Case = Row & Scene
const cases: Case[] = [oss, service].flatMap((item) => endings.map((ending) => ({ item, ...ending })))

/** Looks at one host as an item does; the other item of the registration is well. */
const runAt = (host: string, { item, limitMs, untilDeadlineMs, isMisconfigured, profile }: Case) => {
  const url = `https://${host}/`
  const ofItem =
    item === oss ? { oss: url, service: [healthy.url] } : { oss: healthy.url, service: [healthy.url, url] }
  return runCheck({
    checkItem: item,
    definition: {
      engine: 'oracle',
      region: 'cn-hangzhou',
      connection: { host: 'db.example', serviceName: 'orcl', credential },
      ...(profile && { profile }),
      ...(!isMisconfigured && { endpoints: { ...ofItem, ca: certificates.ca } }),
    },
    ...(isMisconfigured && { endpoints: { oss: 'https://[/', service: ['https://[/'] } }),
    ...(limitMs !== undefined && { limitMs }),
    ...(untilDeadlineMs !== undefined && { untilDeadlineMs }),
  })
}

beforeAll(async () => {
  certificates = await makeCertificates()
  healthy = await startHttpsEndpoint(certificates)
  untrusted = await startHttpsEndpoint(await makeCertificates())
  hole = await openBlackHole()
  silentPort = await listen(createServer(() => undefined))
  babblingPort = await listen(saying(`no HTTP at all ${'.'.repeat(5000)}`))
})
afterAll(async () => {
  for (const server of servers) server.close()
  await Promise.all([healthy.close(), untrusted.close(), hole.close()])
})

describe('the connectivity items', () => {
  it.each(cases.map((row) => [titleOf(row), row] as const))('%s', async (_, row) => {
    const host = await places[row.at]()
    const result = await runAt(host, row)
    expectEnding(result, row.status === 'failed' ? { ...row, object: host } : row)
  })

  it('have a row for every status that they can have', () => {
    expect(cellsIn(cases, [])).toEqual(cellsOf('all'))
  })
})
