import * as z from 'zod'
import type { ItemResult } from './item-result.ts'

/** The verdict over a whole precheck. `inconclusive`: nothing failed, and not everything could be determined. */
export const Outcome = z.enum(['passed', 'warning', 'failed', 'inconclusive'])
export type Outcome = z.infer<typeof Outcome>

/** Reason code of an item that was skipped because this instance does not need it: the only skip that may stand beside a green outcome. */
export const notApplicable = 'NOT_APPLICABLE'

/**
 * Reason code of an item that is not essential and was skipped because the login may not ask what it needs. It leaves
 * nothing open in the outcome, but its findings of before are neither still there nor resolved.
 */
export const rightMissing = 'RIGHT_MISSING'

type Ended = Pick<ItemResult, 'status' | 'reason'>

const isOpenQuestion = ({ status, reason }: Ended): boolean => {
  if (status === 'skipped') return reason?.code !== notApplicable && reason?.code !== rightMissing
  return status === 'error' || status === 'timed_out'
}

/** True for an item that says nothing at all, where one that was determined for some objects has findings that say for which it was not. */
export const isUnanswered = (item: Ended): boolean => item.reason !== null && isOpenQuestion(item)

/** True for an item that could not see what it judges, whether or not that leaves anything open. */
export const isBlind = (item: Ended): boolean => isUnanswered(item) || item.reason?.code === rightMissing

/** Rolls items up: any failed, else any open question, else any warning, else passed; nothing run is inconclusive. */
export const outcomeOf = (items: readonly Ended[]): Outcome => {
  const has = (status: ItemResult['status']) => items.some((item) => item.status === status)
  if (has('failed')) return 'failed'
  if (items.some(isOpenQuestion)) return 'inconclusive'
  if (has('warning')) return 'warning'
  return has('passed') ? 'passed' : 'inconclusive'
}
