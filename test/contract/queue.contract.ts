import { withoutSchemaVersion } from '../../shared/model/schema-version.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LookIntoQueue } from '../../shared/ports/queue-contents.ts'
import type { Queue, QueueConsumer } from '../../shared/ports/queue.ts'

/** A message of the contract. */
export interface TestMessage {
  readonly n: number
  readonly text?: string
}

/** A queue under contract. */
export interface QueueUnderTest {
  readonly queue: Queue<TestMessage> & QueueConsumer
  /** Ends the process that holds the queue, and starts another one on the same data. */
  readonly restart: () => Promise<QueueUnderTest>
  readonly look: LookIntoQueue
  readonly deadLetters: () => readonly string[]
  readonly close: () => Promise<void>
}

/** How the queue is set up for the contract. */
export const contractSettings = { visibilityTimeoutMs: 300, maxReceives: 3 } as const

/** What every queue does, whatever it stands on. */
export const queueContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`the queue on ${name}`, () => {
    let tested: QueueUnderTest

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    const receive = async (max = 10, waitMs = 2000) => {
      const deliveries = await tested.queue.receive(max, waitMs)
      return deliveries.map((delivery) => ({
        ...delivery,
        message: withoutSchemaVersion(JSON.parse(delivery.body)) as TestMessage,
      }))
    }

    it('delivers what was sent, whatever characters it holds', async () => {
      const text = `<&>"'\\ 归档 \u0000 ${'x'.repeat(10_000)}`
      await tested.queue.send([{ n: 1, text }, { n: 2 }])
      const deliveries = await receive()
      expect(deliveries.map(({ message }) => message)).toEqual([{ n: 1, text }, { n: 2 }])
      expect(deliveries.map(({ received }) => received)).toEqual([1, 1])
    })

    it('hands out no more than asked for, and the rest after that', async () => {
      await tested.queue.send([{ n: 1 }, { n: 2 }, { n: 3 }])
      expect(await receive(2)).toHaveLength(2)
      expect(await receive(2)).toHaveLength(1)
      expect(await receive(2, 0)).toEqual([])
    })

    it('tells how many messages wait, are taken, and are delayed, also over a restart', async () => {
      const looks = async () => {
        const { waiting, taken, delayed } = await tested.look()
        return [waiting, taken, delayed]
      }
      expect(await looks()).toEqual([0, 0, 0])
      await tested.queue.send([{ n: 1 }, { n: 2 }])
      await tested.queue.send([{ n: 3 }, { n: 4 }], { delaySeconds: 600 })
      expect(await looks()).toEqual([2, 0, 2])
      const [first] = await receive(1)
      expect(await looks()).toEqual([1, 1, 2])
      await tested.queue.acknowledge([first?.receipt ?? ''])
      await tested.queue.acknowledge((await receive(1)).map(({ receipt }) => receipt))
      expect(await looks()).toEqual([0, 0, 2])
      await tested.queue.send([{ n: 5 }])
      tested = await tested.restart()
      expect(await looks()).toEqual([1, 0, 2])
      expect(await receive(10, 0)).toHaveLength(1)
      // It comes back, since nobody acknowledged it in time.
      await expect.poll(looks, { interval: 10 }).toEqual([1, 0, 2])
    })

    it('wakes who waits', async () => {
      const waiting = receive(1, 5000)
      await tested.queue.send([{ n: 1 }])
      expect(await waiting).toHaveLength(1)
    })

    it('forgets what was acknowledged, also over a restart', async () => {
      await tested.queue.send([{ n: 1 }])
      const deliveries = await receive()
      await tested.queue.acknowledge(deliveries.map(({ receipt }) => receipt))
      tested = await tested.restart()
      expect(await receive(10, 0)).toEqual([])
    })

    it('delivers again what was not acknowledged in time', async () => {
      await tested.queue.send([{ n: 1 }])
      await receive()
      expect(await receive(10, 0)).toEqual([])
      expect(await receive()).toMatchObject([{ message: { n: 1 }, received: 2 }])
    })

    it('delivers again what was under way when the process ended', async () => {
      await tested.queue.send([{ n: 1 }, { n: 2 }])
      await receive(1)
      tested = await tested.restart()
      const again = await receive()
      expect(new Set(again.map(({ message }) => message.n))).toEqual(new Set([1, 2]))
    })

    it('gives back a postponed message after its delay, and not before', async () => {
      await tested.queue.send([{ n: 1 }])
      const [delivery] = await receive()
      const from = performance.now()
      await tested.queue.postpone(delivery?.receipt ?? '', 150)
      await expect
        .poll(() => receive(10, 100), { timeout: 3000 })
        .toMatchObject([{ message: { n: 1 }, received: 2 }])
      expect(performance.now() - from).toBeGreaterThan(100)
    })

    it('holds a delayed message back until its time, also over a restart', async () => {
      await tested.queue.send([{ n: 1 }], { delaySeconds: 1 })
      await tested.queue.send([{ n: 2 }])
      expect((await receive()).map(({ message }) => message.n)).toEqual([2])
      tested = await tested.restart()
      const seen = new Set<number>()
      const look = async () => {
        for (const { message } of await receive(10, 200)) seen.add(message.n)
        return seen.has(1)
      }
      await expect.poll(look, { timeout: 4000 }).toBe(true)
    })

    it('makes a dead letter of what is never acknowledged', async () => {
      await tested.queue.send([{ n: 1, text: 'poison' }])
      for (let delivery = 0; delivery < contractSettings.maxReceives; delivery += 1) {
        const [taken] = await receive(1, 3000)
        await tested.queue.postpone(taken?.receipt ?? '', 1)
      }
      await expect.poll(async () => [await receive(1, 50), tested.deadLetters().length]).toEqual([[], 1])
      expect(tested.deadLetters()[0]).toContain('poison')
    })

    it('keeps a backlog larger than its memory, in order of age', async () => {
      const count = 10_000
      for (let from = 0; from < count; from += 1000) {
        await tested.queue.send(Array.from({ length: 1000 }, (_, index) => ({ n: from + index })))
      }
      const seen = new Set<number>()
      while (seen.size < count) {
        const deliveries = await receive(500, 1000)
        if (deliveries.length === 0) break
        for (const { message } of deliveries) seen.add(message.n)
        await tested.queue.acknowledge(deliveries.map(({ receipt }) => receipt))
      }
      expect(seen.size).toBe(count)
      expect(await receive(10, 0)).toEqual([])
    })
  })
}
