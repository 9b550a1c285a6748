import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook as Verifier } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHandler } from '../../../functions/notify/handler.ts'
import { type Database, openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { sqliteResults } from '../../../shared/adapters/sqlite/sqlite-results.ts'
import { sqliteSweeps } from '../../../shared/adapters/sqlite/sqlite-sweeps.ts'
import { sqliteWebhookDeliveries } from '../../../shared/adapters/sqlite/sqlite-webhook-deliveries.ts'
import { sqliteWebhookTraffics } from '../../../shared/adapters/sqlite/sqlite-webhook-traffics.ts'
import { sqliteWebhooks } from '../../../shared/adapters/sqlite/sqlite-webhooks.ts'
import { webhookSender } from '../../../shared/adapters/webhook/webhook-sender.ts'
import { announcePrecheck } from '../../../shared/flows/announce.ts'
import { defaultRetryDelaysMs } from '../../../shared/flows/delivery-schedule.ts'
import { redeliver } from '../../../shared/flows/redeliver.ts'
import { createWebhook } from '../../../shared/flows/register-webhook.ts'
import { rotateWebhookSecret } from '../../../shared/flows/rotate-webhook-secret.ts'
import { sendSample } from '../../../shared/flows/send-sample.ts'
import type { CompletedPrecheck } from '../../../shared/model/precheck.ts'
import { WebhookDefinition } from '../../../shared/model/webhook.ts'
import type { NotificationMessage } from '../../../shared/model/webhook-delivery.ts'
import { queueEvent } from '../../../shared/runtime/fc-event.ts'
import { newWebhookId } from '../../../shared/runtime/ids.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'
import {
  type HttpAnswer,
  type HttpListener,
  type HttpRequest,
  listenHttp,
} from '../../emulators/http-listener.ts'
import { failedPrecheck } from '../../support/delivery-world.ts'

const start = Date.parse('2026-11-21T02:00:10.000Z')
const hourMs = 3_600_000
const rules = { allowHttp: true, allowedNetworks: ['127.0.0.0/8'] }

let folder: string
let database: Database
let writer: ReturnType<typeof groupCommit>
const receivers: HttpListener[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-delivery-'))
  database = openDatabase(join(folder, 'precheck.db'))
  writer = groupCommit(database)
})
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()))
  writer.close()
  database.close()
  rmSync(folder, { recursive: true })
})

/** A receiver that gives these answers one after the other, then the last one of them for good. */
const receiver = async (...answers: readonly HttpAnswer[]) => {
  const requests: HttpRequest[] = []
  const listener = await listenHttp(async (request) => {
    requests.push(request)
    return answers[Math.min(requests.length, answers.length) - 1] ?? { status: 204, body: '' }
  })
  receivers.push(listener)
  return { url: `${listener.url}/hook`, requests }
}

/** The function `notify` on the embedded stores, which calls real sockets; and the queue before it, by a clock that the test moves. */
const service = (callLimitMs = 5000) => {
  const waiting: { readonly message: NotificationMessage; readonly dueAt: number }[] = []
  const deps = {
    webhooks: sqliteWebhooks(database, writer),
    deliveries: sqliteWebhookDeliveries(database, writer),
    traffics: sqliteWebhookTraffics(database, writer),
    results: sqliteResults(database, writer),
    sweeps: sqliteSweeps(database, writer),
    secrets: { resolve: async () => ({ value: 's3cr3t-token' }) },
    webhookKey: async () => ({ value: 'a master key' }),
    webhookRules: rules,
    newWebhookId,
    sendWebhook: webhookSender(rules),
    notifications: {
      send: async (messages: readonly NotificationMessage[], { delaySeconds = 0 } = {}) => {
        const dueAt = Date.now() + delaySeconds * 1000
        waiting.push(...messages.map((message) => ({ message, dueAt })))
      },
    },
    callLimitMs,
    retryDelaysMs: defaultRetryDelaysMs,
    random: () => 0.5,
    now: () => new Date(),
  }
  const notify = createHandler(
    deps,
    jsonLog('error', () => {}),
  )
  const deliver = (message: NotificationMessage) =>
    notify(queueEvent('notifications', [JSON.stringify(message)]), { requestId: 'request' })

  const register = async (definition: object) => {
    const created = await createWebhook(deps, WebhookDefinition.parse(definition))
    if ('failure' in created) throw new Error(created.failure.detail)
    return { id: created.value.webhook.id, secret: created.value.secret ?? '' }
  }
  /** Stores a precheck, as the collector does at its end, and has webhooks told. */
  const end = async (precheck: CompletedPrecheck): Promise<void> => {
    const { outcome: _, comparison: __, completedAt: ___, ...plan } = precheck
    await deps.results.create({ ...plan, state: 'running' }, null)
    await announcePrecheck(deps, precheck)
    await deps.results.complete(precheck, 1)
  }
  /** Delivers what is due, however late that is, until nothing waits. */
  const drain = async (): Promise<void> => {
    for (;;) {
      waiting.sort((one, other) => one.dueAt - other.dueAt)
      const next = waiting.shift()
      if (!next) return
      vi.setSystemTime(Math.max(Date.now(), next.dueAt))
      await deliver(next.message)
    }
  }
  const recordsOf = async (id: string) => (await deps.deliveries.list(id, { limit: 200 })).items
  return { deps, waiting, deliver, register, end, drain, recordsOf }
}

