import type { InstanceMemory } from '../model/instance-memory.ts'
import { type Inventory, followInventory } from '../model/inventory.ts'
import type { ItemResult } from '../model/item-result.ts'
import type { Observation } from '../model/observation.ts'
import type { RunningPrecheck } from '../model/precheck.ts'
import { engines, findCheck, needsMemory } from './catalogue.ts'
import type { CheckContext } from './framework/define-check.ts'
import { type ProbeOutcome, judge } from './judge.ts'

/** What comes of a precheck beside its results: those of the items that need a memory, and what to remember. */
export interface Remembered {
  readonly results: readonly ItemResult[]
  readonly memory: InstanceMemory
}

type Ending = Pick<RunningPrecheck, 'id' | 'startedAt' | 'checkItems' | 'results'>

const observationsIn = (results: readonly ItemResult[]): Observation[] =>
  results.flatMap(({ observations = [] }) => observations)

/** What is held against the memory, or why nothing is; null where what sees it has not ended. */
const inventoryOutcome = (
  { results, startedAt }: Ending,
  known: InstanceMemory | null,
  { target }: CheckContext,
): ProbeOutcome | null => {
  const checkItem = engines[target.definition.engine].identifiedBy
  const source = results.find((result) => result.checkItem === checkItem)
  if (!source) return null
  const { identities: seen, reason, findings } = source
  if (!seen) {
    const because = reason?.code ?? findings[0]?.message.code ?? 'UNEXPECTED_ANSWER'
    return { problem: { code: 'DEPENDENCY_NOT_PASSED', params: { checkItem, because } } }
  }
  return {
    answer: { known: known?.inventory ?? null, seen, at: startedAt, observations: observationsIn(results) },
  }
}

const nextInventory = (
  { results, startedAt }: Ending,
  known: InstanceMemory | null,
): Inventory | undefined => {
  const seen = results.find(({ identities }) => identities)?.identities
  if (!seen) return known?.inventory
  return followInventory(known?.inventory ?? null, seen, startedAt, observationsIn(results)).next
}

/**
 * Judges the items of a precheck that need the memory of its instance (null: there is none yet), when its other results
 * are in, and gives what is to be remembered from then on. Pure: the same precheck with the same memory comes to the
 * same, so that it may be repeated until it is written.
 */
export const judgeWithMemory = (
  precheck: Ending,
  known: InstanceMemory | null,
  context: CheckContext,
): Remembered => {
  const look = { vantage: 'checker', startedAt: context.now.toISOString(), durationMs: 0 } as const
  const outcome = inventoryOutcome(precheck, known, context)
  const inventory = nextInventory(precheck, known)
  const asked = precheck.checkItems.flatMap(({ checkItem }) =>
    needsMemory(checkItem) ? (findCheck(checkItem) ?? []) : [],
  )
  return {
    results: outcome ? asked.map((check) => judge(check, [check], context, outcome, look)) : [],
    memory: {
      instanceId: context.target.instanceId,
      precheckId: precheck.id,
      startedAt: precheck.startedAt,
      ...(inventory && { inventory }),
    },
  }
}
