import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeadLetterQueue } from '../../shared/ports/dead-letters.ts'
import type { Queue, QueueConsumer } from '../../shared/ports/queue.ts'

/** A queue whose messages die at their second delivery, and its dead letters. */
export interface DeadLettersUnderTest {
  readonly queue: Queue<{ readonly n: number }> & QueueConsumer
  readonly deadLetters: DeadLetterQueue
  /** Has the queue refuse what is sent to it, until the function that it gives back is called. */
  readonly refuseSends: () => () => void
  readonly close: () => Promise<void>
}

/** What dead letters do on every queue. */
export const deadLettersContract = (name: string, open: () => Promise<DeadLettersUnderTest>): void => {
  describe(`the dead letters on ${name}`, () => {
    let tested: DeadLettersUnderTest

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    const numbersIn = (bodies: readonly string[]): number[] =>
      bodies.map((body) => (JSON.parse(body) as { n: number }).n).toSorted((one, other) => one - other)

    const delivered = async (max: number, waitMs = 0): Promise<number[]> =>
      numbersIn((await tested.queue.receive(max, waitMs)).map(({ body }) => body))

    const looked = async (limit = 16): Promise<number[]> =>
      numbersIn((await tested.deadLetters.look(limit)).flatMap(({ messages }) => messages ?? []))

    /** Sends messages and gives each back once, after which the queue gives them up. */
    const kill = async (...numbers: readonly number[]): Promise<void> => {
      await tested.queue.send(numbers.map((n) => ({ n })))
      const given: number[] = []
      while (given.length < numbers.length) {
        for (const { receipt, body } of await tested.queue.receive(16, 1000)) {
          await tested.queue.postpone(receipt, 1)
          given.push(...numbersIn([body]))
        }
      }
      const looks = async (): Promise<number> => {
        await tested.queue.receive(1, 20)
        return (await tested.deadLetters.look(16)).length
      }
      await expect.poll(looks).toBe(Math.min(16, numbers.length))
    }

    it('are none at first', async () => {
      expect(await tested.deadLetters.look(16)).toEqual([])
      expect(await tested.deadLetters.redrive(10)).toEqual({ redriven: 0, unreadable: 0, more: false })
    })

    it('are looked at without being taken', async () => {
      await kill(1, 2, 3)
      expect(await looked()).toEqual([1, 2, 3])
      expect(await looked(2)).toHaveLength(2)
      expect(await looked()).toEqual([1, 2, 3])
      const [letter] = await tested.deadLetters.look(1)
      expect(Math.abs(Date.parse(letter?.at ?? '') - Date.now())).toBeLessThan(3_600_000)
      expect(letter?.id).not.toBe('')
    })

    it('go back into their queue, and are gone then', async () => {
      await kill(1, 2, 3)
      expect(await tested.deadLetters.redrive(10)).toEqual({ redriven: 3, unreadable: 0, more: false })
      expect(await looked()).toEqual([])
      expect(await delivered(10, 2000)).toEqual([1, 2, 3])
      expect(await tested.deadLetters.redrive(10)).toMatchObject({ redriven: 0 })
    })

    it('go back no more than asked for, and say that there are more', async () => {
      await kill(1, 2, 3)
      expect(await tested.deadLetters.redrive(2)).toEqual({ redriven: 2, unreadable: 0, more: true })
      expect(await looked()).toHaveLength(1)
      expect(await tested.deadLetters.redrive(2)).toEqual({ redriven: 1, unreadable: 0, more: false })
      expect(await delivered(10, 2000)).toEqual([1, 2, 3])
    })

    it('stay where their queue takes nothing', async () => {
      await kill(1, 2)
      const acceptAgain = tested.refuseSends()
      await expect(tested.deadLetters.redrive(10)).rejects.toThrow(/AccessDenied|full/)
      acceptAgain()
      await expect.poll(() => looked(), { timeout: 10_000 }).toEqual([1, 2])
      expect(await tested.deadLetters.redrive(10)).toMatchObject({ redriven: 2 })
    })
  })
}
