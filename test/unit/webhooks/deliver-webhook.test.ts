import { Webhook as Verifier } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Sweep } from '../../../shared/model/sweep.ts'
import type { NotificationMessage } from '../../../shared/webhooks/model/delivery.ts'
import type { Secret } from '../../../shared/ports/secrets.ts'
import { rotateWebhookSecret } from '../../../shared/webhooks/rotate-webhook-secret.ts'
import type { Webhook } from '../../../shared/webhooks/model/webhook.ts'
import { webhookSecretOf } from '../../../shared/webhooks/model/webhook-secret.ts'
import type { WebhookAnswer } from '../../../shared/webhooks/delivery/webhook-sender.ts'
import {
  type Reaction,
  type ReceivedCall,
  answered,
  deliveryWorld,
  failedPrecheck,
  masterKey,
  messageOf,
  robotToken,
  webhookOf,
} from '../../support/delivery-world.ts'

const webhook = webhookOf(1)
const precheck = failedPrecheck()
const message = messageOf(webhook, precheck)
const secondMs = 1000
const hourMs = 3_600_000

const failing = (
  failure: Extract<WebhookAnswer, { failure: object }>['failure'],
  afterMs = 20,
): Reaction => ({
  answer: { failure },
  afterMs,
})
const hanging = failing(
  { code: 'TIMED_OUT', detail: 'There was no complete answer within 10000 ms.' },
  10_000,
)

const single = (changes: Partial<Parameters<typeof deliveryWorld>[0]> = {}) => {
  const world = deliveryWorld({ webhooks: [webhook], prechecks: [precheck], ...changes })
  world.send(message, 1)
  return world
}

const headersOf = ({ headers }: ReceivedCall): Record<string, string> => ({ ...headers })
const idsOf = (calls: readonly ReceivedCall[]) => new Set(calls.map((call) => headersOf(call)['webhook-id']))
const typeOf = (body: string) => (JSON.parse(body) as { type: string }).type
const gaps = (calls: readonly ReceivedCall[]): number[] =>
  calls.slice(1).map(({ at }, index) => (at - (calls[index]?.at ?? 0)) / secondMs)

/** Verifies a call as its receiver does, at the time when it came. */
const verify = (call: ReceivedCall, secret: string): unknown => {
  vi.useFakeTimers({ toFake: ['Date'], now: call.at })
  return new Verifier(secret).verify(call.body, headersOf(call))
}
afterEach(() => vi.useRealTimers())

const sweepOf = (state: Sweep['state']): Sweep => ({
  id: '2026-11-21',
  kind: 'nightly',
  state,
  filter: {},
  listing: null,
  startedAt: '2026-11-20T18:00:00.000Z',
  completedAt: state === 'completed' ? '2026-11-21T02:00:09.000Z' : null,
  counts: null,
})

