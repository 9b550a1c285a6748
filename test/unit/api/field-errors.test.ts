import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parsedFields } from '../../../functions/api/routing/field-errors.ts'
import { routes } from '../../../functions/api/routes.ts'
import { fieldTextOf } from '../../../shared/model/field-message.ts'
import { breachesIn } from '../../support/chinese.ts'

const inputOf = (operationId: string): z.ZodType =>
  routes.find((route) => route.operationId === operationId)!.input

const instance = {
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  connection: { host: 'a', credential: { username: 'u', password: 'env:PRECHECK_SECRET_DB' } },
}
const putInstance = (changes: object) => ({
  params: { instanceId: 'i' },
  query: {},
  headers: {},
  body: { ...instance, ...changes },
})
const postWebhook = (body: object) => ({ query: {}, headers: {}, body })

describe('what is wrong with a field, in English and Chinese', () => {
  it.each<[string, unknown, Record<string, [en: string, zh: string]>]>([
    ['putInstance', putInstance({ region: undefined }), { region: ['is missing', '缺少该字段'] }],
    ['putInstance', { params: { instanceId: 'i' } }, { '': ['is missing', '缺少该字段'] }],
    ['putInstance', putInstance({ colour: 'red' }), { colour: ['unknown field', '未知字段'] }],
    [
      'putInstance',
      putInstance({ region: 'Hangzhou' }),
      { region: ['must be a region id such as cn-hangzhou', '须为地域 ID，例如 cn-hangzhou'] },
    ],
    [
      'putInstance',
      putInstance({ region: null, profile: 'own', requiredDatabases: [''] }),
      {
        region: [
          'Invalid input: expected string, received null',
          '无效输入：期望 string，实际接收 空值(null)',
        ],
        profile: [
          'Invalid option: expected one of "cloud-backup"|"native"',
          '无效选项：期望以下之一 "cloud-backup"|"native"',
        ],
        'requiredDatabases.0': [
          'Too small: expected string to have >=1 characters',
          '数值过小：期望 string >=1 字符',
        ],
      },
    ],
    [
      'putInstance',
      putInstance({ connection: { ...instance.connection, host: '169.254.169.254' } }),
      {
        'connection.host': [
          'is a metadata address; no database is connected to there',
          '是元数据地址；不会连接那里的数据库',
        ],
      },
    ],
    [
      'putInstance',
      putInstance({
        maintenanceWindows: [{ reason: 'r', from: '2026-11-21T22:00:00Z', until: '2026-11-20T22:00:00Z' }],
      }),
      { 'maintenanceWindows.0.until': ['must be after from', '须晚于 from'] },
    ],
    [
      'createWebhook',
      postWebhook({ url: 'ftp://a' }),
      {
        url: [
          'must be an https address, or mailto: and addresses of e-mail',
          '须为 https 地址，或 mailto: 加电子邮件地址',
        ],
      },
    ],
  ])('%s %j', (operationId, request, faults) => {
    const parsed = parsedFields(inputOf(operationId), request)
    expect(parsed).toMatchObject({ failure: { code: 'FIELDS_INVALID' } })
    const told = 'failure' in parsed ? (parsed.failure.errors ?? []) : []
    expect(Object.fromEntries(told.map(({ field, message: { en, zh } }) => [field, [en, zh]]))).toEqual(
      faults,
    )
  })
})

/** Every message that a rule within a schema has of its own. */
const messagesIn = (schema: z.ZodType): ReadonlySet<string> => {
  const seen = new Set<object>()
  const messages = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (value instanceof z.core.$ZodType || value instanceof z.core.$ZodCheck) {
      const {
        _zod: { def },
      } = value
      const messageOf = def.error as ((issue: object) => unknown) | undefined
      const message = messageOf?.({ code: 'custom', input: undefined })
      if (typeof message === 'string') messages.add(message)
      look(def)
    } else for (const part of Object.values(value)) look(part)
  }
  look(schema)
  return messages
}

describe('every rule of a request', () => {
  const messages = new Set(routes.flatMap(({ input }) => [...messagesIn(input)]))

  it('is found', () => {
    expect(messages).toContain('must be a region id such as cn-hangzhou')
    expect(messages).toContain('must be the ETag of the last response, for example "3"')
    expect(messages).toContain('either serviceName or sid is required, not both')
  })

  it.each([...messages])('has a Chinese text: %s', (message) => {
    const { zh = '' } = fieldTextOf(message) ?? {}
    expect(zh).toMatch(/\p{sc=Han}/u)
    // What is to be written as it stands is the same in both.
    const filled = zh.replaceAll(/[!-~]+/g, (word) => (message.includes(word) ? 'X' : word))
    expect(breachesIn(filled)).toEqual([])
  })
})
