import type { InstanceMemory } from '../model/instance-memory.ts'
import { type Inventory, followInventory } from '../model/inventory.ts'
import { type ItemResult, notJudged } from '../model/item-result.ts'
import type { Observation } from '../model/observation.ts'
import type { RunningPrecheck } from '../model/precheck.ts'
import { type Series, followSeries } from '../model/series.ts'
import { identifiedBy } from '../model/engine.ts'
import { determined } from './determined.ts'
import type { Check, CheckContext } from './framework/define-check.ts'
import { memoryChecks } from './memory/catalogue.ts'

/** What comes of a precheck beside its results: those of the items that need a memory, and what to remember. */
export interface Remembered {
  readonly results: readonly ItemResult[]
  readonly memory: InstanceMemory
}

type Ending = Pick<RunningPrecheck, 'id' | 'startedAt' | 'checkItems' | 'results'>

/** What the results of a precheck observed, and the series that go on with it. */
interface Followed {
  readonly observations: readonly Observation[]
  readonly series: readonly Series[]
}

const follow = ({ results, startedAt }: Ending, known: InstanceMemory | null): Followed => {
  const observations = results.flatMap((result) => result.observations ?? [])
  return { observations, series: followSeries(known?.series ?? [], observations, startedAt) }
}

/** Judges an item; null where what it is to be held against has not ended. */
const judged = (
  check: Check,
  { results, startedAt }: Ending,
  known: InstanceMemory | null,
  followed: Followed,
  context: CheckContext,
): ItemResult | null => {
  const checkItem = identifiedBy[context.target.definition.engine]
  const source = results.find((result) => result.checkItem === checkItem)
  if (!source) return null
  const { identities: seen, findings } = source
  const because = source.reason?.code ?? findings[0]?.message.code ?? 'UNEXPECTED_ANSWER'
  const dependency = { code: 'DEPENDENCY_NOT_PASSED', params: { checkItem, because } }
  const open = notJudged(check.id, 'skipped', dependency, context.now.toISOString(), 0)
  if (!seen) return open
  const answer = { known: known?.inventory ?? null, seen, at: startedAt, ...followed }
  const conclusion = check.conclude(answer, context)
  if ('malformed' in conclusion) {
    const reason = { code: 'UNEXPECTED_ANSWER', params: { detail: conclusion.malformed } }
    return { ...open, status: 'error', reason }
  }
  return { ...open, ...determined(check, context, conclusion) }
}

const nextInventory = (
  { results, startedAt }: Ending,
  known: InstanceMemory | null,
  { observations }: Followed,
): Inventory | undefined => {
  const seen = results.find(({ identities }) => identities)?.identities
  if (!seen) return known?.inventory
  return followInventory(known?.inventory ?? null, seen, startedAt, observations).next
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
  const followed = follow(precheck, known)
  const inventory = nextInventory(precheck, known, followed)
  const planned = new Set(precheck.checkItems.map(({ checkItem }) => checkItem))
  const asked = memoryChecks.filter(({ id }) => planned.has(id))
  return {
    results: asked.flatMap((check) => judged(check, precheck, known, followed, context) ?? []),
    memory: {
      instanceId: context.target.instanceId,
      precheckId: precheck.id,
      startedAt: precheck.startedAt,
      ...(inventory && { inventory }),
      series: [...followed.series],
    },
  }
}
