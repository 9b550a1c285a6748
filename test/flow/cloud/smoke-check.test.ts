import { afterEach, describe, expect, it } from 'vitest'
import { smokeCheck } from '../../../infra/deploy/deploy/smoke-check.ts'
import { type HttpAnswer, type HttpListener, listenHttp } from '../../emulators/http-listener.ts'

let api: HttpListener
afterEach(() => api.close())

const json = (status: number, body: unknown): HttpAnswer => ({ status, body: JSON.stringify(body) })

const asked: string[] = []

/** A service whose self-test ends with these items. */
const serve = async (items: readonly object[], answers: Readonly<Record<string, HttpAnswer>> = {}) => {
  asked.length = 0
  const healthy: Readonly<Record<string, HttpAnswer>> = {
    'GET /healthz': json(200, { status: 'warn' }),
    'PUT /v1/instances/self-test': json(201, {}),
    'POST /v1/instances/self-test/prechecks': json(202, { id: 'pc_1', state: 'running' }),
    'GET /v1/prechecks/pc_1': json(200, { id: 'pc_1', state: 'completed', items }),
    'DELETE /v1/instances/self-test': { status: 204, body: '' },
    ...answers,
  }
  api = await listenHttp(({ method, url }) => {
    const request = `${method} ${url.pathname}`
    asked.push(request)
    return Promise.resolve(healthy[request] ?? json(404, {}))
  })
}
const check = (token: string | null = 'bp_token') => smokeCheck({ url: api.url, token }, 'cn-hangzhou')

const item = (checkItem: string, status: string) => ({ checkItem, status })

describe('the smoke check', () => {
  it('passes with whatever verdicts the items have, and leaves no instance', async () => {
    await serve([
      item('SERVICE_CONNECTIVITY', 'passed'),
      item('OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'failed'),
    ])
    expect(await check()).toEqual([
      'health: warn',
      'self-test: SERVICE_CONNECTIVITY passed',
      'self-test: OSS_INTERNAL_ENDPOINT_CONNECTIVITY failed',
    ])
    expect(asked.at(-1)).toBe('DELETE /v1/instances/self-test')
  })

  it.each(['error', 'timed_out', 'skipped'])(
    'fails where an item is %s, and leaves no instance',
    async (status) => {
      await serve([
        item('SERVICE_CONNECTIVITY', status),
        item('OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'passed'),
      ])
      await expect(check()).rejects.toThrow(`without a verdict: SERVICE_CONNECTIVITY ${status}.`)
      expect(asked.at(-1)).toBe('DELETE /v1/instances/self-test')
    },
  )

  it('fails where no item was run', async () => {
    await serve([])
    await expect(check()).rejects.toThrow('without a verdict')
  })

  it('says what the service refused', async () => {
    await serve([], { 'PUT /v1/instances/self-test': json(401, { code: 'UNAUTHORIZED' }) })
    await expect(check()).rejects.toThrow(/registration of the self-test: HTTP 401\n.*UNAUTHORIZED/)
  })

  it('asks for its health alone where there is no token', async () => {
    await serve([])
    expect(await check(null)).toEqual(['health: warn', expect.stringMatching(/^self-test: not run/)])
    expect(asked).toEqual(['GET /healthz'])
  })
})
