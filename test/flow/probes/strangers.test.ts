import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Socket, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { oracleProbe } from '../../../shared/adapters/oracle/oracle-probe.ts'
import { sqlServerProbe } from '../../../shared/adapters/sqlserver/sqlserver-probe.ts'
import type { Problem } from '../../../shared/checks/problems/problem.ts'
import { renderReason } from '../../../shared/checks/render.ts'
import { MySqlConnection } from '../../../shared/model/connections/mysql.ts'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import type { Login } from '../../../shared/ports/probe.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { inTime } from '../../support/in-time.ts'
import { mariaDb } from '../../support/servers/mariadb.ts'
import { hasNginx, startNginx } from '../../support/servers/nginx.ts'
import { openSsh } from '../../support/servers/openssh.ts'
import { postgreSql } from '../../support/servers/postgresql.ts'
import { redis } from '../../support/servers/redis.ts'

/**
 * A registration with a wrong port: real servers of other kinds, against the probes with their real drivers. What is
 * not installed is skipped, and the title says which package of Debian has it.
 */

const password = 'never-to-be-seen-anywhere'
type To = readonly [port: number, limitMs: number]

/** A login at a port of this machine, by engine and mode of TLS. The authority of the certificates here is trusted. */
const logins = {
  'SQL Server without TLS': (...to: To) => atSqlServer('off', ...to),
  'SQL Server with TLS': (...to: To) => atSqlServer('required', ...to),
  'SQL Server with TLS first': (...to: To) => atSqlServer('strict', ...to),
  'Oracle without TLS': (...to: To) => atOracle('off', ...to),
  'Oracle with TLS': (...to: To) => atOracle('required', ...to),
  'MySQL without TLS': (...to: To) => atMySql('off', ...to),
  'MySQL with TLS': (...to: To) => atMySql('required', ...to),
} as const
type Way = keyof typeof logins
const ways = Object.keys(logins) as Way[]

