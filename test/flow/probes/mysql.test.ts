import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLink } from '../../../shared/adapters/mysql/link.ts'
import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { dial } from '../../../shared/adapters/mysql/transport.ts'
import { MySqlConnection } from '../../../shared/model/connections/mysql.ts'
import { statementTable } from '../../emulators/answer.ts'
import { type Answer, type MySqlScenario, type Rows, table } from '../../emulators/mysql/scenario.ts'
import { type MySqlStandIn, startMySql } from '../../emulators/mysql/server.ts'
import { openBlackHole } from '../../support/black-hole.ts'
import { type Certificates, makeCertificates, makeSelfSigned } from '../../support/certificates.ts'
import { inTime } from '../../support/in-time.ts'
import { askOnce, codeOfOutcome } from '../../support/probes.ts'
import { sessionContract } from './session.contract.ts'

const password = 'never-to-be-seen-anywhere'
const long = 'x'.repeat(9000)

const everyType: Rows = {
  columns: [
    { name: 'Big', type: 'bigint' },
    { name: 'Small', type: 'bigint' },
    { name: 'Exact', type: 'decimal' },
    { name: 'Half', type: 'double' },
    { name: 'Flag', type: 'tinyint' },
    { name: 'Day', type: 'date' },
    { name: 'Document', type: 'json' },
    { name: 'Place', type: 'geometry' },
    { name: 'Text', type: 'varchar' },
    { name: 'Nothing', type: 'varchar' },
    { name: '__proto__', type: 'varchar' },
  ],
  rows: [
    ['9007199254740993', 7, '1.50', 1.5, true, '0000-00-00', '{"a":1}', 'xyz', `${long}中文`, null, 'p'],
  ],
}

const answers: readonly (readonly [string, Answer])[] = [
  ['SELECT good', table([{ Number: 7, Text: long, Nothing: null, Half: 1.5 }])],
  ['SELECT types', everyType],
  ['SELECT many', table(Array.from({ length: 3000 }, (_, n) => ({ n, name: `table ${n}` })))],
  ['SELECT nothing', table([], ['nothing'])],
  ['SELECT denied', { error: { number: 1142, state: '42000', message: 'SELECT command denied' } }],
  ['SELECT slow', { ...table([{ n: 1 }]), delayMs: 60_000 }],
  ['SELECT hang', { fault: 'hang' }],
  ['SELECT drop', { fault: 'drop' }],
  ['SELECT garbage', { fault: 'garbage' }],
]

let certificates: Certificates
let server: MySqlStandIn

beforeAll(async () => {
  certificates = await makeCertificates()
  server = await startMySql({ answer: () => undefined })
})
afterAll(() => server.close())

type Tls = Partial<MySqlConnection['tls']>

const connectionTo = (port: number, host: string, tls: Tls): MySqlConnection =>
  MySqlConnection.parse({
    host,
    port,
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_X' },
    tls,
  })

/** Asks the stand-in, behaving as `scenario` says; makes sure that nothing gives the password away and no socket is left. */
const ask = async (
  scenario: Partial<MySqlScenario>,
  {
    sql = 'SELECT good',
    tls = { mode: 'off' } as Tls,
    limitMs = 20_000,
    port = 0,
    host = '127.0.0.1',
    given = password,
  } = {},
) => {
  server.setScenario({ certificate: certificates, answer: statementTable(answers), ...scenario })
  const connection = connectionTo(port || server.port, host, tls)
  const attempt = { password: given, limitMs }
  const outcome = await askOnce(mysqlProbe(null), { engine: 'mysql', connection }, attempt, sql)
  if (given !== '') expect(JSON.stringify(outcome)).not.toContain(given)
  await expect.poll(() => server.seen.open).toBe(0)
  return outcome
}

const codeOf = async (...args: Parameters<typeof ask>): Promise<string | undefined> =>
  codeOfOutcome(await ask(...args))

