import * as z from 'zod'
import { Engine } from './engine.ts'
import { InstanceId, Tags } from './instance.ts'
import { type CompletedPrecheck, PrecheckId, protectionSeen } from './precheck.ts'
import {
  ProtectedDatabase,
  ProtectionState,
  ProtectionTotals,
  placeOf,
  stateIn,
  stateNow,
} from './protection.ts'

/** How an instance stood when a precheck looked, as lists of the fleet show it: small, whatever the instance holds. */
export const InstanceProtection = z.strictObject({
  instanceId: InstanceId,
  engine: Engine,
  region: z.string(),
  tags: Tags,
  precheckId: PrecheckId,
  /** UTC. */
  asOf: z.iso.datetime(),
  /** After these it is not known any more. */
  maxAgeHours: z.number().nonnegative(),
  state: ProtectionState,
  totals: ProtectionTotals,
  /** The database that stands worst. */
  worst: ProtectedDatabase.pick({
    database: true,
    exposureMinutes: true,
    objectiveMinutes: true,
    worstExposureMinutes7d: true,
  }),
})
export type InstanceProtection = Readonly<z.infer<typeof InstanceProtection>>

/** How an instance stood, in short; null where no result says. `worst` is one database, `asOf` is UTC. */
export const protectionSummary = (
  results: CompletedPrecheck['results'],
): Pick<InstanceProtection, 'state' | 'asOf' | 'totals' | 'worst'> | null => {
  const seen = protectionSeen(results)
  const [worst] = seen?.protection.databases ?? []
  if (!seen || !worst) return null
  const { database, exposureMinutes, objectiveMinutes, worstExposureMinutes7d } = worst
  return {
    state: stateIn(seen.protection),
    asOf: seen.asOf,
    totals: seen.protection.totals,
    worst: { database, exposureMinutes, objectiveMinutes, worstExposureMinutes7d },
  }
}

/** What the fleet is told of a precheck; null where it says nothing of it, or does not stand for its instance. */
export const instanceProtectionOf = (precheck: CompletedPrecheck): InstanceProtection | null => {
  const { id, instanceId, engine, region, tags = {}, scope, results } = precheck
  const summary = protectionSummary(results)
  const maxAgeHours = protectionSeen(results)?.protection.maxAgeHours
  if (scope === 'partial' || !summary || maxAgeHours === undefined) return null
  return { instanceId, engine, region, tags, precheckId: id, maxAgeHours, ...summary }
}

/** The same by now, with its place in a list that begins with the worst. */
export const standingNow = (
  kept: InstanceProtection,
  now: Date,
): { readonly place: string; readonly shown: InstanceProtection } => {
  const state = stateNow(kept.state, kept, now)
  const exposureMinutes = state === 'unknown' ? null : kept.worst.exposureMinutes
  return {
    place: placeOf({ state, exposureMinutes, name: kept.instanceId }),
    shown: { ...kept, state, worst: { ...kept.worst, exposureMinutes } },
  }
}
