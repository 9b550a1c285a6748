import * as z from 'zod'
import { Engine } from '../../model/engine.ts'
import { CheckItemId, Finding } from '../../model/finding.ts'
import { InstanceId } from '../../model/instance.ts'
import { ItemStatus } from '../../model/item-result.ts'
import { Locale } from '../../model/message.ts'
import { Operation } from '../../model/operation.ts'
import { Outcome } from '../../model/outcome.ts'
import { PrecheckId, Trigger } from '../../model/precheck.ts'
import { ProtectedDatabase, ProtectionTotals } from '../../model/protection.ts'
import { InstanceCell } from '../../model/readiness.ts'
import { RenderedStep } from '../../model/remediation.ts'
import { Sweep, SweepCounts, SweepEntryStatus, SweepId, SweepTroubled } from '../../model/sweep.ts'

const Named = Finding.pick({ fingerprint: true, checkItem: true, object: true, level: true })

/** A step of a fix in the language of the event; one that cannot be typed safely stands in the remediation script. */
const EventStep = RenderedStep.omit({ escapedCommand: true })
export type EventStep = Readonly<z.infer<typeof EventStep>>

/**
 * A finding as an event shows it. `new` and `still`: against the last result; `returned`: it was acknowledged then, and
 * counts again; `acknowledged`: somebody has accepted it, so that it weighs as a warning.
 */
export const EventFinding = z.strictObject({
  ...Named.shape,
  change: z.enum(['new', 'still', 'returned', 'acknowledged']),
  /** UTC; start of the precheck that saw it first in an unbroken row. */
  since: z.iso.datetime(),
  text: z.string(),
  blocks: z.array(Operation),
  /** The first steps that fix it, in order; each is complete. */
  fix: z.array(EventStep),
  /** Steps after these. */
  moreSteps: z.int(),
})
export type EventFinding = Readonly<z.infer<typeof EventFinding>>

/** A check item that was not determined: why, and what to do. */
const UndeterminedItem = z.strictObject({
  checkItem: CheckItemId,
  status: ItemStatus,
  /** Against the last result. */
  change: z.enum(['new', 'still']),
  title: z.string(),
  text: z.string(),
  advice: z.string(),
})

const ResolvedFinding = z.strictObject({ ...Named.shape, since: z.iso.datetime(), text: z.string() })

/** Operations that are blocked for an object. */
const BlockedObject = z.strictObject({ object: Finding.shape.object, operations: z.array(Operation) })

/** The summary of an operation over the instance. */
const OperationReadiness = InstanceCell.pick({ verdict: true, databases: true, coverage: true })
export type OperationReadiness = Readonly<z.infer<typeof OperationReadiness>>

/** How many there are in all; the lists hold the first ones, as far as they fit. */
const Totals = z.strictObject({
  blocked: z.int(),
  findings: z.int(),
  undetermined: z.int(),
  resolved: z.int(),
})

/** Tells of one precheck. Texts are in `locale`; times are UTC; `links` are paths of the API. */
export const PrecheckData = z.strictObject({
  kind: z.literal('precheck'),
  locale: Locale,
  precheckId: PrecheckId,
  instanceId: InstanceId,
  engine: Engine,
  region: z.string(),
  trigger: Trigger,
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  outcome: Outcome,
  previousOutcome: Outcome.nullable(),
  /** UTC; start of the precheck since which nothing is new; null where something is, and where that is not known. */
  unchangedSince: z.iso.datetime().nullable(),
  totals: Totals,
  /** Of every operation that the instance plans. */
  readiness: z.partialRecord(Operation, OperationReadiness),
  blocked: z.array(BlockedObject),
  /** Worst first, without notes. */
  findings: z.array(EventFinding),
  undetermined: z.array(UndeterminedItem),
  resolved: z.array(ResolvedFinding),
  links: z.strictObject({
    precheck: z.string(),
    remediation: z.string(),
    instance: z.string(),
    readiness: z.string(),
  }),
})
export type PrecheckData = Readonly<z.infer<typeof PrecheckData>>