describe('an answer', () => {
  it('comes with column names in lower case and every kind of value', async () => {
    expect(await ask({})).toEqual({ rows: [{ number: 7, text: long, nothing: null, half: 1.5 }] })
  })

  it('keeps what JSON has no number for, dates that are none, documents and places as the texts that they came as', async () => {
    const outcome = await ask({}, { sql: 'SELECT types' })
    const expected = [
      ['big', '9007199254740993'],
      ['small', 7],
      ['exact', 1.5],
      ['half', 1.5],
      ['flag', 1],
      ['day', '0000-00-00'],
      ['document', '{"a":1}'],
      ['place', 'xyz'],
      ['text', `${long}中文`],
      ['nothing', null],
      ['__proto__', 'p'],
    ]
    expect('rows' in outcome && outcome.rows.map((row) => Object.entries(row))).toEqual([expected])
  })

  it('may be longer than a packet, and may have no rows', async () => {
    const outcome = await ask({}, { sql: 'SELECT many' })
    expect('rows' in outcome && outcome.rows).toMatchObject({ length: 3000, 2999: { n: 2999 } })
    expect(await ask({}, { sql: 'SELECT nothing' })).toEqual({ rows: [] })
  })
})

describe('a statement', () => {
  it.each([
    [1044, 'refused', 'PRIVILEGE_MISSING'],
    [1142, 'refused', 'PRIVILEGE_MISSING'],
    [1227, 'refused', 'PRIVILEGE_MISSING'],
    [1064, 'refused', 'MYSQL_STATEMENT_UNKNOWN'],
    [1193, 'refused', 'MYSQL_STATEMENT_UNKNOWN'],
    [1381, 'refused', 'MYSQL_NO_BINARY_LOG'],
    [1356, 'refused', 'MYSQL_OBJECT_BROKEN'],
    [1205, 'refused', 'MYSQL_LOCK_TIMED_OUT'],
    [1317, 'refused', 'MYSQL_STATEMENT_INTERRUPTED'],
    [1041, 'refused', 'MYSQL_RESOURCES_EXHAUSTED'],
    [1290, 'refused', 'MYSQL_STATEMENT_NOT_ALLOWED'],
    [1820, 'problem', 'PASSWORD_EXPIRED'],
    [1927, 'problem', 'MYSQL_SESSION_ENDED'],
    [1969, 'problem', 'QUERY_TIMED_OUT'],
    [3024, 'problem', 'QUERY_TIMED_OUT'],
    [1105, 'problem', 'QUERY_FAILED'],
  ])('that ends with %i is a %s: %s', async (number, kind, code) => {
    const outcome = await ask({ answer: () => ({ error: { number, message: 'Said so.' } }) })
    expect(outcome).toHaveProperty(kind)
    expect(codeOfOutcome(outcome)).toBe(code)
  })

  it('shows a number that nobody declared, and what the server says about it', async () => {
    const error = { number: 1105, message: 'Unknown\r\nerror.\u0007' }
    expect(await ask({ answer: () => ({ error }) })).toMatchObject({
      problem: { code: 'QUERY_FAILED', params: { number: 1105, detail: 'Unknown error.' } },
    })
  })

  it.each([
    ['cut off in the middle of a row', 'SELECT drop', 'CONNECTION_LOST'],
    ['answered with garbage', 'SELECT garbage', 'QUERY_TIMED_OUT'],
    ['that changed without its table of answers', 'SELECT other', 'MYSQL_STATEMENT_UNKNOWN'],
  ])('%s', async (_, sql, code) => {
    expect(await codeOf({}, { sql, limitMs: 1000 })).toBe(code)
  })

  it('without an answer ends at the limit, not later', async () => {
    expect(await inTime(4000, codeOf({}, { sql: 'SELECT hang', limitMs: 1500 }))).toBe('QUERY_TIMED_OUT')
  })
})

