import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findInstancePort } from '../../../shared/adapters/sqlserver/browser.ts'
import { startLink } from '../../../shared/adapters/sqlserver/link.ts'
import { sqlServerProbe } from '../../../shared/adapters/sqlserver/sqlserver-probe.ts'
import { dial } from '../../../shared/adapters/sqlserver/transport.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import { statementTable } from '../../emulators/answer.ts'
import { startSqlBrowser } from '../../emulators/sqlserver/browser.ts'
import { type Answer, type SqlServerScenario, table } from '../../emulators/sqlserver/scenario.ts'
import { type SqlServerStandIn, startSqlServer } from '../../emulators/sqlserver/server.ts'
import { openBlackHole } from '../../support/black-hole.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { inTime } from '../../support/in-time.ts'
import { sessionContract } from './session.contract.ts'
import { askOnce, codeOfOutcome } from '../../support/probes.ts'

const password = 'never-to-be-seen-anywhere'
const long = 'x'.repeat(9000)

const answers: readonly (readonly [string, Answer])[] = [
  ['SELECT good', table([{ Number: 7, Text: long, Nothing: null, Flag: true, Half: 1.5 }])],
  ['SELECT many', table(Array.from({ length: 3000 }, (_, n) => ({ n, name: `database ${n}` })))],
  ['SELECT denied', { error: { number: 229, message: 'The SELECT permission was denied.' } }],
  ['SELECT odd', { error: { number: 8134, message: 'Divide by zero.' } }],
  ['SELECT hang', { fault: 'hang' }],
  ['SELECT drop', { fault: 'drop' }],
  ['SELECT garbage', { fault: 'garbage' }],
]

let certificates: Certificates
let server: SqlServerStandIn

beforeAll(async () => {
  certificates = await makeCertificates()
  server = await startSqlServer({ answer: () => undefined })
})
afterAll(() => server.close())

type Tls = Partial<SqlServerConnection['tls']>

/** Asks the stand-in, behaving as `scenario` says; makes sure that nothing gives the password away and no socket is left. */
const ask = async (
  scenario: Partial<SqlServerScenario>,
  {
    sql = 'SELECT good',
    tls = { mode: 'off' } as Tls,
    limitMs = 20_000,
    port = 0,
    host = '127.0.0.1',
    instanceName = '',
  } = {},
) => {
  server.setScenario({ certificate: certificates, answer: statementTable(answers), ...scenario })
  const connection = SqlServerConnection.parse({
    host,
    ...(instanceName ? { instanceName } : { port: port || server.port }),
    credential: { username: 'precheck', password: 'env:X' },
    tls,
  })
  const outcome = await askOnce(
    sqlServerProbe,
    { engine: 'sqlserver', connection },
    { password, limitMs },
    sql,
  )
  expect(JSON.stringify(outcome)).not.toContain(password)
  await expect.poll(() => server.seen.open).toBe(0)
  return outcome
}

const codeOf = async (...args: Parameters<typeof ask>): Promise<string | undefined> =>
  codeOfOutcome(await ask(...args))

describe('an answer', () => {
  it('comes with column names in lower case and every kind of value', async () => {
    expect(await ask({})).toEqual({
      rows: [{ number: 7, text: long, nothing: null, flag: true, half: 1.5 }],
    })
  })

  it('may be longer than a packet', async () => {
    const outcome = await ask({}, { sql: 'SELECT many' })
    expect('rows' in outcome && outcome.rows).toMatchObject({ length: 3000, 2999: { n: 2999 } })
  })
})

describe('a statement', () => {
  it.each([
    ['SELECT denied', 'refused'],
    ['SELECT odd', 'problem'],
  ])('%s is %s', async (sql, kind) => {
    expect(await ask({}, { sql })).toHaveProperty(kind)
  })

  it.each([
    ['refused for lack of a privilege', 'SELECT denied', 'PRIVILEGE_MISSING'],
    ['that fails otherwise', 'SELECT odd', 'QUERY_FAILED'],
    ['cut off in the middle of a row', 'SELECT drop', 'CONNECTION_LOST'],
    ['answered with garbage', 'SELECT garbage', 'NOT_A_DATABASE'],
    ['that changed without its table of answers', 'SELECT other', 'QUERY_FAILED'],
  ])('%s', async (_, sql, code) => {
    expect(await codeOf({}, { sql })).toBe(code)
  })

  it('without an answer ends at the limit, not later', async () => {
    expect(await inTime(4000, codeOf({}, { sql: 'SELECT hang', limitMs: 1500 }))).toBe('QUERY_TIMED_OUT')
  })
})

describe('a refused login', () => {
  it.each([
    [[18456], 'LOGIN_FAILED'],
    [[18486], 'ACCOUNT_LOCKED'],
    [[18470], 'ACCOUNT_DISABLED'],
    [[18487], 'PASSWORD_EXPIRED'],
    [[18488], 'PASSWORD_EXPIRED'],
    [[18461], 'SQLSERVER_SINGLE_USER'],
    [[17142], 'SQLSERVER_PAUSED'],
    [[18401], 'SQLSERVER_UPGRADING'],
    [[18452], 'SQLSERVER_WINDOWS_LOGIN_ONLY'],
    [[4060, 18456], 'SQLSERVER_DATABASE_UNAVAILABLE'],
    [[4064, 18456], 'SQLSERVER_DATABASE_UNAVAILABLE'],
    [[18999], 'SQLSERVER_LOGIN_REFUSED'],
  ])('with the numbers %j, which only an event carries, is %s', async (numbers, code) => {
    const login = () => numbers.map((number) => ({ number, message: 'Login failed.' }))
    expect(await codeOf({ login })).toBe(code)
  })
})

