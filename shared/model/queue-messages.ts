import * as z from 'zod'
import { CheckItemId } from './finding.ts'
import { Target } from './instance.ts'
import { ItemResult } from './item-result.ts'
import { PrecheckId } from './precheck.ts'
import { ResultPart, splitResult } from './result-parts.ts'

/**
 * Queue `checks`: run one check item. Holds all that `run-check` needs, since that function has no access to tables;
 * credentials are references.
 */
export const CheckMessage = z.strictObject({
  precheckId: PrecheckId,
  checkItem: CheckItemId,
  /** Every item of the same precheck, since what this one depends on may be among them. Left out: all of the engine. */
  siblings: z.array(CheckItemId).optional(),
  target: Target,
  /** Time limit of this item in ms. */
  limitMs: z.int().positive(),
  deadlineAt: z.iso.datetime(),
  /** In a message that came back: the command on the ECS instance whose answer is awaited, and when the item began (UTC). */
  awaited: z.strictObject({ invocationId: z.string().min(1), startedAt: z.iso.datetime() }).optional(),
})
export type CheckMessage = Readonly<z.infer<typeof CheckMessage>>

/** Queue `results`: one item ended, told in one message or in several, or the deadline of a precheck came (sent at its start, delivered at the deadline). */
export const ResultMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result'), precheckId: PrecheckId, result: ItemResult }),
  z.strictObject({ kind: z.literal('part'), precheckId: PrecheckId, part: ResultPart }),
  z.strictObject({ kind: z.literal('deadline'), precheckId: PrecheckId }),
])
export type ResultMessage = Readonly<z.infer<typeof ResultMessage>>

/** What tells the collector of a result: one message, or several where one cannot hold it. */
export const resultMessages = (precheckId: PrecheckId, result: ItemResult): ResultMessage[] => {
  const parts = splitResult(result)
  if (parts.length === 0) return [{ kind: 'result', precheckId, result }]
  return parts.map((part) => ({ kind: 'part', precheckId, part }))
}
