import { describe, expect, it } from 'vitest'
import { problemOf as problemOfOracle } from '../../../shared/adapters/oracle/errors.ts'
import { problemOf as problemOfSqlServer } from '../../../shared/adapters/sqlserver/errors.ts'
import { engines } from '../../../shared/checks/catalogue.ts'
import type { ErrorNumber, Problem } from '../../../shared/checks/framework/problem.ts'
import { problems } from '../../../shared/checks/problem-catalogue.ts'
import { connectionProblems } from '../../../shared/checks/problems/connection.ts'
import { renderReason } from '../../../shared/checks/render.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import { Locale } from '../../../shared/model/message.ts'
import { breachesIn } from '../../support/chinese.ts'

const password = 'never-to-be-seen'
const said = 'words of the server'

type Row = readonly [number: ErrorNumber, code: string]

/** Every number of an engine with the problem that it is declared to mean. */
const rowsOf = (engine: Engine): readonly Row[] => {
  const { problems: own, numbers } = engines[engine]
  const ofProblems = Object.entries(own).map(([code, problem]) => [code, problem.numbers ?? []] as const)
  return [...ofProblems, ...Object.entries(numbers)].flatMap(([code, each]) =>
    each.map((number): Row => [number, code]),
  )
}

/** An error as node-oracledb throws it: a number of the server stands in the text, one of its own in `code` too. */
const ofOracle = (
  number: ErrorNumber,
  where: Partial<Parameters<typeof problemOfOracle>[1]> = {},
  text = `${number}: ${said}\nHelp: https://docs.oracle.com/error-help/db/`,
): Problem =>
  problemOfOracle(Object.assign(new Error(text), { code: String(number) }), {
    stage: 'asking',
    host: 'db.example',
    port: 1521,
    service: 'orcl',
    user: 'precheck',
    password,
    privilege: 'normal',
    limitMs: 1000,
    ...where,
  })

/** An error as tedious reports it: numbers in messages, its own as a code. */
const ofSqlServer = (
  numbers: readonly ErrorNumber[],
  stage: 'logging-in' | 'asking' = 'asking',
  text = said,
): Problem => {
  const messages = numbers.flatMap((number) => (typeof number === 'number' ? [{ number, text }] : []))
  const code = numbers.map(String).find((number) => /^E/.test(number)) ?? 'EREQUEST'
  const where = { host: 'db.example', port: 1433, instanceName: '', user: 'precheck', limitMs: 1000 }
  return problemOfSqlServer({ stage, messages, code }, where)
}

const met: Readonly<Record<Engine, (number: ErrorNumber) => Problem>> = {
  oracle: (number) => ofOracle(number),
  sqlserver: (number) => ofSqlServer([number]),
}

const least: Readonly<Record<Engine, number>> = { oracle: 150, sqlserver: 100 }

/** Problems of one engine whose texts say of which number they are, since several mean them. */
const hasToShow = (engine: Engine, code: string, number: ErrorNumber): boolean => {
  const ofServer = (engines[engine].problems[code]?.numbers ?? []).filter(
    (each) => !/^NJS/.test(String(each)),
  )
  return ofServer.length > 1 && ofServer.includes(number)
}

describe.each(['oracle', 'sqlserver'] as const)('the error numbers of %s', (engine) => {
  const rows = rowsOf(engine)

  it('are many, and each means one thing', () => {
    const numbers = rows.map(([number]) => number)
    expect(numbers.length).toBeGreaterThanOrEqual(least[engine])
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([])
  })

  it.each(rows)('%s ends as %s, and says so in both languages', (number, code) => {
    const problem = met[engine](number)
    expect(problem.code).toBe(code)
    expect(['error', 'timed_out']).toContain(problems[code]?.status)
    for (const locale of Locale.options) {
      const { text, advice } = renderReason(problem, locale)
      for (const each of [text, advice]) {
        expect(/\p{sc=Han}/u.test(each)).toBe(locale === 'zh')
        expect(each.length).toBeGreaterThan(4)
        expect(each).not.toMatch(/\{\w+\}/)
      }
      if (hasToShow(engine, code, number)) expect(text).toContain(String(number))
    }
  })

  it('are written as the engine writes them', () => {
    const form = { oracle: /^(ORA-\d{5}|NJS-\d{3})$/, sqlserver: /^(\d{3,5}|E[A-Z]+)$/ }[engine]
    for (const [number] of rows) expect(String(number)).toMatch(form)
  })
})

describe('the codes of the system', () => {
  const declared: readonly Row[] = Object.entries(connectionProblems).flatMap(([code, problem]) =>
    'numbers' in problem ? problem.numbers.map((number): Row => [number, code]) : [],
  )

  it.each(declared)('%s is %s to the probe of every engine', (number, code) => {
    expect(ofSqlServer([number]).code).toBe(code)
    if (code === 'HOST_UNKNOWN') return
    const text = `NJS-503: connection to host db could not be established\nconnect ${number} 10.0.0.1:1521`
    expect(ofOracle('NJS-503', { stage: 'connecting' }, text).code).toBe(code)
  })
})