describe('a delivery', () => {
  it('tells a receiver that accepts it once, and is recorded', async () => {
    const world = single()
    await world.run()
    const [call] = world.calls
    expect(world.calls).toHaveLength(1)
    expect(call).toMatchObject({ url: 'https://receiver-1.example/hook', limitMs: 10_000 })
    expect(verify(call!, webhookSecretOf(masterKey, webhook.id, 1))).toMatchObject({
      type: 'precheck.failed',
      subject: `instances/${precheck.instanceId}`,
    })
    expect(world.records()).toEqual([
      {
        webhookId: webhook.id,
        eventId: headersOf(call!)['webhook-id'],
        source: message.source,
        state: 'delivered',
        attempts: [{ at: '2026-11-21T02:00:11.000Z', durationMs: 20, status: 204, failure: null }],
        attemptsBefore: 0,
        beganAt: precheck.completedAt,
        nextAttemptAt: null,
        endedAt: '2026-11-21T02:00:11.020Z',
      },
    ])
    expect(world.traffic(webhook)?.calls).toEqual([])
  })

  it('is tried again with the same id and a signature of its own, until it is accepted', async () => {
    const world = single({ react: (_, number) => answered(number <= 5 ? 503 : 200) })
    await world.run()
    expect(gaps(world.calls).map(Math.round)).toEqual([5, 30, 300, 1800, 7200])
    expect(idsOf(world.calls).size).toBe(1)
    for (const call of world.calls) verify(call, webhookSecretOf(masterKey, webhook.id, 1))
    expect(new Set(world.calls.map((call) => headersOf(call)['webhook-signature'])).size).toBe(6)
    expect(world.records()).toMatchObject([{ state: 'delivered', attempts: { length: 6 } }])
  })

  it('says between two attempts when the next one is', async () => {
    const world = single({ react: () => answered(500) })
    await world.runFor(20 * secondMs)
    const [record] = world.records()
    expect(record).toMatchObject({ state: 'pending', attempts: { length: 2 } })
    const next = world.sent.at(-1)!
    expect(record?.nextAttemptAt).toBe(new Date(next.dueAt).toISOString())
  })

  it('is a dead letter after about a day of refusals', async () => {
    const world = single({ react: () => answered(500) })
    await expect(world.run()).resolves.toBe(true)
    expect(gaps(world.calls).map(Math.round)).toEqual([5, 30, 300, 1800, 7200, 18_000, 28_800, 36_000])
    const [record] = world.records()
    expect(record).toMatchObject({ state: 'dead', nextAttemptAt: null, attempts: { length: 9 } })
    expect(record?.attempts.at(-1)).toMatchObject({
      status: 500,
      failure: { code: 'STATUS_REFUSED', detail: 'The receiver answered 500.' },
    })
    const lasted = Date.parse(record?.endedAt ?? '') - Date.parse(record?.beganAt ?? '')
    expect(lasted / hourMs).toBeCloseTo(25.6, 0)
  })

  it('spreads its retries by a tenth in either direction', async () => {
    const delays = await Promise.all(
      [0, 1].map(async (random) => {
        const world = single({
          react: (_, number) => answered(number <= 3 ? 500 : 200),
          changes: { random: () => random },
        })
        await world.run()
        return gaps(world.calls).map(Math.round)
      }),
    )
    expect(delays).toEqual([
      [5, 27, 270],
      [6, 33, 330],
    ])
  })

  it.each([
    ['more than the delay', 90, 90],
    ['less than the delay', 2, 5],
    ['too much', 100 * 3600, 24 * 3600],
  ])('waits when the receiver asks for it: %s', async (_, asked, waited) => {
    const world = single({
      react: (_call, number) => (number === 1 ? answered(429, asked * secondMs) : answered(200)),
    })
    await world.run()
    expect(gaps(world.calls).map(Math.round)).toEqual([waited])
  })

  it('ends when the receiver is gone, and so does every other one to it', async () => {
    const other = failedPrecheck(2)
    const world = single({
      prechecks: [precheck, other],
      react: (_, number) => answered(number === 1 ? 503 : 410),
    })
    world.send(messageOf(webhook, other), 3)
    await world.run()
    expect(world.calls).toHaveLength(2)
    expect(world.hooks.get(webhook.id)?.document).toMatchObject({
      stopped: { code: 'GONE', at: '2026-11-21T02:00:13.020Z' },
      revision: 2,
    })
    const ends = world.records().map(({ state, attempts }) => [state, attempts.at(-1)?.failure?.code])
    expect(ends).toEqual([
      ['dead', 'GONE'],
      ['dead', 'GONE'],
    ])
  })

  it('does not stop a webhook that was changed while its old receiver answered', async () => {
    const world = single({ react: () => answered(410) })
    world.at(world.now() + secondMs + 10, () => {
      world.hooks.set(webhook.id, { document: { ...webhook, revision: 2 }, revision: 2 })
    })
    await world.run()
    expect(world.hooks.get(webhook.id)?.document).toMatchObject({ stopped: null, revision: 2 })
    expect(world.records()).toMatchObject([{ state: 'dead' }])
  })

  it('takes a redirect and a robot that refuses in words for failures', async () => {
    const robot = webhookOf(1, {
      url: 'https://oapi.dingtalk.com/robot/send?access_token={token}',
      token: 'env:PRECHECK_SECRET_ROBOT',
      format: 'dingtalk',
    })
    const world = single({
      webhooks: [robot],
      react: (_, number) =>
        number === 1
          ? failing({ code: 'REDIRECTED', detail: 'The receiver answered 302.' })
          : answered(200, null, `{"errcode":${number === 2 ? 310000 : 0},"errmsg":"${robotToken}"}`),
    })
    await world.run()
    const codes = world.records()[0]?.attempts.map(({ failure }) => failure?.code ?? null)
    expect(codes).toEqual(['REDIRECTED', 'ANSWER_REFUSED', null])
    expect(world.calls[0]?.url).toBe(`https://oapi.dingtalk.com/robot/send?access_token=${robotToken}`)
    // Not even if the receiver repeats it.
    expect(JSON.stringify(world.records())).not.toContain(robotToken)
  })

  it.each(['T000/B000/token', 'https://hooks.slack.com/services/T000/B000/token', 'token\t', 'to ken', '?'])(
    'to a robot is not made with %j for a token, and says where the rest of the address belongs',
    async (value) => {
      const slack = webhookOf(1, {
        url: 'https://hooks.slack.com/services/T000/B000/{token}',
        token: 'env:SLACK',
        format: 'slack',
      })
      const world = single({ webhooks: [slack], changes: { secrets: { resolve: async () => ({ value }) } } })
      await world.run()
      expect(world.calls).toEqual([])
      const failure = world.records()[0]?.attempts[0]?.failure
      expect(failure).toEqual({
        code: 'SECRET_UNAVAILABLE',
        detail: expect.stringMatching(/^token: .*only what replaces \{token\}.* belongs in url/),
      })
      expect(failure?.detail).not.toContain('000')
    },
  )

  it('to other receivers takes a token for what it is, whatever is in it', async () => {
    const tokened = webhookOf(1, { url: 'https://receiver-1.example/{token}/x', token: 'env:TOKEN' })
    const changes = { secrets: { resolve: async () => ({ value: 'a/b?c d' }) } }
    const world = single({ webhooks: [tokened], changes })
    await world.run()
    expect(world.calls[0]?.url).toBe('https://receiver-1.example/a%2Fb%3Fc%20d/x')
  })

  it('to a robot tells what that said, also beside a status', async () => {
    const slack = webhookOf(1, {
      url: 'https://hooks.slack.com/services/T000/B000/{token}',
      token: 'env:SLACK',
      format: 'slack',
    })
    const world = single({ webhooks: [slack], react: () => answered(404, null, 'no_service') })
    await world.runFor(2 * secondMs)
    expect(world.records()[0]?.attempts[0]?.failure).toEqual({
      code: 'STATUS_REFUSED',
      detail: 'The receiver answered 404, slack: no_service.',
    })
  })

  it('fails while a secret is not there, and tells which', async () => {
    let isThere = false
    const world = single({
      changes: {
        webhookKey: async () => (isThere ? { value: masterKey } : { unavailable: 'the file is empty' }),
      },
    })
    world.at(world.now() + 20 * secondMs, () => {
      isThere = true
    })
    await world.run()
    expect(world.calls).toHaveLength(1)
    const attempts = world.records()[0]?.attempts ?? []
    expect(attempts.map(({ failure }) => failure?.code ?? null)).toEqual([
      'SECRET_UNAVAILABLE',
      'SECRET_UNAVAILABLE',
      null,
    ])
    expect(attempts[0]?.failure?.detail).toBe('the key of the webhook secrets: the file is empty.')
  })

  it('is signed with the old and the new secret while they are rotated, then with the new one alone', async () => {
    const rotated: Webhook = {
      ...webhook,
      secrets: [
        { version: 2, until: null },
        { version: 1, until: '2026-11-21T02:00:20.000Z' },
      ],
    }
    const world = single({
      webhooks: [rotated],
      react: (_, number) => answered(number === 3 ? 200 : 500),
    })
    await world.run()
    const [first, , last] = world.calls
    const [older, newer] = [1, 2].map((version) => webhookSecretOf(masterKey, webhook.id, version))
    expect(() => verify(first!, older!)).not.toThrow()
    expect(() => verify(first!, newer!)).not.toThrow()
    expect(() => verify(last!, newer!)).not.toThrow()
    expect(() => verify(last!, older!)).toThrow('No matching signature found')
  })
})

