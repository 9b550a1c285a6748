import { beforeEach, describe, expect, it } from 'vitest'
import { redeliver, redeliverDead } from '../../../shared/webhooks/delivery/redeliver.ts'
import { sendSample } from '../../../shared/webhooks/delivery/send-sample.ts'
import { type Webhook, WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import type { NotificationMessage, WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import type { SendOptions } from '../../../shared/ports/queue.ts'
import type { Stored } from '../../../shared/ports/documents.ts'
import { pageOf } from '../../support/stores.ts'

const at = '2026-11-21T02:00:00.000Z'
const hourMs = 3_600_000

const webhook: Webhook = {
  id: `wh_${'1'.repeat(16)}`,
  definition: WebhookDefinition.parse({ url: 'https://receiver.example/hook' }),
  secrets: [{ version: 1, until: null }],
  stopped: null,
  revision: 1,
  createdAt: at,
  updatedAt: at,
}
const key = { webhookId: webhook.id, eventId: `evt_${'0'.repeat(32)}` }
const failed = { at, durationMs: 5, status: 500, failure: { code: 'STATUS_REFUSED', detail: '' } } as const
const dead: WebhookDelivery = {
  ...key,
  source: { kind: 'precheck', precheckId: `pc_${'2'.repeat(32)}`, type: 'precheck.failed' },
  state: 'dead',
  attempts: [failed, failed, failed],
  attemptsBefore: 0,
  beganAt: at,
  nextAttemptAt: null,
  endedAt: at,
}

let record: Stored<WebhookDelivery> | null
let messages: (NotificationMessage & SendOptions)[]
/** Effects in the order in which they happened. */
let effects: string[]
/** True: the process ends where the record would be written. */
let dies: boolean
let now: Date

beforeEach(() => {
  record = { document: dead, revision: 4 }
  messages = []
  effects = []
  dies = false
  now = new Date('2026-11-22T09:00:00.000Z')
})

const deps = {
  webhooks: { get: async () => ({ document: webhook, revision: 1 }) },
  deliveries: {
    get: async () => record,
    put: async (_: unknown, document: WebhookDelivery, revision: number) => {
      if (dies) throw new Error('the process ends')
      if (revision !== (record?.revision ?? 0)) return false
      effects.push('record')
      record = { document, revision: revision + 1 }
      return true
    },
  },
  notifications: {
    send: async (sent: readonly NotificationMessage[], options: SendOptions = {}) => {
      effects.push('message')
      messages.push(...sent.map((message) => ({ ...message, ...options })))
    },
  },
  now: () => now,
}

describe('a redelivery', () => {
  it('goes on from the attempts that were made, in a message that comes after its record', async () => {
    expect(await redeliver(deps, key)).toEqual({ value: record?.document })
    expect(record?.document).toMatchObject({
      state: 'pending',
      attempts: dead.attempts,
      attemptsBefore: 3,
      beganAt: now.toISOString(),
      endedAt: null,
    })
    const [message] = messages
    expect(message).toMatchObject({ webhookId: webhook.id, source: dead.source, attempts: 3 })
    expect(message?.delaySeconds).toBeGreaterThan(0)
    const due = now.getTime() + (message?.delaySeconds ?? 0) * 1000
    expect(record?.document.nextAttemptAt).toBe(new Date(due).toISOString())
  })

  it('that is cut off by a crash leaves a delivery that can be asked for again', async () => {
    dies = true
    await expect(redeliver(deps, key)).rejects.toThrow('the process ends')
    // Nobody waits for a message that was never sent: there is one, and the record has ended.
    expect([effects, record?.document.state]).toEqual([['message'], 'dead'])
    dies = false
    expect(await redeliver(deps, key)).toHaveProperty('value.state', 'pending')
  })

  it('that two ask for at the same moment begins once', async () => {
    const answers = await Promise.all([redeliver(deps, key), redeliver(deps, key)])
    expect(answers.filter((answer) => 'value' in answer)).toHaveLength(1)
    expect(answers).toContainEqual({ failure: expect.objectContaining({ code: 'DELIVERY_PENDING' }) })
    expect(record?.revision).toBe(5)
  })

  it('of one that is pending waits, until its attempt is overdue for so long that the message was lost', async () => {
    record = { document: { ...dead, state: 'pending', endedAt: null, nextAttemptAt: at }, revision: 4 }
    now = new Date(Date.parse(at) + hourMs - 1)
    expect(await redeliver(deps, key)).toHaveProperty('failure.code', 'DELIVERY_PENDING')
    expect(messages).toEqual([])
    now = new Date(Date.parse(at) + hourMs)
    expect(await redeliver(deps, key)).toHaveProperty('value.state', 'pending')
    expect(messages).toHaveLength(1)
  })

  it('of an event that was never sent is declined', async () => {
    record = null
    expect(await redeliver(deps, key)).toHaveProperty('failure.code', 'DELIVERY_NOT_FOUND')
    expect(effects).toEqual([])
  })
})

describe('redelivering dead letters', () => {
  it('leaves alone one that was delivered since it was listed', async () => {
    record = { document: { ...dead, state: 'delivered' }, revision: 5 }
    const deliveries = { ...deps.deliveries, list: async () => pageOf([dead]) }
    expect(await redeliverDead({ ...deps, deliveries }, webhook.id)).toEqual({
      value: { redelivered: 0, more: false },
    })
    expect(effects).toEqual([])
  })
})

describe('a sample', () => {
  beforeEach(() => {
    record = null
  })

  it('has its record before it is sent, so that its address is good', async () => {
    const sent = await sendSample(deps, webhook.id)
    expect([effects, record?.document.state]).toEqual([['record', 'message'], 'pending'])
    expect(sent).toEqual({ value: record?.document })
    const source = { kind: 'sample', at: now.toISOString() }
    expect(messages).toEqual([{ webhookId: webhook.id, source, attempts: 0 }])
  })

  it('that is asked for twice in a millisecond is one', async () => {
    const [first, second] = await Promise.all([sendSample(deps, webhook.id), sendSample(deps, webhook.id)])
    expect([second, record?.revision]).toEqual([first, 1])
  })
})
