import { recordValidation } from '../../shared/flows/instances/validate-instance.ts'
import { collectResults } from '../../shared/flows/prechecks/collect-results.ts'
import type { ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { Incoming } from '../../shared/ports/queue.ts'
import { type QueueFunction, type Unserved, queueFunction } from '../../shared/runtime/queue-chain.ts'

type Deps<Delivered> = Omit<Parameters<typeof collectResults>[0], 'log'> &
  Parameters<typeof recordValidation>[0] & {
    readonly incomingResults: Incoming<Delivered, ResultMessage>
  } & Unserved

/** Queue `results`: records results, ends prechecks that are complete or due, and records what came of validations. */
export const createHandler = <Delivered>(deps: Deps<Delivered>, log: Log): QueueFunction => {
  const { schema, assemble } = deps.incomingResults
  const own = { ...deps, log }
  const collect = async (delivered: readonly Delivered[]): Promise<void> => {
    const messages = await assemble(delivered)
    const ofPrechecks = messages.filter((message) => message.kind !== 'validation')
    const validations = messages.filter((message) => message.kind === 'validation')
    await Promise.all([
      collectResults(own, ofPrechecks),
      ...validations.map((message) => recordValidation(own, message)),
    ])
  }
  return queueFunction(schema, log, collect, deps)
}
