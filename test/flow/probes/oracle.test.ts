import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oracleProbe } from '../../../shared/adapters/oracle/oracle-probe.ts'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import { statementTable } from '../../emulators/answer.ts'
import { type Answer, type OracleScenario, table } from '../../emulators/oracle/scenario.ts'
import { type OracleStandIn, startOracle } from '../../emulators/oracle/server.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { inTime } from '../../support/in-time.ts'
import { sessionContract } from './session.contract.ts'
import { askOnce, codeOfOutcome } from '../../support/probes.ts'

const password = 'never-to-be-seen-anywhere'
const long = 'y'.repeat(9000)

const rowsOf = (length: number) => Array.from({ length }, (_, n) => ({ n, name: `row ${n}` }))

const answers: readonly (readonly [string, Answer])[] = [
  ['select good from dual', table([{ a: 1, b: 'text', c: null, d: -12.5, e: 1_234_567, f: long, g: 0 }])],
  ['select some from dual', table(rowsOf(100))],
  ['select many from dual', table(rowsOf(2500))],
  ['select denied from dual', { error: { code: 942 } }],
  ['select hang from dual', { fault: 'hang' }],
  ['select drop from dual', { fault: 'drop' }],
  ['select garbage from dual', { fault: 'garbage' }],
]

let certificates: Certificates
let plain: OracleStandIn
let secure: OracleStandIn

beforeAll(async () => {
  certificates = await makeCertificates()
  const scenario: OracleScenario = { answer: statementTable(answers), login: () => ({ password }) }
  plain = await startOracle(scenario)
  secure = await startOracle({ ...scenario, certificate: certificates })
})
afterAll(() => Promise.all([plain.close(), secure.close()]))

/** Asks a stand-in, behaving as `scenario` says; makes sure that nothing gives the password away and no socket is left. */
const ask = async (
  scenario: Partial<OracleScenario>,
  {
    sql = 'select good from dual',
    limitMs = 20_000,
    given = password,
    server = plain,
    connection = {} as Readonly<Record<string, unknown>>,
  } = {},
) => {
  server.setScenario({ answer: statementTable(answers), login: () => ({ password }), ...scenario })
  const parsed = OracleConnection.parse({
    host: '127.0.0.1',
    port: server.port,
    serviceName: 'orcl',
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_X' },
    ...connection,
  })
  const address = { engine: 'oracle', connection: parsed } as const
  const outcome = await askOnce(oracleProbe(null), address, { password: given, limitMs }, sql)
  expect(JSON.stringify(outcome)).not.toContain(password)
  await expect.poll(() => server.seen.open).toBe(0)
  return outcome
}

const codeOf = async (...args: Parameters<typeof ask>): Promise<string | undefined> =>
  codeOfOutcome(await ask(...args))

describe('an answer', () => {
  it('comes with column names in lower case and every kind of value', async () => {
    expect(await ask({})).toEqual({
      rows: [{ a: 1, b: 'text', c: null, d: -12.5, e: 1_234_567, f: long, g: 0 }],
    })
  })

  it('comes at once, whether it has one row or a hundred', async () => {
    const before = plain.seen.fetches
    expect(await ask({})).toHaveProperty('rows.length', 1)
    expect(await ask({}, { sql: 'select some from dual' })).toHaveProperty('rows.length', 100)
    expect(plain.seen.fetches).toBe(before)
  })

  it('may need several fetches', async () => {
    const before = plain.seen.fetches
    const outcome = await ask({}, { sql: 'select many from dual' })
    expect('rows' in outcome && outcome.rows).toMatchObject({ length: 2500, 2499: { n: 2499 } })
    expect(plain.seen.fetches).toBe(before + 24)
  })

  it.each([
    [904, 'refused'],
    [942, 'refused'],
    [1031, 'refused'],
    [1109, 'refused'],
    [1219, 'refused'],
    [1507, 'refused'],
    [1555, 'refused'],
    [4031, 'refused'],
    [12850, 'refused'],
    [28, 'problem'],
    [1034, 'problem'],
    [1476, 'problem'],
  ])('that is ORA-%i is %s: with the first kind the session goes on without it', async (code, kind) => {
    const outcome = await ask({ answer: () => ({ error: { code } }) })
    expect(outcome).toHaveProperty(kind)
  })

  it('comes after a resend and after a redirect', async () => {
    expect(await ask({ listener: () => 'resend' })).toHaveProperty('rows')
    const other = await startOracle({ answer: statementTable(answers), login: () => ({ password }) })
    const connection = { redirects: ['127.0.0.0/8'] }
    expect(await ask({ listener: () => ({ redirect: other.port }) }, { connection })).toHaveProperty('rows')
    await other.close()
  })

  it('is asked of a SID as well as of a service, and with administrative privileges', async () => {
    await ask({}, { connection: { serviceName: undefined, sid: 'ORCL', privilege: 'sysbackup' } })
    expect(plain.seen.connectData.at(-1)).toContain('(SID=ORCL)')
    expect(plain.seen.logins.at(-1)).toMatch(/ sysbackup$/)
  })
})

