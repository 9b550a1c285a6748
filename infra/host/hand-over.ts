import type { Invoke } from './pump.ts'

/** Results of one turn of the event loop, and what becomes of them. */
interface Batch {
  readonly results: string[]
  readonly recorded: Promise<unknown>
}

/**
 * Hands results straight to the collector, everything that came in while it was busy at once. On one machine the queue
 * between the two would only add a write: the message of a check item is not acknowledged before its result is
 * recorded, so that a crash in between makes the item run again. Resolves when the results are recorded.
 */
export const handOver = (collect: Invoke): ((results: readonly string[]) => Promise<void>) => {
  let waiting: Batch | null = null
  let last: Promise<unknown> = Promise.resolve()

  const open = (): Batch => {
    const results: string[] = []
    const collectAll = (): Promise<unknown> => {
      waiting = null
      return collect(results)
    }
    const recorded = last.then(collectAll, collectAll)
    last = recorded
    return { results, recorded }
  }

  return async (results) => {
    waiting ??= open()
    waiting.results.push(...results)
    await waiting.recorded
  }
}
