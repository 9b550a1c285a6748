import type { Collect } from '../../functions/collect/handler.ts'
import type { ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Log } from '../../shared/ports/log.ts'
import { logFailure } from '../../shared/runtime/chain.ts'

/** Results of one turn of the event loop, and what becomes of them. */
interface Batch {
  readonly results: ResultMessage[]
  readonly recorded: Promise<unknown>
}

/**
 * Hands results straight to the collector, everything that came in while it was busy at once. On one machine the queue
 * between the two would only add a write: the message of a check item is not acknowledged before its result is
 * recorded, so that a crash in between makes the item run again. Resolves when the results are recorded; logs and
 * rejects if they are not.
 */
export const handOver = (
  collect: Collect,
  log: Log,
): ((results: readonly ResultMessage[]) => Promise<void>) => {
  let waiting: Batch | null = null
  let last: Promise<unknown> = Promise.resolve()

  const collectLogged = async (results: readonly ResultMessage[]): Promise<void> => {
    try {
      await collect(results)
    } catch (fault) {
      logFailure(log, 'queue.failed', fault)
      throw fault
    }
  }

  const open = (): Batch => {
    const results: ResultMessage[] = []
    const collectAll = (): Promise<void> => {
      waiting = null
      return collectLogged(results)
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