const fakeDate = () => vi.useFakeTimers({ toFake: ['Date'], now: start })

/** Verifies a request as of the time that it says it was sent at: tests have moved on since then. */
const verify = ({ headers, body }: HttpRequest, secret: string): unknown => {
  vi.setSystemTime(Number(headers['webhook-timestamp']) * 1000)
  return new Verifier(secret).verify(body.toString(), { ...headers })
}

const timeOf = ({ headers }: HttpRequest): number => Number(headers['webhook-timestamp'])
const gaps = (requests: readonly HttpRequest[]): number[] =>
  requests.slice(1).map((request, index) => timeOf(request) - timeOf(requests[index] ?? request))

describe('a webhook over real sockets', () => {
  it('that fails five times and then accepts gets the event once more in each retry', async () => {
    fakeDate()
    const { register, end, drain, recordsOf } = service()
    const failing: HttpAnswer[] = [
      { status: 500, body: 'broken' },
      { status: 302, headers: { location: 'https://other.example/' }, body: '' },
      { status: 404, body: '' },
      'reset',
      { status: 503, body: '' },
    ]
    const { url, requests } = await receiver(...failing, { status: 200, body: 'thanks' })
    const { id, secret } = await register({ url })
    await end(failedPrecheck())
    await drain()

    expect(requests).toHaveLength(6)
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1)
    for (const request of requests) {
      const event = { id: request.headers['webhook-id'], type: 'precheck.failed', specversion: '1.0' }
      expect(verify(request, secret)).toMatchObject(event)
    }
    const [record] = await recordsOf(id)
    const told = record?.attempts.map(({ status, failure }) => [status, failure?.code ?? null])
    expect(told).toEqual([
      [500, 'STATUS_REFUSED'],
      [null, 'REDIRECTED'],
      [404, 'STATUS_REFUSED'],
      [null, 'UNREACHABLE'],
      [503, 'STATUS_REFUSED'],
      [200, null],
    ])
    expect(record?.state).toBe('delivered')
  })

  it('is left alone for as long as it asks for', async () => {
    fakeDate()
    const { register, end, drain } = service()
    const busy = { status: 429, headers: { 'retry-after': '120' }, body: '' }
    const { url, requests } = await receiver(busy, { status: 204, body: '' })
    await register({ url })
    await end(failedPrecheck())
    await drain()
    expect(gaps(requests)).toEqual([120])
  })

  it('that is gone is stopped', async () => {
    fakeDate()
    const { deps, register, end, drain, recordsOf } = service()
    const { url, requests } = await receiver({ status: 410, body: '' })
    const { id } = await register({ url })
    await end(failedPrecheck(1))
    await drain()
    await end(failedPrecheck(2))
    await drain()
    expect(requests).toHaveLength(1)
    expect((await deps.webhooks.get(id))?.stopped?.code).toBe('GONE')
    expect(await recordsOf(id)).toMatchObject([{ state: 'dead' }])
  })

  it('whose secret is rotated can verify with either one, and after the overlap with the new one', async () => {
    fakeDate()
    const { deps, register, end, drain } = service()
    const { url, requests } = await receiver({ status: 204, body: '' })
    const { id, secret: older } = await register({ url })
    const rotated = await rotateWebhookSecret(deps, { webhookId: id, overlapHours: 24 })
    const newer = 'value' in rotated ? rotated.value.secret : ''
    await end(failedPrecheck(1))
    await drain()
    vi.setSystemTime(start + 25 * hourMs)
    await end(failedPrecheck(2))
    await drain()
    const [during, after] = requests
    expect(() => verify(during!, older)).not.toThrow()
    expect(() => verify(during!, newer)).not.toThrow()
    expect(() => verify(after!, newer)).not.toThrow()
    expect(() => verify(after!, older)).toThrow('No matching signature found')
  })

  it('that is not there leaves a dead letter, which is delivered once more when it is asked for', async () => {
    fakeDate()
    const { deps, register, end, drain, recordsOf } = service()
    const { url, requests } = await receiver(...Array<HttpAnswer>(9).fill('reset'), {
      status: 200,
      body: '',
    })
    const { id, secret } = await register({ url })
    await end(failedPrecheck())
    await drain()
    const [dead] = await recordsOf(id)
    expect(dead).toMatchObject({ state: 'dead', attempts: { length: 9 } })
    expect(await redeliver(deps, { webhookId: id, eventId: dead?.eventId ?? '' })).toHaveProperty('value')
    await drain()
    expect(await recordsOf(id)).toMatchObject([{ state: 'delivered', attempts: { length: 10 } }])
    expect(verify(requests[9]!, secret)).toMatchObject({ id: dead?.eventId })
  })

  it('can be tried with a sample', async () => {
    fakeDate()
    const { deps, register, drain, recordsOf } = service()
    const { url, requests } = await receiver({ status: 500, body: '' }, { status: 204, body: '' })
    const { id, secret } = await register({ url })
    await sendSample(deps, id)
    await drain()
    vi.setSystemTime(start + hourMs)
    await sendSample(deps, id)
    await drain()
    expect((await recordsOf(id)).map(({ state }) => state)).toEqual(['delivered', 'dead'])
    for (const request of requests) expect(verify(request, secret)).toMatchObject({ type: 'webhook.sample' })
  })

  it('of a robot is called at an address whose secret part is written nowhere', async () => {
    fakeDate()
    const { register, end, drain, recordsOf } = service()
    const taken = { status: 200, body: '{"errcode":0,"errmsg":"ok"}' }
    const { url, requests } = await receiver(
      { status: 200, body: '{"errcode":40035,"errmsg":"s3cr3t-token is not known"}' },
      'reset',
      taken,
    )
    const { id } = await register({
      url: `${url}?key={token}`,
      token: 'file:/run/secrets/robot',
      format: 'wecom',
    })
    await end(failedPrecheck())
    await drain()
    expect(requests.map(({ target }) => target)).toEqual(Array(3).fill('/hook?key=s3cr3t-token'))
    const [record] = await recordsOf(id)
    expect(record?.attempts.map(({ failure }) => failure?.code ?? null)).toEqual([
      'ANSWER_REFUSED',
      'UNREACHABLE',
      null,
    ])
    const rows = database.connection.prepare('SELECT document FROM webhook_deliveries').all()
    expect(JSON.stringify(rows)).not.toContain('s3cr3t')
  })
})