describe('a server that does not answer', () => {
  it.each([
    ['before the login', { preLogin: 'hang' }, 'SERVER_SILENT'],
    ['at the login', { login: () => 'hang' }, 'SERVER_SILENT'],
  ] as const)('%s is given up at the limit', async (_, scenario, code) => {
    expect(await inTime(1000, codeOf(scenario, { limitMs: 300 }))).toBe(code)
  })

  it.each([
    ['answers garbage', { preLogin: 'garbage' }, 'NOT_A_DATABASE'],
    ['closes at once', { preLogin: 'close' }, 'LOGIN_INTERRUPTED'],
  ] as const)('but %s is told at once', async (_, scenario, code) => {
    expect(await inTime(5000, codeOf(scenario))).toBe(code)
  })

  it('or is not there', async () => {
    expect(await codeOf({}, { port: 1 })).toBe('CONNECTION_REFUSED')
    expect(await codeOf({}, { host: 'no-such-host.invalid' })).toBe('HOST_UNKNOWN')
  })
})

describe('an address behind a firewall that drops packets', () => {
  it('is given up at the limit', async () => {
    const hole = await openBlackHole()
    expect(await codeOf({}, { port: hole.port, limitMs: 300 })).toBe('CONNECTION_TIMED_OUT')
    await hole.close()
  })
})

describe('a probe that is over', () => {
  it('opens no connection any more', async () => {
    const connection = SqlServerConnection.parse({
      host: '127.0.0.1',
      port: server.port,
      credential: { username: 'precheck', password: 'env:X' },
    })
    const link = startLink({ engine: 'sqlserver', connection }, { limitMs: 1000 })
    link.close()
    const before = server.seen.connections
    await expect(dial(link, 'off')).rejects.toThrow('over')
    await ask({})
    expect(server.seen.connections).toBe(before + 1)
  })
})

describe('a named instance', () => {
  it('is found through SQL Server Browser, whatever the case of its name', async () => {
    const browser = await startSqlBrowser({ instances: { ORDERS: server.port } }, { port: 1434 })
    expect(await ask({}, { instanceName: 'orders' })).toHaveProperty('rows')
    expect(await codeOf({}, { instanceName: 'other', limitMs: 300 })).toBe('SQLSERVER_NAMED_INSTANCE_UNKNOWN')
    await browser.close()
  })

  it('is unknown at once where no Browser runs', async () => {
    expect(await inTime(5000, codeOf({}, { instanceName: 'orders' }))).toBe(
      'SQLSERVER_NAMED_INSTANCE_UNKNOWN',
    )
  })

  it('is asked for again when the first question is lost', async () => {
    const heard: string[] = []
    const deaf = createSocket('udp4')
    deaf.on('message', (request, client) => {
      heard.push(request.toString('latin1', 1, request.length - 1))
      if (heard.length > 1)
        deaf.send(Buffer.from('\u0005\0\0A;B;tcp;49172;;', 'latin1'), client.port, client.address)
    })
    deaf.bind(0, '127.0.0.1')
    await once(deaf, 'listening')
    const { signal } = new AbortController()
    expect(await findInstancePort('127.0.0.1', 'ORDERS', signal, deaf.address().port)).toBe(49_172)
    expect(heard).toEqual(['ORDERS', 'ORDERS'])
    deaf.close()
  })
})

describe('TLS', () => {
  const trusting = (mode: 'required' | 'strict'): Tls => ({
    mode,
    ca: certificates.ca,
    serverName: 'localhost',
  })

  it.each(['offered', 'required'] as const)('is used with a private authority when %s', async (tls) => {
    expect(await ask({ tls }, { tls: trusting('required') })).toHaveProperty('rows')
  })

  it('comes first in strict mode', async () => {
    expect(await ask({ tls: 'strict' }, { tls: trusting('strict') })).toHaveProperty('rows')
  })

  it('refused by the server is refused here before the password leaves', async () => {
    const before = server.seen.logins.length
    expect(await codeOf({ tls: 'none' }, { tls: trusting('required') })).toBe('TLS_NOT_OFFERED')
    expect(server.seen.logins.length).toBe(before)
  })

  it('demanded by the server and switched off here is named', async () => {
    expect(await codeOf({ tls: 'required' })).toBe('TLS_REQUIRED')
    expect(await codeOf({ tls: 'strict' })).toBe('LOGIN_INTERRUPTED')
  })

  it('with a certificate that nobody vouches for is refused', async () => {
    expect(await codeOf({ tls: 'offered' }, { tls: { mode: 'required' } })).toBe('TLS_CERTIFICATE_UNTRUSTED')
  })

  it('may go on without trust where the registration says so', async () => {
    const tls: Tls = { mode: 'required', trustServerCertificate: true }
    expect(await ask({ tls: 'offered' }, { tls })).toHaveProperty('rows')
  })
})

sessionContract('SQL Server', () => {
  server.setScenario({
    answer: statementTable([...answers, ['SELECT slow', { ...table([{ n: 1 }]), delayMs: 60_000 }]]),
  })
  return {
    statements: { good: 'SELECT good', slow: 'SELECT slow', silent: 'SELECT hang', cut: 'SELECT drop' },
    open: async () => {
      const connection = SqlServerConnection.parse({
        host: '127.0.0.1',
        port: server.port,
        credential: { username: 'precheck', password: 'env:X' },
        tls: { mode: 'off' },
      })
      const login = await sqlServerProbe({ engine: 'sqlserver', connection }, { password, limitMs: 5000 })
      if ('problem' in login) throw new Error(login.problem.code)
      return login.session
    },
    seen: () => ({ logins: server.seen.logins.length, open: server.seen.open }),
  }
})
