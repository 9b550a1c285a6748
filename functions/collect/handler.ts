import { recordValidation } from '../../shared/flows/instances/validate-instance.ts'
import { collectResults } from '../../shared/flows/prechecks/collect-results.ts'
import type { ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { Incoming } from '../../shared/ports/queue.ts'
import { type QueueFunction, type Unserved, queueFunction } from '../../shared/runtime/queue-chain.ts'

type CollectDeps = Omit<Parameters<typeof collectResults>[0], 'log'> & Parameters<typeof recordValidation>[0]

type Deps<Delivered> = CollectDeps & {
  readonly incomingResults: Incoming<Delivered, ResultMessage>
} & Unserved

/** Works off messages of the queue `results`. Rejects if a write failed; all of it may be repeated. */
export type Collect = (messages: readonly ResultMessage[]) => Promise<void>

/** Records results, ends prechecks that are complete or due, and records what came of validations. */
export const collecting = (deps: CollectDeps, log: Log): Collect => {
  const own = { ...deps, log }
  return async (messages) => {
    const ofPrechecks = messages.filter((message) => message.kind !== 'validation')
    const validations = messages.filter((message) => message.kind === 'validation')
    await Promise.all([
      collectResults(own, ofPrechecks),
      ...validations.map((message) => recordValidation(own, message)),
    ])
  }
}

/** Queue `results`. */
export const createHandler = <Delivered>(deps: Deps<Delivered>, log: Log): QueueFunction => {
  const { schema, assemble } = deps.incomingResults
  const collect = collecting(deps, log)
  return queueFunction(schema, log, async (delivered) => collect(await assemble(delivered)), deps)
}