const about = { host: 'localhost', credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_X' } }

const atSqlServer = (mode: 'off' | 'required' | 'strict', ...[port, limitMs]: To): Promise<Login> => {
  const connection = SqlServerConnection.parse({ ...about, port, tls: { mode, ca: certificates.ca } })
  return sqlServerProbe(null)({ engine: 'sqlserver', connection }, { password, limitMs })
}

const atOracle = (mode: 'off' | 'required', ...[port, limitMs]: To): Promise<Login> => {
  const tls = mode === 'off' ? { mode } : { mode, ca: certificates.ca }
  const connection = OracleConnection.parse({ ...about, port, serviceName: 'orcl', tls })
  return oracleProbe(null)({ engine: 'oracle', connection }, { password, limitMs })
}

const atMySql = (mode: 'off' | 'required', ...[port, limitMs]: To): Promise<Login> => {
  const connection = MySqlConnection.parse({ ...about, port, tls: { mode, ca: certificates.ca } })
  return mysqlProbe(null)({ engine: 'mysql', connection }, { password, limitMs })
}

/** The password as it is, and as LOGIN7 of SQL Server disguises it (MS-TDS 2.2.6.4). */
const tracesOfPassword: readonly Buffer[] = [
  Buffer.from(password),
  Buffer.from(password, 'utf16le'),
  Buffer.from(Buffer.from(password, 'utf16le').map((byte) => (((byte << 4) | (byte >> 4)) & 0xff) ^ 0xa5)),
]

/** Hands connections on to a port, and keeps what their clients send. */
const startTap = async (port: number) => {
  const sent: Buffer[] = []
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1')
    for (const each of [socket, onward]) each.on('error', () => undefined)
    sockets.push(socket, onward)
    socket.on('data', (chunk: Buffer) => sent.push(chunk))
    socket.pipe(onward).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    sent: () => Buffer.concat(sent),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const problemIn = (login: Login | undefined): Problem => {
  if (login && 'problem' in login) return login.problem
  throw new Error('a stranger took the login')
}

/** What is said of a stranger: in the text, or where that cannot know it, in the advice. */
const expectClear = ({ code, params }: Problem): void => {
  const en = renderReason({ code, params }, 'en')
  const zh = renderReason({ code, params }, 'zh')
  expect(`${en.text} ${en.advice}`).toMatch(/another service/i)
  expect(zh.text + zh.advice).toContain('其他服务')
  expect(JSON.stringify([en, zh])).not.toMatch(/\{\w+\}/)
}

let folder: string
let certificates: Certificates
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-strangers-'))
  certificates = await makeCertificates()
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Stranger {
  readonly debianPackage: string
  readonly isInstalled: boolean
  readonly start: (folder: string) => Promise<{ readonly port: number; readonly stop: () => Promise<void> }>
}

const webServer = (hasCertificate: boolean): Stranger => ({
  debianPackage: 'nginx-light',
  isInstalled: hasNginx,
  start: async (within) => {
    const certificate = hasCertificate ? { certificate: certificates } : {}
    const { ports, stop } = await startNginx(within, [{ ...certificate, location: 'return 200;' }])
    return { port: ports[0] ?? 0, stop }
  },
})

/** Problem and, where it shows, the protocol; of each login in the order of `ways`. */
type Verdicts = readonly [
  off: string,
  required: string,
  strict: string,
  oracleOff: string,
  oracleTls: string,
  // Left out where it is no stranger.
  mysqlOff?: string,
  mysqlTls?: string,
]

const greeting = (protocol: string): Verdicts => {
  const known = `OTHER_PROTOCOL ${protocol}`
  return [known, known, 'TLS_NOT_SPOKEN', known, 'TLS_NOT_SPOKEN']
}
const allOf = (code: string): Verdicts => [code, code, code, code, code]
/** A client of MySQL waits for the server to speak first. */
const saying = (verdicts: Verdicts, toMySql: string): Verdicts => {
  const [off, required, strict, oracleOff, oracleTls] = verdicts
  return [off, required, strict, oracleOff, oracleTls, toMySql, toMySql]
}
const waiting = (verdicts: Verdicts): Verdicts => saying(verdicts, 'SERVER_SILENT')

/** It notices what is no TLS; in TLS it refuses the protocol of TDS 8, and answers HTTP to the other. */
const behindTls: Verdicts = [
  'OTHER_PROTOCOL HTTP',
  'OTHER_PROTOCOL HTTP',
  'TLS_FAILED',
  'OTHER_PROTOCOL HTTP',
  'LOGIN_INTERRUPTED',
]
const strangers: readonly (readonly [name: string, stranger: Stranger, verdicts: Verdicts])[] = [
  ['OpenSSH', openSsh, saying(greeting('SSH'), 'OTHER_PROTOCOL SSH')],
  ['MariaDB', mariaDb, greeting('MySQL')],
  // It closes the connection without a word.
  ['PostgreSQL', postgreSql, waiting(allOf('LOGIN_INTERRUPTED'))],
  // It waits for the end of a line.
  ['Redis', redis, waiting(allOf('SERVER_SILENT'))],
]

/** How long a login may take, ms; what is silent takes all of it. */
const limitMs = { silent: 1000, other: 20_000 }
/** Whoever says anything is known by then, ms. */
const atOnceMs = 2000

describe.each<(typeof strangers)[number]>([
  ...strangers,
  ['nginx', webServer(false), waiting(greeting('HTTP'))],
  ['nginx with TLS', webServer(true), waiting(behindTls)],
])('%s', (_, { debianPackage, isInstalled, start }, verdicts) => {
  let server: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    if (isInstalled) server = await start(folder)
  })
  afterAll(() => (isInstalled ? server.stop() : undefined))

  const rows = ways.flatMap((way, index) => {
    const verdict = verdicts[index]
    return verdict === undefined ? [] : [[way, verdict] as const]
  })
  it.skipIf(!isInstalled).each(rows)(
    `(Debian: ${debianPackage}) in place of %s is %s, in time and without a password`,
    async (way, verdict) => {
      const limit = verdict === 'SERVER_SILENT' ? limitMs.silent : limitMs.other
      const tap = await startTap(server.port)
      const both = [server.port, tap.port].map((port) => logins[way](port, limit))
      const [login] = await inTime(atOnceMs, Promise.all(both))
      const problem = problemIn(login)
      expect([problem.code, problem.params['protocol']].join(' ').trimEnd()).toBe(verdict)
      expectClear(problem)
      for (const trace of tracesOfPassword) expect(tap.sent().includes(trace)).toBe(false)
      expect(tap.sent().length > 0).toBe(!way.startsWith('MySQL'))
      await tap.close()
    },
  )
})
