import { describe, expect, it } from 'vitest'
import { connectionProblems } from '../../../../shared/checks/problems/connection.ts'
import { oracle } from '../../../../shared/checks/oracle/engine.ts'
import { renderReason } from '../../../../shared/checks/render.ts'
import { Locale } from '../../../../shared/model/message.ts'
import { breachesIn } from '../../../support/chinese.ts'
import { metByOracle as met, password, said } from '../../../support/errors/oracle.ts'

describe('the table of Oracle', () => {
  const numbers = [
    ...Object.values(oracle.problems).flatMap((each) => each.numbers ?? []),
    ...Object.values(oracle.numbers).flat(),
  ]

  it('has what a login, a connection and a statement usually end with, as Oracle writes it', () => {
    expect(numbers.length).toBeGreaterThanOrEqual(150)
    for (const number of numbers) expect(number).toMatch(/^(ORA-\d{5}|NJS-\d{3})$/)
  })
})

describe('a number that nobody declared', () => {
  it.each([
    ['at the login', met('ORA-29999', { stage: 'logging-in' }), 'ORACLE_LOGIN_REFUSED'],
    ['in a statement', met('ORA-29999'), 'QUERY_FAILED'],
  ])('%s is shown with what the server says', (_, problem, code) => {
    expect(problem.code).toBe(code)
    for (const locale of Locale.options) {
      const { text, advice } = renderReason(problem, locale)
      expect(text).toContain('ORA-29999')
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
    expect(met(number, { stage: 'logging-in', privilege }).code).toBe(code)
  })

  it('of an administrator who has logged in is about the statement', () => {
    expect(met('ORA-01031', { privilege: 'sysdba' }).code).toBe('PRIVILEGE_MISSING')
  })

  it('as SYSBACKUP mentions the password file in both languages', () => {
    const problem = met('ORA-01017', { stage: 'logging-in', privilege: 'sysbackup' })
    expect(renderReason(problem, 'en').text).toContain('password file')
    expect(renderReason(problem, 'zh').text).toContain('密码文件')
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
    expect(met('ORA-00000', { stage: 'logging-in' }, stack(...lines)).code).toBe(code)
  })

  it.each(['ORA-28040', 'ORA-28009', 'NJS-533', 'ORA-01045', 'ORA-03134'])(
    'of a login is not told as one of a statement: %s',
    (number) => {
      const problem = met(number, { stage: 'logging-in' })
      expect(problem.code).not.toBe('QUERY_FAILED')
      expect(renderReason(problem, 'en').text).not.toMatch(/statement/i)
    },
  )

  it('that the driver cannot read is of no Oracle server before the login', () => {
    expect(met('NJS-103', { stage: 'logging-in' }).code).toBe('NOT_A_DATABASE')
    expect(met('NJS-999', { stage: 'logging-in' }).code).toBe('NOT_A_DATABASE')
    expect(met('NJS-999').code).toBe('QUERY_FAILED')
  })

  it('of TLS is about the certificate where the driver says so, and about who answers where that is no TLS', () => {
    const ofTls = (cause: string) => met('NJS-506', {}, `NJS-506: TLS failed\n${cause}`).code
    expect(ofTls('unable to get local issuer certificate')).toBe('TLS_CERTIFICATE_UNTRUSTED')
    expect(ofTls('certificate has expired')).toBe('TLS_CERTIFICATE_EXPIRED')
    expect(ofTls('wrong version number')).toBe('TLS_NOT_SPOKEN')
    expect(ofTls('Client network socket disconnected before secure TLS connection was established')).toBe(
      'LOGIN_INTERRUPTED',
    )
    expect(ofTls('no shared cipher')).toBe('TLS_FAILED')
  })
})

describe('a connection that does not come about', () => {
  const declared = Object.entries(connectionProblems).flatMap(([code, problem]) =>
    'numbers' in problem ? problem.numbers.map((number) => [number, code] as const) : [],
  )

  // The driver looks names up itself, and says so with a number of its own.
  it.each(declared.filter(([, code]) => code !== 'HOST_UNKNOWN'))('because of %s is %s', (number, code) => {
    const text = `NJS-503: connection to host db could not be established\nconnect ${number} 10.0.0.1:1521`
    expect(met('NJS-503', { stage: 'connecting' }, text).code).toBe(code)
  })
})

describe('what a server says', () => {
  it.each([
    ['repeats the password', `user precheck, password ${password}!`, ''],
    ['is long', 'x'.repeat(5000), `${'x'.repeat(400)}…`],
    ['has lines and controls', 'one\rtwo\u0007three\u202Efour', 'one two three four'],
  ])('is safe to show where it %s', (_, text, shown) => {
    expect(met('ORA-29999', {}, `ORA-29999: ${text}`).params['detail']).toBe(shown)
  })
})