describe('a statement', () => {
  it.each([
    [28, 'ORACLE_SESSION_KILLED'],
    [54, 'ORACLE_STATEMENT_TIMED_OUT'],
    [600, 'ORACLE_INTERNAL_ERROR'],
    [904, 'ORACLE_SERVER_TOO_OLD'],
    [942, 'PRIVILEGE_MISSING'],
    [1013, 'ORACLE_STATEMENT_TIMED_OUT'],
    [1089, 'ORACLE_SHUTTING_DOWN'],
    [1219, 'ORACLE_DATABASE_NOT_OPEN'],
    [1476, 'QUERY_FAILED'],
    [1507, 'ORACLE_INSTANCE_NOT_MOUNTED'],
    [1555, 'ORACLE_STATEMENT_INTERRUPTED'],
    [1578, 'ORACLE_FILE_UNREADABLE'],
    [3113, 'ORACLE_SESSION_KILLED'],
    [4031, 'ORACLE_RESOURCES_EXHAUSTED'],
    [12850, 'ORACLE_CLUSTER_UNREADABLE'],
  ])('that ends with ORA-%i is %s', async (code, expected) => {
    expect(await codeOf({ answer: () => ({ error: { code } }) })).toBe(expected)
  })

  it.each([
    ['drop', 'CONNECTION_LOST'],
    ['garbage', 'ORACLE_ANSWER_UNREADABLE'],
    ['unknown', 'QUERY_FAILED'],
  ])('that ends as %s is %s', async (what, code) => {
    expect(await codeOf({}, { sql: `select ${what} from dual` })).toBe(code)
  })

  it('that is refused behind markers is read all the same', async () => {
    expect(await codeOf({ markersBeforeErrors: true }, { sql: 'select denied from dual' })).toBe(
      'PRIVILEGE_MISSING',
    )
  })

  it('without an answer ends at the limit, though the server ignores the break', async () => {
    expect(await inTime(4000, codeOf({}, { sql: 'select hang from dual', limitMs: 1500 }))).toBe(
      'QUERY_TIMED_OUT',
    )
  })
})

describe('a refused login', () => {
  it.each([
    [20, 'ORACLE_NO_HANDLER'],
    [257, 'ORACLE_ARCHIVER_STUCK'],
    [604, 'ORACLE_TRIGGER_FAILED'],
    [1017, 'LOGIN_FAILED'],
    [1033, 'ORACLE_INSTANCE_NOT_OPEN'],
    [1034, 'ORACLE_INSTANCE_NOT_STARTED'],
    [1035, 'ORACLE_INSTANCE_RESTRICTED'],
    [1045, 'ORACLE_SESSION_PRIVILEGE_MISSING'],
    [1089, 'ORACLE_SHUTTING_DOWN'],
    [1090, 'ORACLE_SHUTTING_DOWN'],
    [2391, 'ORACLE_PROFILE_LIMIT'],
    [4088, 'ORACLE_TRIGGER_FAILED'],
    [27101, 'ORACLE_INSTANCE_NOT_STARTED'],
    [28000, 'ACCOUNT_LOCKED'],
    [28001, 'PASSWORD_EXPIRED'],
    [28009, 'ORACLE_ADMIN_ROLE_NEEDED'],
    [28040, 'ORACLE_AUTHENTICATION_MISMATCH'],
    [29999, 'ORACLE_LOGIN_REFUSED'],
  ])('with ORA-%i is %s', async (code, expected) => {
    expect(await codeOf({ login: () => ({ error: { code } }) })).toBe(expected)
  })

  it('is told from a wrong password by nothing', async () => {
    expect(await codeOf({}, { given: 'another' })).toBe('LOGIN_FAILED')
  })

  it.each([
    [1017, 'sysbackup', 'ORACLE_ADMIN_LOGIN_FAILED'],
    [1031, 'sysdba', 'ORACLE_ADMIN_PRIVILEGE_REFUSED'],
  ])('with ORA-%i as %s is %s', async (code, privilege, expected) => {
    expect(await codeOf({ login: () => ({ error: { code } }) }, { connection: { privilege } })).toBe(expected)
  })

  it('shows a number that nobody declared, and what the server says about it', async () => {
    const login = () => ({ error: { code: 29999, message: 'not today\u0007' } })
    expect(await ask({ login })).toMatchObject({
      problem: { params: { code: 'ORA-29999', detail: 'not today' } },
    })
  })
})

