import { describe, expect, it } from 'vitest'
import { renderMessage, renderReason } from '../../../shared/checks/render.ts'

describe('the text of a finding', () => {
  const offline = { code: 'OFFLINE', params: { database: 'Sales' } }

  it('is that of its check item in the language asked for, with its parameters', () => {
    expect(renderMessage('SQL_SERVER_DB_NOT_ONLINE', offline, 'en')).toMatch(/^Sales is OFFLINE/)
    expect(renderMessage('SQL_SERVER_DB_NOT_ONLINE', offline, 'zh')).toMatch(/^Sales 处于 OFFLINE/)
  })

  it('is its code and parameters where the item has no such text: it comes from another version', () => {
    const future = { code: 'FROM_THE_FUTURE', params: { a: 1 } }
    expect(renderMessage('ARCHIVELOG', future, 'en')).toBe('FROM_THE_FUTURE {"a":1}')
    expect(renderMessage('NO_SUCH_ITEM', offline, 'zh')).toBe('OFFLINE {"database":"Sales"}')
  })
})

describe('the text of a reason', () => {
  const refused = { code: 'LOGIN_FAILED', params: { user: 'precheck' } }
  const waiting = { code: 'DEPENDENCY_NOT_PASSED', params: { checkItem: 'OWNER', because: 'WHY' } }

  it('says what is wrong in the language asked for', () => {
    expect(renderReason(refused, 'en').text).toContain('login of precheck')
    expect(renderReason(refused, 'zh').text).toContain('precheck 登录失败')
  })

  it('says what to do about it, with the same parameters', () => {
    expect(renderReason(waiting, 'en').advice).toContain('OWNER')
    expect(renderReason(waiting, 'zh').advice).toMatch(/请.*OWNER/)
  })

  it('is its code and parameters, without advice, where the catalogue has no such problem', () => {
    const future = { code: 'FROM_THE_FUTURE', params: { a: 1 } }
    expect(renderReason(future, 'zh')).toEqual({ text: 'FROM_THE_FUTURE {"a":1}', advice: '' })
  })
})

// "Database states" and "Using Password File Authentication": what these texts must not leave out.
describe('a cause that is one of several', () => {
  it.each([
    ['en', /missing/, /disk space|memory/],
    ['zh', /缺失/, /磁盘空间|内存/],
  ] as const)('is not told as the only one: RECOVERY_PENDING, in %s', (locale, file, resource) => {
    const message = { code: 'RECOVERY_PENDING', params: { database: 'HR' } }
    const text = renderMessage('SQL_SERVER_DB_NOT_ONLINE', message, locale)
    expect(text).toMatch(file)
    expect(text).toMatch(resource)
  })

  it.each([
    ['en', 'password file'],
    ['zh', '密码文件'],
  ] as const)('is told of a refused login as SYSBACKUP: the password file, in %s', (locale, words) => {
    const params = { user: 'precheck', privilege: 'sysbackup', code: 'ORA-01017' }
    const { text, advice } = renderReason({ code: 'ORACLE_ADMIN_LOGIN_FAILED', params }, locale)
    expect([text, advice]).toEqual([expect.stringContaining(words), expect.stringContaining(words)])
  })
})
