import * as z from 'zod'
import { CheckItemId } from './finding.ts'
import { Target } from './instance.ts'
import { ItemResult } from './item-result.ts'
import { PrecheckId } from './precheck.ts'

/**
 * Queue `checks`: run a check item, or all database items of a precheck over one connection (`together`). Holds all
 * that `run-check` needs, since that function has no access to tables; credentials are references.
 */
export const CheckMessage = z.strictObject({
  precheckId: PrecheckId,
  checkItem: CheckItemId,
  /** Database items that are asked after this one over its connection; left out where it is asked alone. */
  together: z.array(CheckItemId).min(1).optional(),
  /** Database items that wait for this one to reach the database: each of them logs in by itself, so that none does in vain. */
  followers: z.array(CheckItemId).min(1).optional(),
  /** Every item of the same precheck, since what this one depends on may be among them. Left out: all of the engine. */
  siblings: z.array(CheckItemId).optional(),
  target: Target,
  /** Time limit of one item in ms. */
  limitMs: z.int().positive(),
  deadlineAt: z.iso.datetime(),
  /** In a message that came back: the command on the ECS instance whose answer is awaited, and when the item began (UTC). */
  awaited: z.strictObject({ invocationId: z.string().min(1), startedAt: z.iso.datetime() }).optional(),
})
export type CheckMessage = Readonly<z.infer<typeof CheckMessage>>

/** Queue `results`: one item ended, or the deadline of a precheck came (sent at its start, delivered at the deadline). */
export const ResultMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result'), precheckId: PrecheckId, result: ItemResult }),
  z.strictObject({ kind: z.literal('deadline'), precheckId: PrecheckId }),
])
export type ResultMessage = Readonly<z.infer<typeof ResultMessage>>
