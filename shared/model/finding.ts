import { createHash } from 'node:crypto'
import * as z from 'zod'
import { Evidence } from './evidence.ts'
import { Message } from './message.ts'
import { Operation } from './operation.ts'
import { Remediation } from './remediation.ts'

/** Id of a check item, as the precheck API of the product spells it, for example `ARCHIVELOG`. */
export const CheckItemId = z.string().regex(/^[A-Z][A-Z0-9_]{2,63}$/)
export type CheckItemId = z.infer<typeof CheckItemId>

/** What a finding is about. `name` is as the engine reports it, unquoted. */
export const AffectedObject = z.strictObject({
  type: z.enum(['instance', 'database', 'pluggable-database']),
  name: z.string(),
})
export type AffectedObject = Readonly<z.infer<typeof AffectedObject>>

/**
 * How much a finding weighs for the operations that the instance plans: `failed` blocks one of them, `error` means
 * that one of them could not be judged, `warning` touches some operation, `note` is worth knowing only.
 */
export const FindingLevel = z.enum(['failed', 'error', 'warning', 'note'])
export type FindingLevel = z.infer<typeof FindingLevel>

/** What a finding does to operations on its object. An operation is in one of the lists at most. */
export const Effect = z.strictObject({
  /** The operation would fail. */
  blocks: z.array(Operation),
  /** The operation runs, with a risk or a loss that the message names. */
  degrades: z.array(Operation),
  /** Whether the operation would work could not be determined: its verdict is shown as `unknown`. */
  obscures: z.array(Operation),
  /** The object does not support this operation by design, which is not a failure. */
  limits: z.array(Operation),
})
export type Effect = Readonly<z.infer<typeof Effect>>

/** Who accepted a finding, why and until when (UTC). */
export const FindingAcknowledgement = z.strictObject({
  id: z.string(),
  reason: z.string(),
  author: z.string(),
  expiresAt: z.iso.datetime(),
  /** How much the finding weighs when nobody accepts it. */
  level: FindingLevel,
})
export type FindingAcknowledgement = Readonly<z.infer<typeof FindingAcknowledgement>>

/** One affected object of a check item: what was observed, what was expected, what it means and how to fix it. */
export const Finding = z.strictObject({
  /** Stable identity: the same condition of the same object has the same fingerprint in every precheck. */
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  checkItem: CheckItemId,
  object: AffectedObject,
  level: FindingLevel,
  message: Message,
  observed: Evidence,
  expected: Evidence,
  ...Effect.shape,
  remediation: Remediation.nullable(),
  /** Why it counts as a warning only; left out where nobody has acknowledged it. */
  acknowledgement: FindingAcknowledgement.optional(),
})
export type Finding = Readonly<z.infer<typeof Finding>>

/**
 * Weighs an effect against the planned operations: what blocks a planned operation fails, what blocks only
 * operations that nobody plans is a warning.
 */
export const levelOf = (effect: Effect, planned: readonly Operation[]): FindingLevel => {
  const isPlanned = (operation: Operation) => planned.includes(operation)
  if (effect.blocks.some(isPlanned)) return 'failed'
  if (effect.obscures.some(isPlanned)) return 'error'
  const touchesSome = effect.blocks.length + effect.degrades.length + effect.obscures.length > 0
  return touchesSome ? 'warning' : 'note'
}

/** Fingerprint of a finding: 64 bits of the SHA-256 of what identifies it, in hex. */
export const fingerprintOf = (
  instanceId: string,
  checkItem: CheckItemId,
  code: string,
  object: AffectedObject,
): string =>
  createHash('sha256')
    .update(JSON.stringify([instanceId, checkItem, code, object.type, object.name]))
    .digest('hex')
    .slice(0, 16)