describe('a receiver that hangs', () => {
  it('holds four calls at once at most, and delays nobody else', async () => {
    fakeDate()
    const { deps, waiting, deliver, register, end, recordsOf } = service(2000)
    const hung = await receiver('hang')
    const fine = await receiver({ status: 204, body: '' })
    const { id: hungId } = await register({ url: hung.url })
    const prechecks = Array.from({ length: 200 }, (_, index) => failedPrecheck(index + 1))
    for (const precheck of prechecks) await end(precheck)
    const { id: fineId } = await register({ url: fine.url })
    await end(failedPrecheck(201))
    const messages = waiting.splice(0).map(({ message }) => message)
    const last = messages.findLast(({ webhookId }) => webhookId === fineId)
    const others = messages.filter((message) => message !== last)
    expect(others).toHaveLength(201)

    // Eight consumers work them off, one of which meets the other webhook's event.
    const lines = Array.from({ length: 8 }, (_, line) => others.filter((_message, at) => at % 8 === line))
    const worked = Promise.all(
      lines.map(async (line) => {
        for (const message of line) await deliver(message)
      }),
    )
    await expect.poll(() => hung.requests.length, { interval: 2 }).toBe(4)
    await deliver(last!)
    expect(await recordsOf(fineId)).toMatchObject([{ state: 'delivered' }])
    // While all four calls are under way.
    expect((await deps.traffics.get(hungId))?.document.calls).toHaveLength(4)
    await worked
    expect(hung.requests).toHaveLength(4)
    const records = await recordsOf(hungId)
    expect(records.filter(({ attempts }) => attempts.length === 1)).toHaveLength(4)
    // Nothing is lost: each of them comes again.
    expect(new Set(waiting.map(({ message }) => JSON.stringify(message.source))).size).toBe(201)
  })
})
