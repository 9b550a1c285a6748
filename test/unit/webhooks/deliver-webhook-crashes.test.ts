import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NotificationMessage } from '../../../shared/webhooks/model/delivery.ts'
import {
  answered,
  deliveryWorld,
  failedPrecheck,
  messageOf,
  webhookOf,
} from '../../support/delivery-world.ts'
import { Died, type Life } from '../../support/mortal.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const webhook = webhookOf(1)
const precheck = failedPrecheck()
const message = messageOf(webhook, precheck)

/** Calls of ports in the longest invocation, and some more. */
const maxLife = 16

interface Plan {
  readonly failures: number
  readonly lives: readonly Life[]
  readonly consumers?: number
  /** When copies of the first message come, seconds. */
  readonly copies?: readonly number[]
}

const after = async ({ failures, lives, consumers = 1, copies = [] }: Plan) => {
  const world = deliveryWorld({
    webhooks: [webhook],
    prechecks: [precheck],
    lives,
    consumers,
    react: (_, number) => answered(number <= failures ? 500 : 204),
  })
  for (const delay of [1, ...copies]) world.send(message, delay)
  const isQuiet = await world.run()
  return { world, isQuiet }
}

/** Nothing is lost, nothing goes on for ever, and a crash costs one call more at most. */
const expectDelivered = async (plan: Plan): Promise<void> => {
  const { world, isQuiet } = await after(plan)
  expect(isQuiet).toBe(true)
  expect(world.faults.every((fault) => fault instanceof Died)).toBe(true)
  expect(world.records()).toMatchObject([{ state: 'delivered' }])
  expect(world.calls.length).toBeGreaterThan(plan.failures)
  expect(world.calls.length).toBeLessThanOrEqual(plan.failures + 1 + plan.lives.length)
  expect(new Set(world.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(world.maxAtOnce(webhook.definition.url)).toBe(1)
  const attempts = world.records()[0]?.attempts.length ?? 0
  expect(attempts).toBeLessThanOrEqual(world.calls.length)
}

const dies = ['before', 'after'] as const
const deaths = Array.from({ length: maxLife }, (_, index) =>
  dies.map((when): Life => ({ calls: index + 1, dies: when })),
).flat()

const life: fc.Arbitrary<Life> = fc.record({
  calls: fc.integer({ min: 1, max: maxLife }),
  dies: fc.constantFrom(...dies),
})

describe('a delivery whose process dies', () => {
  it.each(deaths)('$dies call $calls of an attempt that is accepted is made again', (death) =>
    expectDelivered({ failures: 0, lives: [death] }),
  )

  it.each(deaths)('$dies call $calls of an attempt that fails goes on', (death) =>
    expectDelivered({ failures: 1, lives: [death] }),
  )

  it.each(deaths)('$dies call $calls of the last attempt of all ends as a dead letter', async (death) => {
    const alive: Life = { calls: Number.POSITIVE_INFINITY, dies: 'before' }
    const lives = [...Array.from({ length: 8 }, () => alive), death]
    const { world, isQuiet } = await after({ failures: 100, lives })
    expect(isQuiet).toBe(true)
    expect(world.records()).toMatchObject([{ state: 'dead', attempts: { length: 9 } }])
    expect(world.calls.length).toBeLessThanOrEqual(10)
  })

  it('anywhere, again and again, with copies of messages and several consumers, is made', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          failures: fc.nat(4),
          lives: fc.array(life, { maxLength: 8 }),
          consumers: fc.integer({ min: 1, max: 4 }),
          copies: fc.array(fc.nat(400), { maxLength: 4 }),
        }),
        expectDelivered,
      ),
      { numRuns: propertyRuns(300) },
    )
  })

  it('while the receiver is gone leaves a webhook that is not called twice again', async () => {
    for (const death of deaths) {
      const other = failedPrecheck(2)
      const world = deliveryWorld({
        webhooks: [webhook],
        prechecks: [precheck, other],
        lives: [death],
        react: () => answered(410),
      })
      world.send(message, 1)
      world.send(messageOf(webhook, other), 3600)
      expect(await world.run()).toBe(true)
      expect(world.calls.length).toBeLessThanOrEqual(2)
      expect(world.hooks.get(webhook.id)?.document.stopped?.code).toBe('GONE')
      const told = world.calls.map(({ headers }) => headers['webhook-id'])
      expect(new Set(world.records().map(({ eventId }) => eventId))).toEqual(new Set(told))
    }
  })
})

describe('copies of a message', () => {
  it('make one call per attempt, however many consumers there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          failures: fc.nat(4),
          lives: fc.constant([]),
          consumers: fc.integer({ min: 1, max: 5 }),
          copies: fc.array(fc.nat(100), { maxLength: 8 }),
        }),
        expectDelivered,
      ),
      { numRuns: propertyRuns(200) },
    )
  })

  it('of every attempt, old and new, change nothing', async () => {
    const world = deliveryWorld({
      webhooks: [webhook],
      prechecks: [precheck],
      react: (_, number) => answered(number <= 3 ? 500 : 204),
    })
    world.send(message)
    for (let attempts = 0; attempts < 6; attempts += 1) {
      const copy: NotificationMessage = { ...message, attempts }
      for (const delay of [1, 20, 600]) world.send(copy, delay)
    }
    expect(await world.run()).toBe(true)
    expect(world.calls).toHaveLength(4)
    expect(world.records()).toMatchObject([{ state: 'delivered', attempts: { length: 4 } }])
  })
})
