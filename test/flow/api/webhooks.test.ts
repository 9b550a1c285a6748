import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../../functions/api/routes.ts'
import type { WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import type { Webhook } from '../../../shared/webhooks/model/webhook.ts'
import { maxWebhooks } from '../../../shared/webhooks/stores.ts'
import { probesGiving } from '../../support/probes.ts'
import { type TestApi, type TestResponse, startApi } from '../../support/api.ts'

const probes = probesGiving(() => ({ answer: {} }))
const robotToken = 'the-secret-part-of-an-address'
const environment = { PRECHECK_SECRET_ROBOT: robotToken }

const url = 'https://receiver.example/hook'
const robot = {
  url: 'https://oapi.dingtalk.example/robot/send?access_token={token}',
  token: 'env:PRECHECK_SECRET_ROBOT',
  signingSecret: 'env:PRECHECK_SECRET_SIGNING',
  format: 'dingtalk',
}
const nobody = `wh_${'0'.repeat(16)}`
const noEvent = `evt_${'0'.repeat(32)}`

let api: TestApi

beforeAll(async () => {
  api = await startApi(probes, environment)
})
afterAll(() => api.close())

const create = (changes: Readonly<Record<string, unknown>> = {}, of: TestApi = api): Promise<TestResponse> =>
  of.call('POST', '/v1/webhooks', { body: { url, ...changes } })

const createId = async (changes: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  (await create(changes)).json.id

const patch = (id: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  api.call('PATCH', `/v1/webhooks/${id}`, { body, headers })

const rotate = (id: string, body?: unknown) => api.call('POST', `/v1/webhooks/${id}/secret`, { body })

const expectPromisedShape = (operationId: string, { status, json }: TestResponse): void => {
  const found = routes.find((route) => route.operationId === operationId)
  expect(found?.answers[status]?.schema?.parse(json)).toEqual(json)
}

/** A delivery of the event of minute `minute`, as deliveries leave it. */
const putDelivery = async (
  webhookId: string,
  minute: number,
  state: WebhookDelivery['state'],
  source?: WebhookDelivery['source'],
): Promise<string> => {
  const at = new Date(Date.UTC(2026, 10, 21, 2, minute)).toISOString()
  const eventId = `evt_${Date.parse(at).toString(16).padStart(12, '0')}${'a'.repeat(20)}`
  const failure = { code: 'STATUS_REFUSED', detail: 'It answered 500.' } as const
  const attempt = { at, durationMs: 3, status: 500, failure }
  const isPending = state === 'pending'
  await api.runtime.deliveries.put(
    [webhookId, eventId],
    {
      webhookId,
      eventId,
      source: source ?? { kind: 'sample', at },
      state,
      attempts: [attempt, attempt],
      attemptsBefore: 0,
      beganAt: at,
      nextAttemptAt: isPending ? new Date(Date.now() + 60_000).toISOString() : null,
      endedAt: isPending ? null : at,
    },
    0,
  )
  return eventId
}

/** Every byte that the service has stored, one character each. */
const stored = (): string =>
  readdirSync(api.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith('precheck.db'))
    .map(({ name }) => readFileSync(join(api.folder, name), 'latin1'))
    .join('')

describe('a webhook', () => {
  it('is registered, read, listed, changed in part, and removed', async () => {
    const created = await create({ description: 'operations' })
    const { id } = created.json
    expect([created.status, created.headers['location'], created.headers['etag']]).toEqual([
      201,
      `/v1/webhooks/${id}`,
      '"1"',
    ])
    expect(created.json.definition).toEqual({
      url,
      description: 'operations',
      events: ['precheck.failed', 'precheck.recovered'],
      filter: {},
      only: 'changes',
      format: 'json',
      locale: 'en',
      enabled: true,
    })
    expectPromisedShape('createWebhook', created)

    const changed = await patch(id, { description: null, filter: { engine: 'oracle' }, locale: 'zh' })
    expect([changed.status, changed.headers['etag'], changed.json.definition]).toEqual([
      200,
      '"2"',
      { ...created.json.definition, description: undefined, filter: { engine: 'oracle' }, locale: 'zh' },
    ])
    expectPromisedShape('patchWebhook', changed)

    const read = await api.call('GET', `/v1/webhooks/${id}`)
    expect([read.json, read.headers['etag']]).toEqual([changed.json, '"2"'])
    const listed = await api.call('GET', '/v1/webhooks')
    expect(listed.json.items).toContainEqual(read.json)
    expectPromisedShape('listWebhooks', listed)

    expect((await api.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204)
    expect((await api.call('GET', `/v1/webhooks/${id}`)).json.code).toBe('WEBHOOK_NOT_FOUND')
    expect((await api.call('DELETE', `/v1/webhooks/${id}`)).json.code).toBe('WEBHOOK_NOT_FOUND')
  })

  it('shows its secret once; it is in no other answer, in no log and in no table', async () => {
    const created = await create()
    const { id, secret } = created.json
    expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32)
    const rotated = await rotate(id)
    const answers = await Promise.all([
      api.call('GET', `/v1/webhooks/${id}`),
      api.call('GET', '/v1/webhooks'),
      patch(id, { locale: 'zh' }),
      api.call('POST', `/v1/webhooks/${id}/test`),
      api.call('GET', `/v1/webhooks/${id}/deliveries`),
    ])
    const seen = [...answers.map(({ text }) => text), ...api.lines].join('\n')
    const kept = stored()
    for (const told of [secret, rotated.json.secret]) {
      const encoded = told.slice('whsec_'.length)
      const key = Buffer.from(encoded, 'base64')
      expect(seen).not.toContain(encoded)
      for (const form of [encoded, key.toString('hex'), key.toString('latin1')])
        expect(kept).not.toContain(form)
    }
    // The search finds what is there.
    expect(seen).toContain(id)
    expect(kept).toContain(id)
  })

  it('has a secret of its own', async () => {
    const [one, other] = await Promise.all([create(), create()])
    expect(one.json.secret).not.toBe(other.json.secret)
  })

  it('for a robot has no secret of this service, and shows its references as references', async () => {
    const created = await create(robot)
    expect([created.status, created.json.secret]).toEqual([201, null])
    const read = await api.call('GET', `/v1/webhooks/${created.json.id}`)
    expect(read.json.definition).toMatchObject({
      url: robot.url,
      token: 'env:PRECHECK_SECRET_ROBOT',
      signingSecret: 'env:PRECHECK_SECRET_SIGNING',
    })
    expect(created.text + read.text + stored()).not.toContain(robotToken)
    const rotated = await rotate(created.json.id)
    expect([rotated.status, rotated.json.code]).toEqual([422, 'WEBHOOK_NOT_SIGNED'])
  })

  it.each([
    ['no url', { url: undefined }, 'url'],
    ['an address of another kind', { url: 'ftp://receiver.example/' }, 'url'],
    ['text that is no address', { url: 'receiver.example' }, 'url'],
    ['a user name and a password in the url', { url: 'https://user:pass@receiver.example/' }, 'url'],
    ['a fragment in the url', { url: 'https://receiver.example/#here' }, 'url'],
    ['a line break in the url', { url: 'https://receiver.example/\r\nHost: other.example' }, 'url'],
    ['a robot whose url is in clear', { ...robot, url, token: undefined }, 'url'],
    ['a token that the url has no place for', { token: 'env:PRECHECK_SECRET_ROBOT' }, 'token'],
    ['a place for a token, and no token', { url: 'https://receiver.example/{token}' }, 'token'],
    ['a token in clear', { ...robot, token: robotToken }, 'token'],
    ['a signing secret for json', { signingSecret: 'env:PRECHECK_SECRET_SIGNING' }, 'signingSecret'],
    [
      'a signing secret for Slack',
      { ...robot, format: 'slack', signingSecret: 'env:PRECHECK_SECRET_SIGNING' },
      'signingSecret',
    ],
    ['an event that is not sent', { events: ['precheck.exploded'] }, 'events.0'],
    ['no event at all', { events: [] }, 'events'],
    ['a format that is not written', { format: 'fax' }, 'format'],
    ['an instance that cannot be', { filter: { instances: ['not one'] } }, 'filter.instances.0'],
    ['a filter that is not there', { filter: { colour: 'red' } }, 'filter.colour'],
    ['a field that is not there', { secret: 'mine' }, 'secret'],
    ['a secret of its own', { secrets: [{ version: 7, until: null }] }, 'secrets'],
  ])('is refused with %s, and told which field it is', async (_, changes, field) => {
    const { status, json, text } = await create(changes)
    expect([status, json.code, json.errors.map((error) => error.field)]).toEqual([
      422,
      'FIELDS_INVALID',
      [field],
    ])
    expect(text).not.toContain(robotToken)
  })

  it.each([
    ['plain http', 'http://receiver.example/hook', /https/],
    ['this machine', 'https://127.0.0.1/hook', /127\.0\.0\.1/],
    ['this machine by name', 'https://localhost/hook', /this machine/],
    ['a private address', 'https://10.1.2.3/hook', /10\.1\.2\.3 is a private address/],
    ['a private address as one number', 'https://167838211/hook', /10\.1\.2\.3/],
    ['the metadata of the machine', 'https://100.100.100.200/latest/meta-data', /metadata/],
    ['an IPv6 address of this machine', 'https://[::1]/hook', /::1/],
  ])('is refused with the address of %s', async (_, address, detail) => {
    const { status, json } = await create({ url: address })
    expect([status, json.code, json.detail]).toEqual([422, 'WEBHOOK_REFUSED', expect.stringMatching(detail)])
    const id = await createId()
    expect((await patch(id, { url: address })).json.code).toBe('WEBHOOK_REFUSED')
  })

  it('is changed by nobody who has not seen the last change', async () => {
    const id = await createId()
    expect((await patch(id, { locale: 'zh' }, { 'If-Match': '"1"' })).status).toBe(200)
    const late = await patch(id, { locale: 'en' }, { 'If-Match': '"1"' })
    expect([late.status, late.json.code]).toEqual([412, 'PRECONDITION_FAILED'])
    expect((await patch(id, {}, { 'If-Match': '2' })).json.errors[0].field).toBe('if-match')
    expect((await api.call('GET', `/v1/webhooks/${id}`)).json.definition.locale).toBe('zh')
  })

  it('is changed by one of two who change it at the same moment', async () => {
    const id = await createId()
    const answers = await Promise.all([patch(id, { locale: 'zh' }), patch(id, { only: 'always' })])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]))
    expect(answers.map(({ json }) => json.code)).toContain('WEBHOOK_CHANGED')
    expect((await api.call('GET', `/v1/webhooks/${id}`)).json.revision).toBe(2)
  })

  it('is refused a change that would leave it without its token', async () => {
    const id = await createId(robot)
    const { status, json } = await patch(id, { token: null })
    expect([status, json.errors[0].field]).toEqual([422, 'token'])
  })

  it('that was stopped is called again once it is changed', async () => {
    const id = await createId()
    const known = await api.runtime.webhooks.get(id)
    const stopped = { at: '2026-11-21T02:00:00.000Z', code: 'GONE' } as const
    await api.runtime.webhooks.put(id, { ...known!.document, stopped, revision: 2 }, 1)
    const path = `/v1/webhooks/${id}/deliveries/${await putDelivery(id, 1, 'dead')}/redeliver`
    const refused = await api.call('POST', path)
    expect([refused.status, refused.json.code, refused.json.detail]).toEqual([
      409,
      'WEBHOOK_DISABLED',
      expect.stringContaining('410'),
    ])
    expect((await patch(id, { description: 'moved' })).json.stopped).toBeNull()
    expect((await api.call('POST', path)).status).toBe(202)
  })

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/secret'],
    ['POST', '/test'],
    ['POST', '/redeliver'],
    ['GET', '/deliveries'],
    ['GET', `/deliveries/${noEvent}`],
    ['POST', `/deliveries/${noEvent}/redeliver`],
  ])('that is not there is not found: %s …%s', async (method, rest) => {
    const { status, json } = await api.call(method, `/v1/webhooks/${nobody}${rest}`, {
      ...(method === 'PATCH' && { body: {} }),
    })
    expect([status, json.code]).toEqual([404, 'WEBHOOK_NOT_FOUND'])
  })

  it('is one of a hundred at most', async () => {
    const full = await startApi(probes)
    const { text } = await create({}, full)
    const { secret: _, ...webhook } = JSON.parse(text) as Webhook & { readonly secret: string }
    for (let number = 1; number < maxWebhooks; number += 1) {
      const id = `wh_${number.toString(16).padStart(16, '0')}`
      await full.runtime.webhooks.put(id, { ...webhook, id }, 0)
    }
    const refused = await create({}, full)
    expect([refused.status, refused.json.code]).toEqual([409, 'WEBHOOKS_TOO_MANY'])
    await full.call('DELETE', `/v1/webhooks/${webhook.id}`)
    expect((await create({}, full)).status).toBe(201)
    await full.close()
  })

  it('that is to be signed needs the key of the secrets; a robot does not', async () => {
    const keyless = await startApi(probes, {}, { PRECHECK_WEBHOOK_KEY: 'env:PRECHECK_SECRET_NOT_SET' })
    const refused = await create({}, keyless)
    expect([refused.status, refused.json.code]).toEqual([503, 'WEBHOOK_KEY_UNAVAILABLE'])
    expect((await keyless.call('GET', '/v1/webhooks')).json.items).toEqual([])
    expect((await create(robot, keyless)).status).toBe(201)
    await keyless.close()
  })
})