describe('a session', () => {
  it('waits for no lock for long, and tells both products their limits, from the first statement on', async () => {
    server.seen.settings.length = 0
    await ask({}, { limitMs: 4000 })
    expect(server.seen.settings).toEqual([
      'SET SESSION lock_wait_timeout = 2, innodb_lock_wait_timeout = 2 /*!50708 , max_execution_time = 3000 */ /*M!100101 , max_statement_time = 3 */',
    ])
    expect(server.seen.statements.at(-1)).toBe('SELECT good')
    expect(server.seen.programs.at(-1)).toBe('backup-precheck')
  })

  it('takes its leave', async () => {
    const before = server.seen.goodbyes
    await ask({})
    expect(server.seen.goodbyes).toBe(before + 1)
  })

  it('is ended with a server that keeps its half of the connection open', async () => {
    expect(await ask({ staysOpen: true })).toHaveProperty('rows')
    expect(await codeOf({ staysOpen: true }, { sql: 'SELECT hang', limitMs: 500 })).toBe('QUERY_TIMED_OUT')
  })

  it('goes on where a server does not know one of the limits', async () => {
    const unknown = await startMySql({ version: '5.6.51', answer: statementTable(answers) })
    const connection = connectionTo(unknown.port, '127.0.0.1', { mode: 'off' })
    const attempt = { password, limitMs: 5000 }
    const outcome = await askOnce(mysqlProbe(null), { engine: 'mysql', connection }, attempt, 'SELECT good')
    expect(outcome).toHaveProperty('rows')
    await unknown.close()
  })
})

describe('a refused login', () => {
  it.each([
    [1045, 'MYSQL_PLAINTEXT_LOGIN_FAILED'],
    [1698, 'MYSQL_SOCKET_ACCOUNT'],
    [3118, 'ACCOUNT_LOCKED'],
    [4151, 'ACCOUNT_LOCKED'],
    [3955, 'MYSQL_ACCOUNT_BLOCKED'],
    [4150, 'MYSQL_ACCOUNT_BLOCKED'],
    [1862, 'PASSWORD_EXPIRED'],
    [1226, 'MYSQL_ACCOUNT_LIMIT_REACHED'],
    [1524, 'MYSQL_AUTHENTICATION_UNAVAILABLE'],
    [1053, 'MYSQL_SHUTTING_DOWN'],
    [3032, 'MYSQL_OFFLINE_MODE'],
    [3159, 'TLS_REQUIRED'],
    [1153, 'MYSQL_PROTOCOL_REFUSED'],
    [2999, 'MYSQL_LOGIN_REFUSED'],
  ])('with %i is %s', async (number, code) => {
    expect(await codeOf({ login: () => ({ number, message: 'Refused.' }) })).toBe(code)
  })

  it.each([
    [1040, 'MYSQL_NO_CONNECTION_LEFT'],
    [1129, 'MYSQL_HOST_BLOCKED'],
    [1130, 'MYSQL_HOST_NOT_ALLOWED'],
  ])('with %i in place of the greeting is %s', async (number, code) => {
    expect(await codeOf({ greeting: { number, message: 'Refused.' } })).toBe(code)
  })

  it('with TLS, where it can be nothing else, is one of the password', async () => {
    const login = () => ({ number: 1045, message: 'Access denied.' })
    const tls: Tls = { mode: 'required', ca: certificates.ca }
    expect(await codeOf({ login, tls: 'offered' }, { tls })).toBe('LOGIN_FAILED')
  })

  it('is not tried a second time', async () => {
    const before = server.seen.logins.length
    await ask({ login: () => ({ number: 1045, message: 'Access denied.' }) })
    expect(server.seen.logins.length).toBe(before + 1)
  })
})

