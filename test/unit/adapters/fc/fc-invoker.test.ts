import FcClient from '@alicloud/fc2'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { toTaskId } from '../../../../shared/adapters/fc/dedupe-id.ts'
import { fcInvoker } from '../../../../shared/adapters/fc/fc-invoker.ts'

describe('a task id', () => {
  it('is a dedupe id as it is, where Function Compute takes it', () => {
    for (const id of ['a', '_1', 'pc_0123-abc', 'x'.repeat(128)]) expect(toTaskId(id)).toBe(id)
  })

  it('is always one that Function Compute takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (id) => {
        expect(toTaskId(id)).toMatch(/^[A-Za-z_][A-Za-z0-9_-]{0,127}$/)
        expect(toTaskId(id)).toBe(toTaskId(id))
      }),
    )
  })

  it('tells apart what its letters do not', () => {
    const ids = [
      '',
      '1',
      '_1',
      'a.b',
      'a_b',
      'a b',
      'x'.repeat(128),
      'x'.repeat(129),
      'x'.repeat(130),
      '018f-ä',
      '018f-ö',
    ]
    expect(new Set(ids.map(toTaskId)).size).toBe(ids.length)
    expect(toTaskId('018f3a52-x')).toContain('018f3a52-x')
  })
})

describe('without an endpoint', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each([
    [{ mode: 'fc3' }, '2023-03-30'],
    [{ mode: 'fc2', service: 'precheck' }, '2016-08-15'],
  ] as const)('%j speaks https to the endpoint of account and region', async (mode, version) => {
    const asked: unknown[] = []
    vi.spyOn(FcClient.prototype, 'post').mockImplementation(function post(this: FcClient) {
      asked.push(this)
      return Promise.resolve({ headers: { 'x-fc-request-id': 'r' }, data: Buffer.from('') })
    })
    const credentials = () => Promise.resolve({ accessKeyId: 'a', accessKeySecret: 's' })
    const settings = { accountId: '123', region: 'cn-hangzhou', credentials, timeoutMs: 1000 }
    await fcInvoker({ ...settings, ...mode }).invoke('echo', Buffer.from(''))
    expect(asked).toMatchObject([
      { endpoint: 'https://123.cn-hangzhou.fc.aliyuncs.com', version, timeout: 1000 },
    ])
  })
})
