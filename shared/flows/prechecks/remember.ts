import { needsMemory } from '../../checks/memory/catalogue.ts'
import { type Remembered, judgeWithMemory } from '../../checks/judge-with-memory.ts'
import { thresholdsOf } from '../../model/effective-policy.ts'
import { type Policy, effectiveFor } from '../../model/policy.ts'
import type { RunningPrecheck } from '../../model/precheck.ts'
import type { InstanceMemories } from '../../ports/instance-memories.ts'
import type { Instances } from '../../ports/instances.ts'

export interface RememberDeps {
  readonly instances: Pick<Instances, 'get'>
  readonly memories: Pick<InstanceMemories, 'get' | 'put'>
  /** The policies as they are now. */
  readonly currentPolicies: () => Promise<readonly Policy[]>
}

/** Results of the items that need a memory, and how to keep what is remembered, once the precheck has ended. */
export interface Recollection extends Pick<Remembered, 'results'> {
  readonly keep: () => Promise<void>
}

const nothingKept = async (): Promise<void> => undefined

/**
 * Judges the items of a precheck that need a memory. What is remembered of it is kept after its end is written, by the
 * one who wrote it, and only in the place of the memory that was read: so nothing is in it twice, and after a crash
 * between the two the next precheck is held against the one before. A partial precheck leaves no trace in it. Of an
 * instance that is not registered any more there is nothing to judge.
 */
export const recollect = async (
  { instances, memories, currentPolicies }: RememberDeps,
  precheck: RunningPrecheck,
  now: Date,
): Promise<Recollection> => {
  const { instanceId, checkItems, operations } = precheck
  const isAsked = checkItems.some(({ checkItem }) => needsMemory(checkItem))
  const instance = isAsked ? await instances.get(instanceId) : null
  if (!instance) return { results: [], keep: nothingKept }
  const { definition } = instance.document
  const stored = await memories.get(instanceId)
  const thresholdsFor = thresholdsOf(effectiveFor(await currentPolicies(), definition))
  const context = { target: { instanceId, definition }, planned: operations, now, thresholdsFor }
  const { results, memory } = judgeWithMemory(precheck, stored?.document ?? null, context)
  const isNewest = !stored || stored.document.startedAt < precheck.startedAt
  const keep = async (): Promise<void> => {
    await memories.put(instanceId, memory, stored?.revision ?? 0)
  }
  return { results, keep: precheck.scope === 'full' && isNewest ? keep : nothingKept }
}
