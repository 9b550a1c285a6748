import type * as z from 'zod'
import { defaultEndpointSettings } from '../../shared/checks/connectivity/endpoints.ts'
import { localSecrets } from '../../shared/adapters/secrets/local-secrets.ts'
import type { EndpointSettings } from '../../shared/checks/framework/question.ts'
import { runCheck as runFlow } from '../../shared/flows/prechecks/run-check.ts'
import { InstanceDefinition } from '../../shared/model/instance.ts'
import type { ItemResult } from '../../shared/model/item-result.ts'
import { CheckMessage, ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Secrets } from '../../shared/ports/secrets.ts'
import { silent } from './log.ts'
import { realProbes } from '../../shared/runtime/probes.ts'
import { clocksAt } from './clocks.ts'

/** The password behind every reference of `credential`. */
export const password = 'never-to-be-seen-anywhere'

export const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }

/** Id under which the instance of every run is registered. */
export const instanceId = 'db1'

/** What one run of a check item is given. */
export interface Run {
  readonly checkItem: string
  readonly definition: z.input<typeof InstanceDefinition>
  /** Items of the same precheck; all items of the engine if left out. */
  readonly siblings?: readonly string[]
  /** Limit of the item, ms, of which the flow keeps 250 back. */
  readonly limitMs?: number
  /** From the run to the deadline of the precheck. */
  readonly untilDeadlineMs?: number
  readonly endpoints?: EndpointSettings
  readonly secrets?: Secrets
}

/** Runs the flow of `run-check` with the real probes, and gives what it sent to the collector: one result. */
export const runCheck = async (run: Run): Promise<ItemResult> => {
  const definition = InstanceDefinition.parse(run.definition)
  const { checkItem, siblings, limitMs = 5250, untilDeadlineMs = 60_000 } = run
  const message = CheckMessage.parse({
    precheckId: `pc_${'0'.repeat(32)}`,
    checkItem,
    ...(siblings && { siblings }),
    target: { instanceId, definition },
    limitMs,
    deadlineAt: new Date(Date.now() + untilDeadlineMs).toISOString(),
  })
  const sent: ResultMessage[] = []
  const deps = {
    probes: realProbes(null),
    secrets: run.secrets ?? localSecrets({ PRECHECK_SECRET_DB: password }, '/run/secrets'),
    endpoints: run.endpoints ?? defaultEndpointSettings,
    log: silent,
    ...clocksAt(),
  }
  for await (const outgoing of runFlow(deps, message)) {
    if (outgoing.queue === 'results') sent.push(...outgoing.messages)
  }
  const results = sent.map((each) => ResultMessage.parse(each))
  const [first] = results
  if (results.length !== 1 || first?.kind !== 'result') throw new Error(`sent ${JSON.stringify(sent)}`)
  return first.result
}
