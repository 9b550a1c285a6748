import { collectResults } from '../../shared/flows/prechecks/collect-results.ts'
import { ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Log } from '../../shared/ports/log.ts'
import { type QueueFunction, queueFunction } from '../../shared/runtime/queue-chain.ts'

/** Queue `results`: records results, and ends prechecks that are complete or due. */
export const createHandler = (
  deps: Omit<Parameters<typeof collectResults>[0], 'log'>,
  log: Log,
): QueueFunction =>
  queueFunction(ResultMessage, log, (messages) => collectResults({ ...deps, log }, messages))
