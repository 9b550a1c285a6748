import type { Limits } from '../../shared/flows/start-precheck.ts'
import type { CheckMessage, ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Instances } from '../../shared/ports/instances.ts'
import type { Probes } from '../../shared/ports/probe.ts'
import type { Queue } from '../../shared/ports/queue.ts'
import type { Results } from '../../shared/ports/results.ts'
import type { Secrets } from '../../shared/ports/secrets.ts'
import type { Tokens } from '../../shared/ports/tokens.ts'

/** Everything that the resources of the API use; each flow names the few members that it needs. */
export interface ApiDeps {
  readonly instances: Instances
  readonly results: Results
  readonly tokens: Tokens
  readonly checks: Queue<CheckMessage>
  readonly resultQueue: Queue<ResultMessage>
  readonly probes: Probes
  readonly secrets: Secrets
  readonly limits: Limits
  readonly now: () => Date
  readonly sleep: (ms: number) => Promise<void>
  readonly newPrecheckId: () => string
  readonly newAcknowledgementId: () => string
}