/** Tells of a sweep that is completed. */
export const SweepData = z.strictObject({
  kind: z.literal('sweep'),
  locale: Locale,
  sweepId: SweepId,
  sweep: Sweep.shape.kind,
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
  counts: SweepCounts.nullable(),
  /** Instances that did not end well, the first 20 of each kind; `counts` says how many there are. */
  troubled: SweepTroubled,
  links: z.strictObject({ sweep: z.string() }),
})
export type SweepData = Readonly<z.infer<typeof SweepData>>

/** An instance that did not come well through a night. */
const NightTrouble = z.strictObject({
  instanceId: InstanceId,
  status: SweepEntryStatus.extract(['failed', 'inconclusive', 'not_run']),
  /** Against the last result before; null for one that was not run. */
  change: z.enum(['new', 'still']).nullable(),
  /** UTC; since when it is unchanged; null where it is not, and where that is not known. */
  since: z.iso.datetime().nullable(),
  /** Null where there is no precheck (any more). */
  precheckId: PrecheckId.nullable(),
  blocks: z.array(Operation),
  /** How many there are. */
  totals: Totals.pick({ findings: true, undetermined: true }),
  /** The worst one, with the first step of its fix. */
  worst: EventFinding.nullable(),
  /** The first check item that was not determined. */
  undetermined: UndeterminedItem.nullable(),
  /** Why it was not run. */
  notRun: z.string().nullable(),
})
export type NightTrouble = Readonly<z.infer<typeof NightTrouble>>

/** What became of the instances of a night that a webhook is for. */
export const NightData = z.strictObject({
  kind: z.literal('night'),
  locale: Locale,
  night: SweepId,
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  counts: SweepCounts,
  /** `changed`: instances in trouble that were not, or not so, before. */
  totals: z.strictObject({ troubled: z.int(), changed: z.int(), recovered: z.int() }),
  /** What is news first: the first 20, as far as they fit. */
  troubled: z.array(NightTrouble),
  /** The first 20. */
  recovered: z.array(InstanceId),
  links: z.strictObject({ night: z.string() }),
})
export type NightData = Readonly<z.infer<typeof NightData>>

/** Tells of prechecks of a night that did not start in time. */
export const MissedData = z.strictObject({
  kind: z.literal('missed'),
  locale: Locale,
  night: SweepId,
  /** Of how many instances of the night that the webhook is for. */
  totals: z.strictObject({ missed: z.int(), instances: z.int() }),
  /** The first 20. */
  instances: z.array(InstanceId),
  /** UTC; when the first and the last of them were due. */
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  links: z.strictObject({ night: z.string() }),
})
export type MissedData = Readonly<z.infer<typeof MissedData>>

const ProtectionEntry = ProtectedDatabase.pick({
  database: true,
  state: true,
  chain: true,
  exposureMinutes: true,
  objectiveMinutes: true,
  worstExposureMinutes7d: true,
})

/** Tells that more would be lost of an instance than may be, or no more. As of `asOf` (UTC). */
export const ProtectionData = z.strictObject({
  kind: z.literal('protection'),
  locale: Locale,
  precheckId: PrecheckId,
  instanceId: InstanceId,
  engine: Engine,
  region: z.string(),
  change: z.enum(['at-risk', 'restored']),
  asOf: z.iso.datetime(),
  totals: ProtectionTotals,
  /** Worst first, without those that are protected: the first 20. */
  databases: z.array(ProtectionEntry),
  links: z.strictObject({ precheck: z.string(), instance: z.string(), protection: z.string() }),
})
export type ProtectionData = Readonly<z.infer<typeof ProtectionData>>

/** Shows what an event looks like. Nothing of it is real, as `text` says. */
export const SampleData = z.strictObject({
  kind: z.literal('sample'),
  locale: Locale,
  text: z.string(),
  example: PrecheckData,
})
export type SampleData = Readonly<z.infer<typeof SampleData>>
