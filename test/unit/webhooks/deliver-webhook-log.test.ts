import { describe, expect, it } from 'vitest'
import {
  answered,
  deliveryWorld,
  failedPrecheck,
  messageOf,
  webhookOf,
} from '../../support/delivery-world.ts'

const webhook = webhookOf(1)
const precheck = failedPrecheck()
const message = messageOf(webhook, precheck)

/** A delivery to a receiver that answers with these statuses, one after the other; then with the last one. */
const delivered = async (...statuses: readonly number[]) => {
  const world = deliveryWorld({
    webhooks: [webhook],
    prechecks: [precheck],
    react: (_, number) => answered(statuses[number - 1] ?? statuses.at(-1) ?? 204),
  })
  world.send(message)
  await world.run()
  return world
}

describe('the log of deliveries', () => {
  it('tells of a delivery, and of every attempt before that failed', async () => {
    const { lines, records } = await delivered(500, 204)
    const [record] = records()
    const about = { webhook: webhook.id, eventId: record?.eventId, durationMs: 20 }
    expect(lines).toEqual([
      {
        level: 'warn',
        event: 'delivery.failed',
        ...about,
        attempts: 1,
        status: 500,
        code: 'STATUS_REFUSED',
        detail: 'The receiver answered 500.',
        nextAttemptAt: expect.stringMatching(/^2026-11-21T02:00:\d\d\.\d{3}Z$/),
      },
      { level: 'info', event: 'delivery.delivered', ...about, attempts: 2, status: 204 },
    ])
  })

  it('tells of a dead letter once', async () => {
    const { lines } = await delivered(500)
    const events = lines.map(({ event }) => event)
    expect(events.slice(0, -1)).toEqual(Array.from({ length: 8 }, () => 'delivery.failed'))
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      event: 'delivery.dead',
      webhook: webhook.id,
      attempts: 9,
      code: 'STATUS_REFUSED',
    })
  })

  it('tells of a webhook that is stopped, after the delivery that its receiver refused for ever', async () => {
    const { lines } = await delivered(410)
    expect(lines).toMatchObject([
      { level: 'warn', event: 'delivery.dead', status: 410, code: 'GONE' },
      { level: 'warn', event: 'webhook.stopped', webhook: webhook.id, code: 'GONE' },
    ])
  })

  it('tells of an attempt once, also where its message came twice', async () => {
    const world = deliveryWorld({ webhooks: [webhook], prechecks: [precheck] })
    world.send(message)
    world.send(message)
    await world.run()
    expect(world.lines.map(({ event }) => event)).toEqual(['delivery.delivered'])
    expect(world.traffic(webhook)).toMatchObject({ delivered: 1, dead: 0 })
  })

  it('tells of no stop of a webhook that was changed meanwhile', async () => {
    const world = deliveryWorld({
      webhooks: [webhook],
      prechecks: [precheck],
      react: () => answered(410),
      changes: {
        webhooks: {
          get: async () => ({ document: webhook, revision: 1 }),
          put: async () => false,
        },
      },
    })
    world.send(message)
    await world.run()
    expect(world.lines.map(({ event }) => event)).toEqual(['delivery.dead'])
  })
})
