import { expect, it } from 'vitest'
import type { ApiDeps } from '../../../functions/api/routing/deps.ts'
import { createHandler } from '../../../functions/api/handler.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'
import { httpEvent } from '../../support/http-event.ts'

const healthOf = (checkStore: ApiDeps['checkStore']) => {
  const handler = createHandler(
    { checkStore } as ApiDeps,
    jsonLog('error', () => undefined),
  )
  const request = { method: 'GET', path: '/healthz', query: {}, headers: {}, requestId: 'probe' }
  return handler(httpEvent({ ...request, body: Buffer.from('') }), { requestId: 'probe' })
}

it('the pulse passes while the store takes writes', async () => {
  expect(await healthOf(async () => undefined)).toMatchObject({ statusCode: 200, body: '{"status":"pass"}' })
})

it('the pulse stops when the store takes no more, and says what to look at', async () => {
  const { statusCode, body } = await healthOf(() => Promise.reject(new Error('ENOSPC: /data/precheck.db')))
  expect(statusCode).toBe(503)
  expect(JSON.parse(body)).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    detail: expect.stringContaining('disk'),
  })
  expect(body).not.toContain('/data')
})