describe('a listener that refuses', () => {
  it.each([
    [12170, 'ORACLE_LOGIN_TIMED_OUT'],
    [12500, 'ORACLE_LISTENER_FAILED'],
    [12505, 'ORACLE_SID_UNKNOWN'],
    [12514, 'ORACLE_SERVICE_UNKNOWN'],
    [12516, 'ORACLE_NO_HANDLER'],
    [12518, 'ORACLE_NO_HANDLER'],
    [12519, 'ORACLE_NO_HANDLER'],
    [12520, 'ORACLE_NO_HANDLER'],
    [12521, 'ORACLE_LISTENER_REFUSED'],
    [12526, 'ORACLE_INSTANCE_RESTRICTED'],
    [12527, 'ORACLE_INSTANCE_RESTRICTED_OR_BLOCKED'],
    [12528, 'ORACLE_INSTANCE_BLOCKED'],
    [12529, 'ORACLE_CLIENT_FILTERED'],
    [12541, 'ORACLE_GATEWAY_REACHED_NOBODY'],
    [12660, 'ORACLE_NATIVE_ENCRYPTION_REQUIRED'],
    [12999, 'ORACLE_LISTENER_REFUSED'],
  ])('with ORA-%i is %s', async (refuse, code) => {
    expect(await codeOf({ listener: () => ({ refuse }) })).toBe(code)
  })
})

describe('a server that does not answer', () => {
  it.each([
    ['to the connection', { listener: () => 'hang' }],
    ['after it accepted', { afterAccept: 'hang' }],
    ['to the login', { login: () => 'hang' }],
  ] as const)('%s is given up at the limit', async (_, scenario) => {
    expect(await inTime(1000, codeOf(scenario, { limitMs: 300 }))).toBe('SERVER_SILENT')
  })

  it.each([
    ['answers garbage', { listener: (): 'garbage' => 'garbage' }, 'NOT_A_DATABASE'],
    ['closes at once', { listener: (): 'close' => 'close' }, 'LOGIN_INTERRUPTED'],
  ] as const)('but %s is told at once', async (_, scenario, code) => {
    expect(await codeOf(scenario)).toBe(code)
  })

  it('or is not there', async () => {
    expect(await codeOf({}, { connection: { port: 1 } })).toBe('CONNECTION_REFUSED')
    expect(await codeOf({}, { connection: { host: 'no-such-host.invalid' } })).toBe('HOST_UNKNOWN')
  })
})

describe('TLS', () => {
  it('is used with a private authority, which is given in the registration alone', async () => {
    const connection = {
      port: secure.port,
      host: 'localhost',
      tls: { mode: 'required', ca: certificates.ca },
    }
    expect(await ask({}, { server: secure, connection })).toHaveProperty('rows')
  })

  it('with a certificate that nobody vouches for is refused', async () => {
    const connection = { port: secure.port, tls: { mode: 'required' } }
    expect(await codeOf({}, { server: secure, connection })).toBe('TLS_CERTIFICATE_UNTRUSTED')
  })

  it('missing on either side is named', async () => {
    expect(await codeOf({}, { server: secure })).toBe('LOGIN_INTERRUPTED')
    const connection = { tls: { mode: 'required', ca: certificates.ca } }
    expect(await codeOf({}, { connection, limitMs: 300 })).toBe('SERVER_SILENT')
  })
})

sessionContract('Oracle', () => {
  plain.setScenario({
    answer: statementTable([
      ...answers,
      ['select slow from dual', { ...table([{ n: 1 }]), delayMs: 60_000 }],
    ]),
    login: () => ({ password }),
  })
  return {
    statements: {
      good: 'select good from dual',
      refused: 'select denied from dual',
      slow: 'select slow from dual',
      silent: 'select hang from dual',
      cut: 'select drop from dual',
    },
    open: async () => {
      const connection = OracleConnection.parse({
        host: '127.0.0.1',
        port: plain.port,
        serviceName: 'orcl',
        credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_X' },
      })
      const login = await oracleProbe(null)({ engine: 'oracle', connection }, { password, limitMs: 5000 })
      if ('problem' in login) throw new Error(login.problem.code)
      return login.session
    },
    seen: () => ({ logins: plain.seen.logins.length, open: plain.seen.open }),
  }
})
