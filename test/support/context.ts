import { type Check, type CheckContext } from '../../shared/checks/framework/define-check.ts'
import { type ProbeOutcome, judge } from '../../shared/checks/judge.ts'
import { noPolicy, thresholdsOf } from '../../shared/model/effective-policy.ts'
import type { Engine } from '../../shared/model/engine.ts'
import { InstanceDefinition, plannedOperations } from '../../shared/model/instance.ts'
import type { ItemResult } from '../../shared/model/item-result.ts'
import { engineInTests } from './engines.ts'

/** A valid definition; `changes` go over its top level. */
export const definitionOf = (
  engine: Engine,
  changes: Readonly<Record<string, unknown>> = {},
): InstanceDefinition =>
  InstanceDefinition.parse({
    engine,
    region: 'cn-hangzhou',
    connection: engineInTests[engine].connection,
    ...changes,
  })

export const contextFor = (
  engine: Engine,
  changes: Readonly<Record<string, unknown>> = {},
  now = '2026-11-21T02:00:00Z',
): CheckContext => {
  const definition = definitionOf(engine, changes)
  return {
    target: { instanceId: 'db1', definition },
    planned: plannedOperations(definition),
    thresholdsFor: thresholdsOf(noPolicy),
    now: new Date(now),
  }
}

const look = { vantage: 'checker', startedAt: '2026-11-21T02:00:00.000Z', durationMs: 12 } as const

/** Judges what a probe brought back, as `run-check` does. */
export const judged = (
  check: Check,
  outcome: ProbeOutcome,
  context: CheckContext,
  siblings: readonly Check[] = [check],
): ItemResult => judge(check, () => siblings, context, outcome, look)