describe('a login', () => {
  const proved = (attempt: Parameters<NonNullable<MySqlScenario['login']>>[0]) =>
    attempt.proves(password) ? 'accept' : { number: 1045, message: 'Access denied.' }

  it.each(['mysql_native_password', 'caching_sha2_password'] as const)(
    'with %s proves the password without telling it',
    async (plugin) => {
      server.seen.passwords.length = 0
      expect(await ask({ plugin, login: proved })).toHaveProperty('rows')
      expect(await codeOf({ plugin, login: proved }, { given: 'another-one' })).toBe(
        'MYSQL_PLAINTEXT_LOGIN_FAILED',
      )
      expect(server.seen.passwords).toEqual([])
    },
  )

  it.each(['mysql_native_password', 'caching_sha2_password'] as const)(
    'with %s goes on where the greeting names the other one',
    async (plugin) => {
      const greeted =
        plugin === 'mysql_native_password' ? 'caching_sha2_password' : ('mysql_native_password' as const)
      expect(await ask({ plugin, greeted, login: proved })).toHaveProperty('rows')
    },
  )

  it('with an empty password works where there is none', async () => {
    expect(await ask({}, { given: '' })).toHaveProperty('rows')
  })

  it.each(['caching_sha2_password', 'sha256_password', 'mysql_clear_password'] as const)(
    'with %s tells the password through TLS to a server that has proved who it is',
    async (plugin) => {
      server.seen.passwords.length = 0
      const tls: Tls = { mode: 'required', ca: certificates.ca }
      const scenario = { tls: 'offered', plugin, isForgetful: true, login: proved } as const
      expect(await ask(scenario, { tls })).toHaveProperty('rows')
      expect(server.seen.passwords).toEqual([password])
    },
  )

  it.each(['dialog', 'client_ed25519', '__proto__'] as const)(
    'with %s, which is not known here, is refused',
    async (plugin) => {
      const tls: Tls = { mode: 'required', ca: certificates.ca }
      for (const way of [{ mode: 'off' } as const, tls]) {
        expect(await codeOf({ tls: 'offered', plugin }, { tls: way })).toBe(
          'MYSQL_AUTHENTICATION_UNSUPPORTED',
        )
      }
    },
  )
})

describe('a server that does not answer', () => {
  it.each([
    ['before the login', { greeting: 'hang' }, 'SERVER_SILENT'],
    ['at the login', { login: () => 'hang' }, 'SERVER_SILENT'],
  ] as const)('%s is given up at the limit', async (_, scenario, code) => {
    expect(await inTime(1000, codeOf(scenario, { limitMs: 300 }))).toBe(code)
  })

  it.each([
    ['answers garbage', { greeting: 'garbage' }, 'NOT_A_DATABASE'],
    ['closes at once', { greeting: 'close' }, 'LOGIN_INTERRUPTED'],
    ['closes at the login', { login: () => 'drop' }, 'LOGIN_INTERRUPTED'],
  ] as const)('but %s is told at once', async (_, scenario, code) => {
    expect(await inTime(5000, codeOf(scenario))).toBe(code)
  })

  it('or is not there', async () => {
    expect(await codeOf({}, { port: 1 })).toBe('CONNECTION_REFUSED')
    expect(await codeOf({}, { host: 'no-such-host.invalid' })).toBe('HOST_UNKNOWN')
  })

  it('behind a firewall that drops packets is given up at the limit', async () => {
    const hole = await openBlackHole()
    expect(await codeOf({}, { port: hole.port, limitMs: 300 })).toBe('CONNECTION_TIMED_OUT')
    await hole.close()
  })
})

describe('a probe that is over', () => {
  it('opens no connection any more', async () => {
    const connection = connectionTo(server.port, '127.0.0.1', { mode: 'off' })
    const link = startLink({ engine: 'mysql', connection, password, limitMs: 1000 }, null)
    link.close()
    const before = server.seen.connections
    await expect(dial(link)).rejects.toThrow('over')
    await ask({})
    expect(server.seen.connections).toBe(before + 1)
  })
})

