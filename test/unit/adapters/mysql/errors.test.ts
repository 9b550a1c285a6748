import { describe, expect, it } from 'vitest'
import { mysql } from '../../../../shared/checks/mysql/engine.ts'
import { connectionProblems } from '../../../../shared/checks/problems/connection.ts'
import { renderReason } from '../../../../shared/checks/render.ts'
import { Locale } from '../../../../shared/model/message.ts'
import { breachesIn } from '../../../support/chinese.ts'
import { metByMySql as met, password, said } from '../../../support/errors/mysql.ts'

describe('the table of MySQL and MariaDB', () => {
  const numbers = [
    ...Object.values(mysql.problems).flatMap((each) => each.numbers ?? []),
    ...Object.values(mysql.numbers).flat(),
  ]

  it('has what a login, a connection and a statement usually end with, as the servers and the driver write it', () => {
    expect(numbers.length).toBeGreaterThanOrEqual(80)
    for (const number of numbers) expect(String(number)).toMatch(/^(\d{4}|[A-Z_]+)$/)
  })
})

describe('a number that nobody declared', () => {
  it.each([
    ['at the login', met(2999, { stage: 'logging-in' }), 'MYSQL_LOGIN_REFUSED'],
    ['in a statement', met(2999), 'QUERY_FAILED'],
  ])('%s is shown with what the server says', (_, problem, code) => {
    expect(problem.code).toBe(code)
    for (const locale of Locale.options) {
      const { text, advice } = renderReason(problem, locale)
      expect(text).toContain('2999')
      expect(text).toContain(said)
      expect(advice).not.toMatch(/\{\w+\}/)
      if (locale === 'zh') expect(breachesIn(text.replace(said, 'X'))).toEqual([])
    }
  })

  it('is shown without the text of a server that repeats the password', () => {
    expect(JSON.stringify(met(2999, {}, `no: ${password}`))).not.toContain(password)
  })
})

describe('a refused password', () => {
  it('may be one of TLS where the registration has it off', () => {
    expect(met(1045, { stage: 'logging-in', isPlain: true }).code).toBe('MYSQL_PLAINTEXT_LOGIN_FAILED')
    expect(met(1045, { stage: 'logging-in' }).code).toBe('LOGIN_FAILED')
  })
})

describe('a connection that does not come about', () => {
  const declared = Object.entries(connectionProblems).flatMap(([code, problem]) =>
    'numbers' in problem ? problem.numbers.map((number) => [number, code] as const) : [],
  )

  it.each(declared)('because of %s is %s', (number, code) => {
    expect(met(number).code).toBe(code)
  })

  it.each([
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_NOT_SPOKEN'],
    ['ERR_SSL_NO_SHARED_CIPHER', 'TLS_FAILED'],
    ['CERT_HAS_EXPIRED', 'TLS_CERTIFICATE_EXPIRED'],
    ['CERT_NOT_YET_VALID', 'TLS_CERTIFICATE_EXPIRED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_CERTIFICATE_UNTRUSTED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_CERTIFICATE_UNTRUSTED'],
    ['ERR_OUT_OF_RANGE', 'NOT_A_DATABASE'],
    ['ECONNRESET', 'LOGIN_INTERRUPTED'],
  ])('because of %s at the login is %s', (cause, code) => {
    expect(met(cause, { stage: 'logging-in' }).code).toBe(code)
  })
})