describe('the key of the webhook secrets, while it is replaced', () => {
  const previousKey = 'the key before it'
  const [own, older] = [masterKey, previousKey].map((key) => webhookSecretOf(key, webhook.id, 1))
  const callWith = async (previousWebhookKey: () => Promise<Secret | null>) => {
    const world = single({ changes: { previousWebhookKey }, react: () => answered(200) })
    await world.run()
    return world
  }

  it('signs beside the one before, so that receivers may hold a secret of either', async () => {
    const { calls } = await callWith(async () => ({ value: previousKey }))
    expect(() => verify(calls[0]!, own!)).not.toThrow()
    expect(() => verify(calls[0]!, older!)).not.toThrow()
    expect(calls[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2)
  })

  it('signs alone once the one before is dropped', async () => {
    const { calls } = await callWith(async () => null)
    expect(() => verify(calls[0]!, own!)).not.toThrow()
    expect(() => verify(calls[0]!, older!)).toThrow('No matching signature found')
  })

  it('gives way in three steps, and a receiver that goes along verifies every call', async () => {
    const day = 24 * hourMs
    const secretFor = (key: string, version: number): string => webhookSecretOf(key, webhook.id, version)
    const stored = { document: webhook, revision: 1 }
    const rotated = await rotateWebhookSecret(
      {
        webhooks: { get: async () => stored, put: async () => true },
        webhookKey: async () => ({ value: masterKey }),
        now: () => new Date('2026-11-21T02:00:00.000Z'),
      },
      { webhookId: webhook.id, overlapHours: 24 },
    )
    if ('failure' in rotated) throw new Error(rotated.failure.code)
    const callOf = async (known: Webhook, previous: Secret | null, startsAt: string) => {
      const changes = { previousWebhookKey: async () => previous }
      const world = single({ webhooks: [known], changes, startsAt, react: () => answered(200) })
      await world.run()
      return world.calls[0]!
    }
    const old = { value: previousKey }
    const begin = '2026-11-21T02:00:00.000Z'
    const beforeSecret = await callOf(webhook, old, begin)
    expect(() => verify(beforeSecret, secretFor(previousKey, 1))).not.toThrow()
    const during = await callOf(rotated.value.webhook, old, begin)
    expect(() => verify(during, secretFor(previousKey, 1))).not.toThrow()
    expect(() => verify(during, rotated.value.secret)).not.toThrow()
    const later = new Date(Date.parse(begin) + day + 1).toISOString()
    const after = await callOf(rotated.value.webhook, null, later)
    expect(() => verify(after, rotated.value.secret)).not.toThrow()
    expect(() => verify(after, secretFor(previousKey, 1))).toThrow('No matching signature found')
  })

  it('calls nobody without the one before, who could not verify it', async () => {
    const world = await callWith(async () => ({ unavailable: 'the secret is gone' }))
    expect(world.calls).toEqual([])
    const [record] = world.records()
    expect(record?.attempts[0]?.failure).toEqual({
      code: 'SECRET_UNAVAILABLE',
      detail: 'the previous key of the webhook secrets: the secret is gone.',
    })
  })
})

describe('a message', () => {
  it('waits until what it tells of has ended', async () => {
    const world = deliveryWorld({ webhooks: [webhook] })
    const { comparison: _, outcome: __, completedAt: ___, ...plan } = precheck
    world.known.set(precheck.id, { ...plan, state: 'running' })
    world.knownSweeps.set('2026-11-21', sweepOf('running'))
    world.send(message)
    world.send({ webhookId: webhook.id, source: { kind: 'sweep', sweepId: '2026-11-21' }, attempts: 0 })
    await world.runFor(9 * secondMs)
    expect(world.calls).toEqual([])
    expect(world.sent.map(({ message: { attempts } }) => attempts)).toEqual(Array(world.sent.length).fill(0))
    world.known.set(precheck.id, precheck)
    world.knownSweeps.set('2026-11-21', sweepOf('completed'))
    await world.run()
    const types = world.calls.map(({ body }) => typeOf(body))
    expect(new Set(types)).toEqual(new Set(['precheck.failed', 'sweep.completed']))
    expect(world.records().map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  })

  const recovered = { ...message, source: { ...message.source, type: 'precheck.recovered' } }
  it.each<[string, Partial<Parameters<typeof deliveryWorld>[0]>, unknown]>([
    ['a precheck that never came to be', { prechecks: [] }, message],
    ['a webhook that was deleted', { webhooks: [] }, message],
    ['a webhook that is disabled', { webhooks: [webhookOf(1, { enabled: false })] }, message],
    [
      'a webhook whose filter changed',
      { webhooks: [webhookOf(1, { filter: { engine: 'oracle' } })] },
      message,
    ],
    ['another event than the precheck came to in the end', {}, recovered],
  ])('of %s is dropped, and leaves nothing', async (_, options, sent) => {
    const world = deliveryWorld({ webhooks: [webhook], prechecks: [precheck], ...options })
    world.send(sent as NotificationMessage)
    await expect(world.run()).resolves.toBe(true)
    expect([world.calls, world.records(), world.sent.length]).toEqual([[], [], 1])
  })

  it.each<[string, Webhook | null, string, RegExp]>([
    ['deleted', null, 'WITHDRAWN', /deleted/],
    ['disabled', webhookOf(1, { enabled: false }), 'WITHDRAWN', /disabled/],
    ['changed', webhookOf(1, { events: ['sweep.completed'] }), 'WITHDRAWN', /does not want this event/],
    ['stopped', { ...webhook, stopped: { at: precheck.completedAt, code: 'GONE' } }, 'GONE', /410/],
  ])('ends a delivery that has begun when its webhook was %s', async (_, later, code, detail) => {
    const world = single({ react: () => answered(500) })
    await world.runFor(2 * secondMs)
    if (later) world.hooks.set(webhook.id, { document: { ...later, revision: 2 }, revision: 2 })
    else world.hooks.delete(webhook.id)
    await world.run()
    expect(world.calls).toHaveLength(1)
    expect(world.records()).toMatchObject([
      { state: 'dead', attempts: [{ status: 500 }, { status: null, failure: { code } }] },
    ])
    expect(world.records()[0]?.attempts[1]?.failure?.detail).toMatch(detail)
  })

  it('that comes several times is worked off once, in every attempt', async () => {
    const world = single({ react: (_, number) => answered(number <= 3 ? 500 : 200) })
    for (const delay of [1, 1, 2, 40, 3600]) world.send(message, delay)
    for (const delay of [10, 10, 100]) world.send({ ...message, attempts: 1 }, delay)
    await expect(world.run()).resolves.toBe(true)
    expect(world.calls).toHaveLength(4)
    expect(world.records()).toMatchObject([{ state: 'delivered', attempts: { length: 4 } }])
  })

  it('that overtakes the record of the attempt before it waits for that', async () => {
    const world = deliveryWorld({ webhooks: [webhook], prechecks: [precheck] })
    world.send({ ...message, attempts: 1 })
    await world.runFor(4 * secondMs)
    expect(world.calls).toEqual([])
    const failed = { at: precheck.completedAt, durationMs: 1, status: 500, failure: null }
    const [known] = world.records()
    await world.ports.deliveries.put([known!.webhookId, known!.eventId], { ...known!, attempts: [failed] }, 1)
    await world.run()
    expect(world.records()).toMatchObject([{ state: 'delivered', attempts: { length: 2 } }])
  })

  it('of a redelivery begins the delays anew', async () => {
    const world = single({ react: () => answered(500) })
    await world.run()
    const [dead] = world.records()
    const beganAt = new Date(world.now()).toISOString()
    const again = { ...dead!, state: 'pending', attemptsBefore: 9, beganAt, endedAt: null } as const
    await world.ports.deliveries.put([again.webhookId, again.eventId], again, 9)
    world.send({ ...message, attempts: 9 }, 5)
    await world.run()
    expect(gaps(world.calls.slice(9)).map(Math.round)).toEqual(gaps(world.calls.slice(0, 9)).map(Math.round))
    expect(world.records()).toMatchObject([{ state: 'dead', attempts: { length: 18 } }])
  })
})

const sample: NotificationMessage = {
  webhookId: webhook.id,
  source: { kind: 'sample', at: '2026-11-21T02:00:09.000Z' },
  attempts: 0,
}

describe('a sample', () => {
  const disabled = webhookOf(1, { enabled: false })

  it.each([
    ['delivered', 200],
    ['dead', 500],
  ])('is %s after one attempt, also when the webhook is disabled', async (state, status) => {
    const world = deliveryWorld({ webhooks: [disabled], react: () => answered(status) })
    world.send(sample)
    await expect(world.run()).resolves.toBe(true)
    expect(world.calls.map(({ body }) => typeOf(body))).toEqual(['webhook.sample'])
    expect(world.records()).toMatchObject([{ state, attempts: [{ status }] }])
  })
})

describe('a receiver that hangs', () => {
  const hung = webhookOf(1)
  const fine = webhookOf(2)
  /** Far more than are called at once. */
  const flood = 80
  const prechecks = Array.from({ length: flood }, (_, index) => failedPrecheck(index + 1))
  const react = ({ url }: ReceivedCall): Reaction => (url === hung.definition.url ? hanging : answered(204))
  const flooded = (consumers: number, changes: Partial<Parameters<typeof deliveryWorld>[0]> = {}) => {
    const world = deliveryWorld({ webhooks: [hung, fine], prechecks, react, consumers, ...changes })
    for (const each of prechecks) world.send(messageOf(hung, each), 1)
    return world
  }

  const pauseOf = (world: ReturnType<typeof deliveryWorld>): number =>
    Math.max(0, Date.parse(world.traffic(hung)?.pausedUntil ?? '1970-01-01') - world.now())

  it('is called four times at once at most, and delays nobody else', async () => {
    const world = flooded(8)
    for (const each of prechecks.slice(0, 50)) world.send(messageOf(fine, each), 2)
    await world.runFor(2500)
    const toFine = world.calls.filter(({ url }) => url === fine.definition.url)
    expect(toFine).toHaveLength(50)
    await world.runFor(hourMs)
    expect(world.maxAtOnce(hung.definition.url)).toBe(4)
    // Four at first, then one now and then: its pauses grow to ten minutes.
    expect(world.calls.length - toFine.length).toBeLessThan(20)
  })

  it('gets everything when it answers again', async () => {
    let isWell = false
    const world = flooded(8, { react: (call) => (isWell ? answered(204) : react(call)) })
    world.at(world.now() + 2 * hourMs, () => {
      isWell = true
    })
    await expect(world.run()).resolves.toBe(true)
    const records = world.records()
    expect(records).toHaveLength(flood)
    expect(records.filter(({ state }) => state !== 'delivered')).toEqual([])
    expect(world.traffic(hung)).toMatchObject({ delivered: flood, dead: 0 })
    const last = Math.max(...records.map(({ endedAt }) => Date.parse(endedAt ?? '')))
    // Those that were tried while it hung wait for their retries.
    expect(last - world.calls[0]!.at).toBeLessThan(10 * hourMs)
  })

  it('leaves dead letters behind when it never answers, and no message goes round for ever', async () => {
    const world = flooded(8)
    await expect(world.run()).resolves.toBe(true)
    const records = world.records()
    expect(records).toHaveLength(flood)
    expect(new Set(records.map(({ state }) => state))).toEqual(new Set(['dead']))
    // Those that were given up without a call too.
    expect(world.traffic(hung)).toMatchObject({ delivered: 0, dead: flood })
    const expired = records.filter(({ attempts }) => attempts.at(-1)?.failure?.code === 'EXPIRED')
    expect(expired.length).toBeGreaterThan(flood / 2)
    expect((world.now() - Date.parse(precheck.completedAt)) / hourMs).toBeLessThan(31)
    // Each asks again every six minutes or less often.
    expect(world.sent.length).toBeLessThan(flood * 300)
  })

  it('is known to hang, also when a call fails before it is made', async () => {
    const world = single({
      react: () => hanging,
      changes: {
        webhookKey: async () =>
          world.calls.length === 0 ? { value: masterKey } : { unavailable: 'the file is empty' },
      },
    })
    await world.runFor(40 * secondMs)
    const codes = world.records()[0]?.attempts.map(({ failure }) => failure?.code)
    expect(codes).toEqual(['TIMED_OUT', 'SECRET_UNAVAILABLE'])
    expect(world.traffic(hung)?.failures).toBe(1)
  })

  it('shows what waits for it, and until when', async () => {
    const world = flooded(8)
    await world.runFor(5 * secondMs)
    expect(world.records().filter(({ state }) => state === 'pending')).toHaveLength(flood - 4)
    await world.runFor(2 * hourMs)
    const waiting = world.records().filter(({ attempts }) => attempts.length === 0)
    expect(waiting.length).toBeGreaterThan(flood / 2)
    for (const { nextAttemptAt } of waiting) {
      expect(Date.parse(nextAttemptAt!)).toBeGreaterThan(world.now() - 60 * secondMs)
      expect(Date.parse(nextAttemptAt!)).toBeLessThan(world.now() + 16 * 60 * secondMs)
    }
  })

  it('gets a sample at once, and all that waits after it has answered that', async () => {
    let isWell = false
    const world = flooded(8, { react: () => (isWell ? answered(204) : hanging) })
    await world.runFor(2 * hourMs)
    expect(pauseOf(world)).toBeGreaterThan(0)
    isWell = true
    const before = world.calls.length
    world.send(sample)
    await world.runFor(secondMs)
    expect(world.calls.slice(before).map(({ body }) => typeOf(body))).toEqual(['webhook.sample'])
    expect(pauseOf(world)).toBe(0)
  })

  it('is called again at once when it was changed', async () => {
    const world = flooded(8)
    await world.runFor(2 * hourMs)
    expect(pauseOf(world)).toBeGreaterThan(0)
    const url = 'https://moved.example/hook'
    const moved = { ...hung, definition: { ...hung.definition, url }, revision: 2 }
    await world.ports.webhooks.put(moved.id, moved, 1)
    const next = failedPrecheck(flood + 1)
    world.known.set(next.id, next)
    world.send(messageOf(hung, next))
    await world.runFor(secondMs)
    expect(world.calls.at(-1)?.url).toBe(url)
  })
})
