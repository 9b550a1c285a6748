import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findInstancePort } from '../../../shared/adapters/sqlserver/browser.ts'
import { startLink } from '../../../shared/adapters/sqlserver/link.ts'
import { addressesOf } from '../../../shared/adapters/names/name-lookup.ts'
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
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_X' },
    tls,
  })
  const outcome = await askOnce(
    sqlServerProbe(null),
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
    [207, 'refused', 'SQLSERVER_TOO_OLD'],
    [208, 'refused', 'SQLSERVER_TOO_OLD'],
    [229, 'refused', 'PRIVILEGE_MISSING'],
    [297, 'refused', 'PRIVILEGE_MISSING'],
    [300, 'refused', 'PRIVILEGE_MISSING'],
    [596, 'problem', 'SQLSERVER_SESSION_ENDED'],
    [701, 'refused', 'SQLSERVER_RESOURCES_EXHAUSTED'],
    [824, 'refused', 'SQLSERVER_FILE_UNREADABLE'],
    [911, 'refused', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'],
    [916, 'refused', 'PRIVILEGE_MISSING'],
    [922, 'refused', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'],
    [924, 'refused', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'],
    [926, 'refused', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'],
    [927, 'refused', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'],
    [942, 'refused', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'],
    [945, 'refused', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'],
    [976, 'refused', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'],
    [1205, 'refused', 'SQLSERVER_STATEMENT_INTERRUPTED'],
    [1222, 'refused', 'SQLSERVER_LOCK_TIMED_OUT'],
    [6005, 'problem', 'SQLSERVER_SHUTTING_DOWN'],
    [8134, 'problem', 'QUERY_FAILED'],
  ])('that ends with %i is a %s: %s', async (number, kind, code) => {
    const outcome = await ask({ answer: () => ({ error: { number, message: 'Said so.' } }) })
    expect(outcome).toHaveProperty(kind)
    expect(codeOfOutcome(outcome)).toBe(code)
  })

  it('shows a number that nobody declared, and what the server says about it', async () => {
    const error = { number: 8134, message: 'Divide by\r\nzero.\u0007' }
    expect(await ask({ answer: () => ({ error }) })).toMatchObject({
      problem: { code: 'QUERY_FAILED', params: { number: 8134, detail: 'Divide by zero.' } },
    })
  })

  it('names the database that could not be opened', async () => {
    const message = `Database 'msdb' cannot be opened because it is offline.`
    expect(await ask({ answer: () => ({ error: { number: 942, message } }) })).toMatchObject({
      refused: { params: { number: 942, detail: message } },
    })
  })

  it.each([
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

describe('a session', () => {
  it('waits for no lock for long, blocks nobody, and gives way, from the first statement on', async () => {
    server.seen.settings.length = 0
    await ask({})
    const settings = server.seen.settings.join(' ').toUpperCase()
    expect(settings).toMatch(/SET LOCK_TIMEOUT 1000\b/)
    expect(settings).toContain('SET DEADLOCK_PRIORITY LOW')
    expect(settings).toMatch(/ISOLATION LEVEL READ UNCOMMITTED;/)
    expect(server.seen.statements.at(-1)).toBe('SELECT good')
  })
})

describe('a server that is Babelfish', () => {
  it('is said to be none of SQL Server, and asked for nothing', async () => {
    server.seen.statements.length = 0
    const setUp = { columns: [{ name: 'babelfish', type: 'nvarchar' }], rows: [['1']] } as const
    expect(await codeOf({ setUp })).toBe('SQLSERVER_IS_BABELFISH')
    expect(server.seen.statements).toEqual([])
    expect(await codeOf({ setUp: { ...setUp, rows: [[null]] } })).toBeUndefined()
  })
})

describe('a refused login', () => {
  it.each([
    [[4060, 18456], 'SQLSERVER_DATABASE_UNAVAILABLE'],
    [[4064, 18456], 'SQLSERVER_DATABASE_UNAVAILABLE'],
    [[6005], 'SQLSERVER_SHUTTING_DOWN'],
    [[10929], 'SQLSERVER_MANAGED_SERVICE_REFUSED'],
    [[17142], 'SQLSERVER_PAUSED'],
    [[17187], 'SQLSERVER_STARTING'],
    [[17188], 'SQLSERVER_SHUTTING_DOWN'],
    [[17189], 'SQLSERVER_RESOURCES_EXHAUSTED'],
    [[17197], 'SQLSERVER_LOGIN_TIMED_OUT'],
    [[17809], 'SQLSERVER_NO_CONNECTION_LEFT'],
    [[17828], 'SQLSERVER_PROTOCOL_REFUSED'],
    [[17835], 'TLS_REQUIRED'],
    [[17892], 'SQLSERVER_LOGON_TRIGGER_REFUSED'],
    [[18401], 'SQLSERVER_UPGRADING'],
    [[18451], 'SQLSERVER_ADMINISTRATORS_ONLY'],
    [[18452], 'SQLSERVER_WINDOWS_LOGIN_ONLY'],
    [[18456], 'LOGIN_FAILED'],
    [[18461], 'SQLSERVER_SINGLE_USER'],
    [[18470], 'ACCOUNT_DISABLED'],
    [[18486], 'ACCOUNT_LOCKED'],
    [[18487], 'PASSWORD_EXPIRED'],
    [[18488], 'PASSWORD_EXPIRED'],
    [[18999], 'SQLSERVER_LOGIN_REFUSED'],
    [[18999, 18456], 'SQLSERVER_LOGIN_REFUSED'],
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
      credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_X' },
    })
    const link = startLink({ engine: 'sqlserver', connection }, { limitMs: 1000 }, null)
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

  it.each([
    ['of no port', '\u0005\0\0A;B;tcp;0;;'],
    ['of a port that no host has', '\u0005\0\0A;B;tcp;99999;;'],
    ['that is longer than answers are', `\u0005\0\0A;${'B'.repeat(1100)};tcp;49172;;`],
    ['that is none', '\u0004\0\0A;B;tcp;49172;;'],
  ])('is unknown where the Browser tells something %s', async (_, text) => {
    const liar = createSocket('udp4')
    liar.on('message', (_request, client) =>
      liar.send(Buffer.from(text, 'latin1'), client.port, client.address),
    )
    liar.bind(0, '127.0.0.1')
    await once(liar, 'listening')
    const { signal } = new AbortController()
    expect(await findInstancePort('127.0.0.1', addressesOf, 'ORDERS', signal, liar.address().port)).toBeNull()
    liar.close()
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
    expect(await findInstancePort('127.0.0.1', addressesOf, 'ORDERS', signal, deaf.address().port)).toBe(
      49_172,
    )
    expect(heard).toEqual(['ORDERS', 'ORDERS'])
    deaf.close()
  })
})

describe('TLS', () => {
  /** What comes of every setting of the server with every one of the registration; a login is one that the server saw. */
  const combinations = [
    ['none', 'off', 'rows', 'a login'],
    ['none', 'required', 'TLS_NOT_OFFERED', 'no login'],
    ['none', 'strict', 'LOGIN_INTERRUPTED', 'no login'],
    ['offered', 'off', 'rows', 'a login'],
    ['offered', 'required', 'rows', 'a login'],
    ['offered', 'strict', 'LOGIN_INTERRUPTED', 'no login'],
    ['required', 'off', 'TLS_REQUIRED', 'no login'],
    ['required', 'required', 'rows', 'a login'],
    ['required', 'strict', 'LOGIN_INTERRUPTED', 'no login'],
    ['strict', 'off', 'LOGIN_INTERRUPTED', 'no login'],
    ['strict', 'required', 'LOGIN_INTERRUPTED', 'no login'],
    ['strict', 'strict', 'rows', 'a login'],
  ] as const

  it.each(combinations)('of a server with %s and a registration with %s: %s, %s', async (...row) => {
    const [tls, mode, result, login] = row
    const before = server.seen.logins.length
    const trust = mode === 'off' ? {} : { ca: certificates.ca, serverName: 'localhost' }
    const outcome = await ask({ tls }, { tls: { mode, ...trust } })
    expect(codeOfOutcome(outcome) ?? 'rows').toBe(result)
    expect(server.seen.logins.length - before).toBe(login === 'a login' ? 1 : 0)
  })

  it.each(['notSupported', 'off'] as const)(
    'that somebody in between denies (%s) is refused here before the password leaves',
    async (lie) => {
      const before = server.seen.logins.length
      expect(await codeOf({ preLogin: { lie } }, { tls: { mode: 'required' } })).toBe('TLS_NOT_OFFERED')
      expect(server.seen.logins.length).toBe(before)
    },
  )

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
    statements: {
      good: 'SELECT good',
      refused: 'SELECT denied',
      slow: 'SELECT slow',
      silent: 'SELECT hang',
      cut: 'SELECT drop',
    },
    open: async () => {
      const connection = SqlServerConnection.parse({
        host: '127.0.0.1',
        port: server.port,
        credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_X' },
        tls: { mode: 'off' },
      })
      const login = await sqlServerProbe(null)(
        { engine: 'sqlserver', connection },
        { password, limitMs: 5000 },
      )
      if ('problem' in login) throw new Error(login.problem.code)
      return login.session
    },
    seen: () => ({ logins: server.seen.logins.length, open: server.seen.open }),
  }
})