describe('TLS', () => {
  /** What comes of every setting of the server with every one of the registration; a login is one that the server saw. */
  const combinations = [
    ['none', 'off', 'rows', 'a login'],
    ['none', 'required', 'TLS_NOT_OFFERED', 'no login'],
    ['offered', 'off', 'rows', 'a login'],
    ['offered', 'required', 'rows', 'a login'],
    ['required', 'off', 'TLS_REQUIRED', 'a login'],
    ['required', 'required', 'rows', 'a login'],
  ] as const

  it.each(combinations)('of a server with %s and a registration with %s: %s, %s', async (...row) => {
    const [tls, mode, result, login] = row
    const before = server.seen.logins.length
    const trust = mode === 'off' ? {} : { ca: certificates.ca }
    expect((await codeOf({ tls }, { tls: { mode, ...trust } })) ?? 'rows').toBe(result)
    expect(server.seen.logins.length - before).toBe(login === 'a login' ? 1 : 0)
  })

  it.each([
    ['an address that the certificate names', '127.0.0.1', undefined, 'rows'],
    ['a host that the certificate names', 'localhost', undefined, 'rows'],
    ['another name in the registration that the certificate has', '127.0.0.1', 'localhost', 'rows'],
    ['another name in the registration', 'localhost', 'other.example', 'TLS_CERTIFICATE_UNTRUSTED'],
  ])('at %s', async (_, host, serverName, result) => {
    const tls: Tls = { mode: 'required', ca: certificates.ca, ...(serverName && { serverName }) }
    expect((await codeOf({ tls: 'offered' }, { tls, host })) ?? 'rows').toBe(result)
  })

  it('at an address is not taken for that of localhost', async () => {
    const own = await makeSelfSigned('localhost')
    const elsewhere = await makeSelfSigned('db1.example')
    const tls: Tls = { mode: 'required', ca: elsewhere.cert }
    expect(await codeOf({ tls: 'offered', certificate: elsewhere }, { tls })).toBe(
      'TLS_CERTIFICATE_UNTRUSTED',
    )
    expect(
      await ask({ tls: 'offered', certificate: own }, { tls: { mode: 'required', ca: own.cert } }),
    ).toHaveProperty('rows')
  })

  it('with a certificate that nobody vouches for is refused before the password leaves', async () => {
    const before = server.seen.logins.length
    expect(await codeOf({ tls: 'offered' }, { tls: { mode: 'required' } })).toBe('TLS_CERTIFICATE_UNTRUSTED')
    expect(server.seen.logins.length).toBe(before)
  })

  it('may go on without trust where the registration says so', async () => {
    const tls: Tls = { mode: 'required', trustServerCertificate: true }
    expect(await ask({ tls: 'offered' }, { tls })).toHaveProperty('rows')
  })

  it.each([
    ['cut off in the middle of a row', 'SELECT drop', 'CONNECTION_LOST'],
    ['without an answer', 'SELECT hang', 'QUERY_TIMED_OUT'],
  ])('ends with a statement %s', async (_, sql, code) => {
    const tls: Tls = { mode: 'required', ca: certificates.ca }
    expect(await codeOf({ tls: 'offered' }, { sql, tls, limitMs: 1000 })).toBe(code)
  })
})

const contractOf = (name: string, scenario: Partial<MySqlScenario>, tls: () => Tls): void =>
  sessionContract(name, () => {
    server.setScenario({ ...scenario, certificate: certificates, answer: statementTable(answers) })
    return {
      statements: {
        good: 'SELECT good',
        refused: 'SELECT denied',
        slow: 'SELECT slow',
        silent: 'SELECT hang',
        cut: 'SELECT drop',
      },
      open: async () => {
        const connection = connectionTo(server.port, '127.0.0.1', tls())
        const login = await mysqlProbe(null)({ engine: 'mysql', connection }, { password, limitMs: 5000 })
        if ('problem' in login) throw new Error(login.problem.code)
        return login.session
      },
      seen: () => ({ logins: server.seen.logins.length, open: server.seen.open }),
    }
  })

contractOf('MySQL', {}, () => ({ mode: 'off' }))
contractOf('MySQL in TLS', { tls: 'required' }, () => ({ mode: 'required', ca: certificates.ca }))
contractOf('MariaDB', { version: '10.11.19-MariaDB', plugin: 'mysql_native_password' }, () => ({
  mode: 'off',
}))
