import { describe, expect, it } from 'vitest'
import { problemOf } from '../../../../shared/adapters/sqlserver/errors.ts'
import { connectionProblems } from '../../../../shared/checks/problems/connection.ts'
import { sqlserver } from '../../../../shared/checks/sqlserver/engine.ts'
import { renderReason } from '../../../../shared/checks/render.ts'
import { Locale } from '../../../../shared/model/message.ts'
import { breachesIn } from '../../../support/chinese.ts'
import { metBySqlServer as met, said } from '../../../support/errors/sqlserver.ts'

describe('the table of SQL Server', () => {
  const numbers = [
    ...Object.values(sqlserver.problems).flatMap((each) => each.numbers ?? []),
    ...Object.values(sqlserver.numbers).flat(),
  ]

  it('has what a login, a connection and a statement usually end with, as SQL Server writes it', () => {
    expect(numbers.length).toBeGreaterThanOrEqual(100)
    for (const number of numbers) expect(String(number)).toMatch(/^(\d{3,5}|E[A-Z]+)$/)
  })
})

describe('a number that nobody declared', () => {
  it.each([
    ['at the login', met([29999, 18456], 'logging-in'), 'SQLSERVER_LOGIN_REFUSED'],
    ['in a statement', met([29999]), 'QUERY_FAILED'],
  ])('%s is shown with what the server says', (_, problem, code) => {
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

describe('messages of SQL Server', () => {
  it.each([
    ['the one before the last word of a refused login', [4060, 18456], 'SQLSERVER_DATABASE_UNAVAILABLE'],
    ['the one that is known', [50000, 17892, 18456], 'SQLSERVER_LOGON_TRIGGER_REFUSED'],
    ['the last word, if there is no other', [18456], 'LOGIN_FAILED'],
  ])('count by %s', (_, numbers, code) => {
    expect(met(numbers, 'logging-in').code).toBe(code)
  })
})

it('a refused login of Windows is said to be one, for which no other password helps', () => {
  const where = { host: 'db.example', port: 1433, instanceName: '', user: String.raw`DOM\svc`, afterMs: 1000 }
  const messages = [{ number: 18_456, text: 'Login failed.' }]
  expect(problemOf({ stage: 'logging-in', messages, code: '' }, where).code).toBe(
    'SQLSERVER_WINDOWS_LOGIN_GIVEN',
  )
})

describe('a connection that does not come about', () => {
  const declared = Object.entries(connectionProblems).flatMap(([code, problem]) =>
    'numbers' in problem ? problem.numbers.map((number) => [number, code] as const) : [],
  )

  it.each(declared)('because of %s is %s', (number, code) => {
    expect(met([number]).code).toBe(code)
  })

  it.each([
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_NOT_SPOKEN'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'TLS_NOT_SPOKEN'],
    ['ERR_SSL_NO_SHARED_CIPHER', 'TLS_FAILED'],
    ['CERT_HAS_EXPIRED', 'TLS_CERTIFICATE_EXPIRED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_CERTIFICATE_UNTRUSTED'],
  ])('because of %s in TLS is %s', (cause, code) => {
    expect(met([cause]).code).toBe(code)
  })
})
