import type { ItemStatus } from '../../model/item-result.ts'
import type { Params, Text } from '../../model/message.ts'

/** Why a probe could not answer: a code of the problem catalogue and what fills its text. */
export interface Problem {
  readonly code: string
  readonly params: Params
}

/** One entry of the problem catalogue. */
export interface ProblemDefinition {
  /** Says what is wrong. */
  readonly text: Text
  /** Says what to do about it. */
  readonly advice: Text
  /** Status of an item whose probe met the problem. */
  readonly status: Extract<ItemStatus, 'error' | 'timed_out'>
}
