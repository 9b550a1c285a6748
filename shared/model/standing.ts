import * as z from 'zod'
import { Engine } from './engine.ts'
import { instanceReadinessIn } from './extract.ts'
import type { FindingLevel } from './finding.ts'
import { protectionSummary } from './instance-protection.ts'
import { InstanceId, Tags } from './instance.ts'
import { levelCountsOf, levelsIn } from './item-pages.ts'
import { allOperations } from './operation.ts'
import { Outcome } from './outcome.ts'
import { type CompletedPrecheck, PrecheckId } from './precheck.ts'
import { Verdict } from './readiness.ts'

/** Numbers of a last result, of which metrics are made. */
const Measures = z.strictObject({
  /** From the start of the precheck to its end, ms. */
  durationMs: z.int(),
  /** Whether each operation is safe for the instance, in the order of `allOperations`. */
  verdicts: z.array(Verdict).length(allOperations.length),
  /** Findings: failed, not checked, warnings. */
  findings: z.tuple([z.int(), z.int(), z.int()]),
  /** Work that would have been lost of the worst database, minutes; null: not known. */
  exposureMinutes: z.number().nullable(),
})
type Measures = Readonly<z.infer<typeof Measures>>

/** What of a last result is kept beside it, so that the whole fleet can be shown without reading the results. */
export const Standing = z.strictObject({
  precheckId: PrecheckId,
  outcome: Outcome,
  /** Of the result before; null: it was the first one. */
  previousOutcome: Outcome.nullable(),
  /** UTC. */
  completedAt: z.iso.datetime(),
  /** Findings that came and went since the result before. */
  new: z.int(),
  resolved: z.int(),
  /** Left out by a release before. */
  measures: Measures.optional(),
})
export type Standing = Readonly<z.infer<typeof Standing>>

const findingsIn = ({ results }: CompletedPrecheck): Measures['findings'] => {
  const levels = results.map(({ pages, findings }) => (pages ? levelsIn(pages) : levelCountsOf(findings)))
  const sum = (level: FindingLevel): number => levels.reduce((count, each) => count + each[level], 0)
  return [sum('failed'), sum('error'), sum('warning')]
}

const measuresOf = (precheck: CompletedPrecheck): Measures => {
  const { startedAt, completedAt, results } = precheck
  const instance = instanceReadinessIn(precheck)
  return {
    durationMs: Math.max(0, Date.parse(completedAt) - Date.parse(startedAt)),
    verdicts: allOperations.map((operation) => instance[operation].verdict),
    findings: findingsIn(precheck),
    exposureMinutes: protectionSummary(results)?.worst.exposureMinutes ?? null,
  }
}

export const standingOf = (precheck: CompletedPrecheck): Standing => {
  const { id, outcome, completedAt, comparison } = precheck
  return {
    precheckId: id,
    outcome,
    previousOutcome: comparison.previousOutcome,
    completedAt,
    new: comparison.totals?.new ?? comparison.new.length,
    resolved: comparison.totals?.resolved ?? comparison.resolved.length,
    measures: measuresOf(precheck),
  }
}

/** How an instance that was prechecked once stands. */
export interface InstanceStanding {
  readonly instanceId: string
  /** The precheck that runs; null: none does. */
  readonly runningId: string | null
  /** Null before the first full precheck has ended. */
  readonly last: Standing | null
}

/** What the fleet shows of a registration. */
export const InstanceHead = z.strictObject({
  id: InstanceId,
  engine: Engine,
  region: z.string(),
  tags: Tags,
  enabled: z.boolean(),
})
export type InstanceHead = Readonly<z.infer<typeof InstanceHead>>

/** An instance of the fleet: what it is, and how it stands. */
export interface FleetMember extends InstanceHead, Omit<InstanceStanding, 'instanceId'> {}