describe('the secret of a webhook', () => {
  it('is rotated: the old one signs beside the new one for a day', async () => {
    const { json: created } = await create()
    const rotated = await rotate(created.id)
    expect([rotated.status, rotated.headers['etag']]).toEqual([200, '"2"'])
    expect(rotated.json.secret).toMatch(/^whsec_/)
    expect(rotated.json.secret).not.toBe(created.secret)
    const dayLater = new Date(Date.parse(rotated.json.updatedAt) + 86_400_000).toISOString()
    expect(rotated.json.secrets).toEqual([
      { version: 2, until: null },
      { version: 1, until: dayLater },
    ])
    expectPromisedShape('rotateWebhookSecret', rotated)
  })

  it('is rotated again by who lost the answer: what receivers hold goes on for its time', async () => {
    const id = await createId()
    const [first, second] = [(await rotate(id, { overlapHours: 1 })).json, (await rotate(id)).json]
    const later = (json: { updatedAt: string }, hours: number) =>
      new Date(Date.parse(json.updatedAt) + hours * 3_600_000).toISOString()
    expect(second.secrets).toEqual([
      { version: 3, until: null },
      { version: 2, until: later(second, 24) },
      { version: 1, until: later(first, 1) },
    ])
    const { json: third } = await rotate(id, { overlapHours: 2 })
    expect(third.secrets).toEqual([
      { version: 4, until: null },
      { version: 3, until: later(third, 2) },
      { version: 2, until: later(third, 2) },
    ])
    expect((await rotate(id, { overlapHours: 0 })).json.secrets).toEqual([{ version: 5, until: null }])
  })

  it('is replaced at once where it has become known', async () => {
    const { json } = await rotate(await createId(), { overlapHours: 0 })
    expect(json.secrets).toEqual([{ version: 2, until: null }])
  })

  it.each([-1, 1.5, 169, '24', null])('overlaps for 0 to 168 whole hours, not %s', async (overlapHours) => {
    const { status, json } = await rotate(await createId(), { overlapHours })
    expect([status, json.errors[0].field]).toEqual([422, 'overlapHours'])
  })
})