describe('a number that nobody declared', () => {
  it.each([
    ['Oracle, at the login', ofOracle('ORA-29999', { stage: 'logging-in' }), 'ORACLE_LOGIN_REFUSED'],
    ['Oracle, in a statement', ofOracle('ORA-29999'), 'QUERY_FAILED'],
    ['SQL Server, at the login', ofSqlServer([29999, 18456], 'logging-in'), 'SQLSERVER_LOGIN_REFUSED'],
    ['SQL Server, in a statement', ofSqlServer([29999]), 'QUERY_FAILED'],
  ])('of %s is shown with what the server says', (_, problem, code) => {
    expect(problem.code).toBe(code)
    for (const locale of Locale.options) {
      const { text, advice } = renderReason(problem, locale)
      expect(text).toContain('29999')
      expect(text).toContain(said)
      expect(advice).not.toMatch(/\{\w+\}/)
      if (locale === 'zh') expect(breachesIn(text.replace(said, 'X'))).toEqual([])
    }
  })
})

describe('an Oracle error', () => {
  const stack = (...lines: readonly string[]): string => lines.join('\n')

  it.each([
    ['LOGIN_FAILED', 'ORA-01017', 'normal'],
    ['ORACLE_ADMIN_LOGIN_FAILED', 'ORA-01017', 'sysbackup'],
    ['ORACLE_ADMIN_LOGIN_FAILED', 'ORA-01017', 'sysdba'],
    ['ORACLE_ADMIN_PRIVILEGE_REFUSED', 'ORA-01031', 'sysbackup'],
    ['PRIVILEGE_MISSING', 'ORA-01031', 'normal'],
  ] as const)('is %s for %s to a login as %s', (code, number, privilege) => {
    expect(ofOracle(number, { stage: 'logging-in', privilege }).code).toBe(code)
  })

  it('of an administrator who has logged in is about the statement', () => {
    expect(ofOracle('ORA-01031', { privilege: 'sysdba' }).code).toBe('PRIVILEGE_MISSING')
  })

  it('as SYSBACKUP mentions the password file in both languages', () => {
    const problem = ofOracle('ORA-01017', { stage: 'logging-in', privilege: 'sysbackup' })
    expect(renderReason(problem, 'en').text).toContain('password file')
    expect(renderReason(problem, 'zh').text).toContain('口令文件')
  })

  it.each([
    [
      'of the statement below it',
      ['ORA-12801: in P000', 'ORA-04031: no memory'],
      'ORACLE_RESOURCES_EXHAUSTED',
    ],
    [
      'of what the server met by itself',
      ['ORA-00604: recursive', 'ORA-00257: archiver'],
      'ORACLE_ARCHIVER_STUCK',
    ],
    [
      'of a trigger that may not read',
      ['ORA-00604: recursive', 'ORA-00942: no table'],
      'ORACLE_TRIGGER_FAILED',
    ],
    [
      'of a trigger that refuses',
      ['ORA-00604: recursive', 'ORA-20001: not from here'],
      'ORACLE_TRIGGER_FAILED',
    ],
    ['of a parallel server alone', ['ORA-12801: in P000', 'ORA-29740: evicted'], 'ORACLE_CLUSTER_UNREADABLE'],
    ['of the first that is known', ['ORA-20000: ours', 'ORA-01034: down'], 'ORACLE_INSTANCE_NOT_STARTED'],
    [
      'of an instance that is down',
      ['ORA-01034: down', 'ORA-27101: no realm'],
      'ORACLE_INSTANCE_NOT_STARTED',
    ],
  ])('that holds several is that %s', (_, lines, code) => {
    expect(ofOracle('ORA-00000', { stage: 'logging-in' }, stack(...lines)).code).toBe(code)
  })

  it.each(['ORA-28040', 'ORA-28009', 'NJS-533', 'ORA-01045', 'ORA-03134'])(
    'of a login is not told as one of a statement: %s',
    (number) => {
      const problem = ofOracle(number, { stage: 'logging-in' })
      expect(problem.code).not.toBe('QUERY_FAILED')
      expect(renderReason(problem, 'en').text).not.toMatch(/statement/i)
    },
  )

  it('that the driver cannot read is of no Oracle server before the login', () => {
    expect(ofOracle('NJS-103', { stage: 'logging-in' }).code).toBe('NOT_A_DATABASE')
    expect(ofOracle('NJS-999', { stage: 'logging-in' }).code).toBe('NOT_A_DATABASE')
    expect(ofOracle('NJS-999').code).toBe('QUERY_FAILED')
  })

  it('of TLS is about the certificate where the driver says so', () => {
    const ofTls = (cause: string) => ofOracle('NJS-506', {}, `NJS-506: TLS failed\n${cause}`).code
    expect(ofTls('unable to get local issuer certificate')).toBe('TLS_CERTIFICATE_UNTRUSTED')
    expect(ofTls('wrong version number')).toBe('TLS_FAILED')
  })
})

describe('messages of SQL Server', () => {
  it.each([
    ['the one before the last word of a refused login', [4060, 18456], 'SQLSERVER_DATABASE_UNAVAILABLE'],
    ['the one that is known', [50000, 17892, 18456], 'SQLSERVER_LOGON_TRIGGER_REFUSED'],
    ['the last word, if there is no other', [18456], 'LOGIN_FAILED'],
  ])('count by %s', (_, numbers, code) => {
    expect(ofSqlServer(numbers, 'logging-in').code).toBe(code)
  })
})

describe('what a server says', () => {
  it.each([
    ['repeats the password', `user precheck, password ${password}!`, ''],
    ['is long', 'x'.repeat(5000), `${'x'.repeat(400)}…`],
    ['has lines and controls', 'one\rtwo\u0007three\u202Efour', 'one two three four'],
  ])('is safe to show where it %s', (_, text, shown) => {
    expect(ofOracle('ORA-29999', {}, `ORA-29999: ${text}`).params['detail']).toBe(shown)
  })
})
