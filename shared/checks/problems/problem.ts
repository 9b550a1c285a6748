import type { ItemStatus } from '../../model/item-result.ts'
import type { Params, Text } from '../../model/message.ts'

/** Why a probe could not answer: a code of the problem catalogue and what fills its text. */
export interface Problem {
  readonly code: string
  readonly params: Params
}

/** An error number as the server, its driver or the system gives it: `ORA-01017`, `NJS-518`, `18456`, `ECONNREFUSED`. */
export type ErrorNumber = string | number

/** One entry of the problem catalogue. */
export interface ProblemDefinition {
  /** Says what is wrong. */
  readonly text: Text
  /** Says what to do about it. */
  readonly advice: Text
  /** Status of an item that ends for this reason. */
  readonly status: Extract<ItemStatus, 'error' | 'timed_out' | 'skipped'>
  /** The error numbers that mean it; none where no number alone does. */
  readonly numbers?: readonly ErrorNumber[]
  /** It concerns the statement that met it and no other: an optional one is left without an answer, the next is asked. */
  readonly isOfStatement?: true
}
