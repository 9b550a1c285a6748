import { expect, it } from 'vitest'
import type { ApiDeps } from '../../../functions/api/routing/deps.ts'
import { createHandler } from '../../../functions/api/handler.ts'
import { Health, type HealthFinding } from '../../../shared/model/health.ts'
import { healthOf } from '../../../shared/runtime/health/health.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'
import { httpEvent } from '../../support/http-event.ts'

const at = '2026-11-21T02:00:00.000Z'
const finding = (status: HealthFinding['status'], output?: string): HealthFinding => ({
  status,
  observedValue: 7,
  observedUnit: 's',
  ...(output !== undefined && { output }),
})

const ask = async (...findings: readonly HealthFinding[]) => {
  const looks = Object.fromEntries(findings.map((each, index) => [`part-${index}:measure`, () => each]))
  const handler = createHandler(
    { health: healthOf(looks, () => new Date(at)) } as unknown as ApiDeps,
    jsonLog('error', () => undefined),
  )
  const request = { method: 'GET', path: '/healthz', query: {}, headers: {}, requestId: 'probe' }
  const answer = await handler(httpEvent({ ...request, body: Buffer.from('') }), { requestId: 'probe' })
  expect(answer.headers['content-type']).toMatch(/^application\/health\+json/)
  return { status: answer.statusCode, body: Health.parse(JSON.parse(answer.body)) }
}

it('the service is well while every check passes, and says what was observed when', async () => {
  expect(await ask(finding('pass'), finding('pass'))).toEqual({
    status: 200,
    body: {
      status: 'pass',
      checks: {
        'part-0:measure': [{ status: 'pass', observedValue: 7, observedUnit: 's', time: at }],
        'part-1:measure': [{ status: 'pass', observedValue: 7, observedUnit: 's', time: at }],
      },
    },
  })
})

it('is as well as its worst check, and not there for a balancer once one has failed', async () => {
  const warned = await ask(finding('pass'), finding('warn', 'look'), finding('pass'))
  expect([warned.status, warned.body.status]).toEqual([200, 'warn'])
  const failed = await ask(finding('fail', 'full'), finding('warn', 'look'))
  expect([failed.status, failed.body.status]).toEqual([503, 'fail'])
  expect(failed.body.checks['part-0:measure']?.[0]?.output).toBe('full')
})
