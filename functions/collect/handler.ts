import { collectResults } from '../../shared/flows/prechecks/collect-results.ts'
import type { ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { Incoming } from '../../shared/ports/queue.ts'
import { type QueueFunction, queueFunction } from '../../shared/runtime/queue-chain.ts'

type Deps<Delivered> = Omit<Parameters<typeof collectResults>[0], 'log'> & {
  readonly incomingResults: Incoming<Delivered, ResultMessage>
}

/** Queue `results`: records results, and ends prechecks that are complete or due. */
export const createHandler = <Delivered>(deps: Deps<Delivered>, log: Log): QueueFunction => {
  const { schema, assemble } = deps.incomingResults
  return queueFunction(schema, log, async (delivered) =>
    collectResults({ ...deps, log }, await assemble(delivered)),
  )
}
