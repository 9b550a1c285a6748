import { describe, expect, it, vi } from 'vitest'
import type { HttpResponse } from '../../../shared/runtime/http.ts'
import { httpFunction } from '../../../shared/runtime/http-chain.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'
import { HttpProblem } from '../../../shared/runtime/problem-document.ts'
import { type EventRequest, httpEvent } from '../../support/http-event.ts'

const context = { requestId: 'request-1' }

const eventOf = (request: Partial<EventRequest>, body = ''): Buffer =>
  httpEvent({
    method: 'GET',
    path: '/v1/things/7',
    query: {},
    headers: {},
    requestId: 'of the trigger',
    ...request,
    body: Buffer.from(body),
  })

type LogLine = Readonly<Record<string, unknown>>

/** A chain whose every request comes to `serve`, and what it logs. */
const serving = (serve: () => Promise<HttpResponse>) => {
  const lines: LogLine[] = []
  const log = jsonLog('debug', (line) => lines.push(JSON.parse(line) as LogLine))
  const handle = httpFunction(log, () => ({ route: '/v1/things/{id}', serve }))
  return { lines, call: (event: Uint8Array) => handle(event, context) }
}

const answering = (status: number) => serving(async () => ({ status, headers: {} }))

describe('the line of a request', () => {
  it.each([
    ['GET', 200, 'debug'],
    ['GET', 404, 'info'],
    ['POST', 202, 'info'],
    ['DELETE', 204, 'info'],
    ['PUT', 422, 'info'],
  ])('of %s with the status %i is at %s', async (method, status, level) => {
    const { lines, call } = answering(status)
    await call(eventOf({ method }))
    expect(lines).toEqual([
      {
        time: expect.any(String),
        level,
        event: 'api.request',
        requestId: 'request-1',
        method,
        route: '/v1/things/{id}',
        status,
        ms: expect.any(Number),
      },
    ])
  })

  it('has the time that the request took', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(1000).mockReturnValueOnce(1030.4)
    const { lines, call } = answering(200)
    await call(eventOf({}))
    clock.mockRestore()
    expect(lines[0]?.['ms']).toBe(30)
  })

  it('holds nothing of what the caller wrote', async () => {
    const { lines, call } = answering(200)
    const secret = 'not-for-the-log'
    await call(
      eventOf(
        {
          method: 'POST',
          path: `/v1/things/${secret}`,
          query: { token: secret },
          headers: { authorization: `Bearer ${secret}` },
        },
        `{"password":"${secret}"}`,
      ),
    )
    expect(JSON.stringify(lines)).not.toContain(secret)
    expect(lines).toHaveLength(1)
  })

  it('is there where no route is, without one', async () => {
    const lines: LogLine[] = []
    const handle = httpFunction(
      jsonLog('info', (line) => lines.push(JSON.parse(line) as LogLine)),
      () => {
        throw new HttpProblem({ code: 'PATH_NOT_FOUND', detail: 'Nothing is here.' })
      },
    )
    expect((await handle(eventOf({}), context)).statusCode).toBe(404)
    expect(lines).toMatchObject([{ event: 'api.request', method: 'GET', route: '', status: 404 }])
  })
})

describe('a fault', () => {
  it('is logged with its reason, and answered without it', async () => {
    const { lines, call } = serving(() => Promise.reject(new TypeError('disk on fire')))
    const answer = await call(eventOf({}))
    expect([answer.statusCode, answer.body.includes('disk')]).toEqual([500, false])
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'UNEXPECTED', requestId: 'request-1' })
    expect(lines).toMatchObject([
      { level: 'error', event: 'api.failed', name: 'TypeError', message: 'disk on fire' },
      { level: 'info', event: 'api.request', status: 500 },
    ])
  })

  it.each([
    ['no JSON', Buffer.from('<html>')],
    ['the event of another trigger', Buffer.from('{"type":"mns:Queue:SendMessage"}')],
  ])('is an event that is %s', async (_, event) => {
    const { lines, call } = answering(200)
    expect((await call(event)).statusCode).toBe(500)
    expect(lines).toMatchObject([{ event: 'api.failed' }, { event: 'api.request', method: '', status: 500 }])
  })
})
