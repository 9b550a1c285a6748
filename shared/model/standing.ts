import * as z from 'zod'
import { Engine } from './engine.ts'
import { InstanceId, Tags } from './instance.ts'
import { Outcome } from './outcome.ts'
import { type CompletedPrecheck, PrecheckId } from './precheck.ts'

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
})
export type Standing = Readonly<z.infer<typeof Standing>>

export const standingOf = ({ id, outcome, completedAt, comparison }: CompletedPrecheck): Standing => ({
  precheckId: id,
  outcome,
  previousOutcome: comparison.previousOutcome,
  completedAt,
  new: comparison.totals?.new ?? comparison.new.length,
  resolved: comparison.totals?.resolved ?? comparison.resolved.length,
})

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