describe('a sample', () => {
  it('is under way at once, at the address that is answered', async () => {
    const id = await createId()
    const sent = await api.call('POST', `/v1/webhooks/${id}/test`)
    expect([sent.status, sent.json.state, sent.json.source.kind, sent.json.attempts]).toEqual([
      202,
      'pending',
      'sample',
      [],
    ])
    expectPromisedShape('testWebhook', sent)
    const location = sent.headers['location']!
    expect(location).toBe(`/v1/webhooks/${id}/deliveries/${sent.json.eventId}`)
    const read = await api.call('GET', location)
    expect([read.status, read.json.eventId]).toEqual([200, sent.json.eventId])
  })

  it('tries out a webhook before it is enabled', async () => {
    const id = await createId({ enabled: false })
    expect((await api.call('POST', `/v1/webhooks/${id}/test`)).status).toBe(202)
  })
})

describe('deliveries', () => {
  const idsOf = ({ json }: TestResponse): string[] => json.items.map(({ eventId }) => eventId)

  it('are listed page by page, newest first, narrowed by their state', async () => {
    const id = await createId()
    const path = `/v1/webhooks/${id}/deliveries`
    const dead = [await putDelivery(id, 1, 'dead'), await putDelivery(id, 3, 'dead')]
    const delivered = await putDelivery(id, 2, 'delivered')
    const newestFirst = [dead[1], delivered, dead[0]]

    const all = await api.call('GET', path)
    expect([idsOf(all), all.json.next]).toEqual([newestFirst, null])
    expectPromisedShape('listWebhookDeliveries', all)

    const first = await api.call('GET', path, { query: { limit: '2' } })
    expect(idsOf(first)).toEqual(newestFirst.slice(0, 2))
    const second = await api.call('GET', path, { query: { limit: '2', after: first.json.next } })
    expect([idsOf(second), second.json.next]).toEqual([newestFirst.slice(2), null])

    const deadOnly = await api.call('GET', path, { query: { state: 'dead', limit: '1' } })
    expect(idsOf(deadOnly)).toEqual([dead[1]])
    const next = new URL(/<(.+)>/.exec(deadOnly.headers['link'] ?? '')?.[1] ?? '', 'https://service.example')
    const followed = await api.call('GET', next.pathname, { query: Object.fromEntries(next.searchParams) })
    expect([idsOf(followed), followed.json.next]).toEqual([[dead[0]], null])

    expect((await api.call('GET', path, { query: { state: 'lost' } })).json.errors[0].field).toBe('state')
  })

  it('are read one by one, with every attempt', async () => {
    const id = await createId()
    const eventId = await putDelivery(id, 1, 'dead')
    const read = await api.call('GET', `/v1/webhooks/${id}/deliveries/${eventId}`)
    expect(read.json.attempts.map(({ status }) => status)).toEqual([500, 500])
    expectPromisedShape('getWebhookDelivery', read)
    const other = await api.call('GET', `/v1/webhooks/${id}/deliveries/${noEvent}`)
    expect([other.status, other.json.code]).toEqual([404, 'DELIVERY_NOT_FOUND'])
    const malformed = await api.call('GET', `/v1/webhooks/${id}/deliveries/evt_1`)
    expect([malformed.status, malformed.json.code]).toEqual([422, 'FIELDS_INVALID'])
  })

  it('show what they send, as long as there is something to make it from', async () => {
    const id = await createId({ locale: 'zh' })
    const bodyOf = (eventId: string) => api.call('GET', `/v1/webhooks/${id}/deliveries/${eventId}/body`)
    const shown = await bodyOf(await putDelivery(id, 1, 'dead'))
    expectPromisedShape('getWebhookDeliveryBody', shown)
    expect(shown.json.body?.type).toBe('application/cloudevents+json; charset=utf-8')
    expect(JSON.parse(shown.json.body?.text ?? '')).toMatchObject({
      type: 'webhook.sample',
      data: { locale: 'zh' },
    })
    const precheckId = `pc_${'0'.repeat(32)}`
    const forgotten = await putDelivery(id, 2, 'dead', {
      kind: 'precheck',
      precheckId,
      type: 'precheck.failed',
    })
    expect((await bodyOf(forgotten)).json).toEqual({ body: null })
    expect((await bodyOf(noEvent)).json.code).toBe('DELIVERY_NOT_FOUND')
    const ofNobody = await api.call('GET', `/v1/webhooks/${nobody}/deliveries/${noEvent}/body`)
    expect(ofNobody.json.code).toBe('WEBHOOK_NOT_FOUND')
  })

  it.each(['dead', 'delivered'] as const)('that are %s are begun again, once', async (state) => {
    const id = await createId()
    const eventId = await putDelivery(id, 1, state)
    const path = `/v1/webhooks/${id}/deliveries/${eventId}`
    const again = await api.call('POST', `${path}/redeliver`)
    expect([again.status, again.headers['location']]).toEqual([202, path])
    expect(again.json).toMatchObject({ eventId, state: 'pending', attemptsBefore: 2, endedAt: null })
    expectPromisedShape('redeliverWebhookDelivery', again)
    const twice = await api.call('POST', `${path}/redeliver`)
    expect([twice.status, twice.json.code]).toEqual([409, 'DELIVERY_PENDING'])
  })

  it('that have not ended are not begun again', async () => {
    const id = await createId()
    const eventId = await putDelivery(id, 1, 'pending')
    const { status, json } = await api.call('POST', `/v1/webhooks/${id}/deliveries/${eventId}/redeliver`)
    expect([status, json.code]).toEqual([409, 'DELIVERY_PENDING'])
  })

  it('are not begun again for a webhook that is disabled', async () => {
    const id = await createId({ enabled: false })
    const eventId = await putDelivery(id, 1, 'dead')
    for (const path of [`/deliveries/${eventId}/redeliver`, '/redeliver']) {
      const { status, json } = await api.call('POST', `/v1/webhooks/${id}${path}`)
      expect([status, json.code]).toEqual([409, 'WEBHOOK_DISABLED'])
    }
    const { json } = await api.call('GET', `/v1/webhooks/${id}/deliveries/${eventId}`)
    expect(json.state).toBe('dead')
  })

  it('that are dead are begun again in portions', async () => {
    const id = await createId()
    for (let minute = 0; minute < 55; minute += 1) await putDelivery(id, minute, 'dead')
    const delivered = await putDelivery(id, 55, 'delivered')
    const redeliver = () => api.call('POST', `/v1/webhooks/${id}/redeliver`)
    const first = await redeliver()
    expect([first.status, first.json]).toEqual([202, { redelivered: 50, more: true }])
    expectPromisedShape('redeliverDeadWebhookDeliveries', first)
    expect((await redeliver()).json).toEqual({ redelivered: 5, more: false })
    expect((await redeliver()).json).toEqual({ redelivered: 0, more: false })
    const untouched = await api.call('GET', `/v1/webhooks/${id}/deliveries/${delivered}`)
    expect(untouched.json.state).toBe('delivered')
  })
})
