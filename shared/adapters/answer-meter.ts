import type { answerLimitProblems } from '../checks/problems/answer-limits.ts'

const mebibyte = 1_048_576

/**
 * What one server may send. SQL Server has 32,767 databases at most ("Maximum capacity specifications"). Of each of
 * them the widest statement, the history of its backups, reads 35 columns: 1,146,845 values, and 34 MB where every
 * account has the longest name. Oracle has 4,098 pluggable databases at most ("Logical database limits", Database
 * Reference), of which each instance of a RAC tells 5 columns.
 */
export const answerLimits = {
  /** Nearly twice as many as the widest statement reads. */
  columns: 64,
  /** Three times the databases of SQL Server; the pluggable databases of 24 instances. */
  rows: 100_000,
  /** What 32,767 databases have, of which there cannot be more; the whole standard set over them runs in a heap of 300 MB. */
  values: 1_200_000,
  /** Everything but rows: a server says a handful of things about a statement. */
  messages: 1000,
  /**
   * Bytes of a row, a message or, with Oracle, of a fetch of 100 rows. The drivers read a part from its beginning again
   * and again until all of it is there, which takes them longer by the square of it.
   */
  partBytes: mebibyte,
  /** A sixth more than the 34 MB of above. */
  statementBytes: 40 * mebibyte,
  /** All statements of the standard set over such a server: 67 MB with the longest names, 29 MB with usual ones. */
  sessionBytes: 80 * mebibyte,
} as const
export type AnswerLimit = keyof typeof answerLimits

/** The problem that each limit means. */
export const codeOfLimit: Readonly<Record<AnswerLimit, keyof typeof answerLimitProblems>> = {
  columns: 'ANSWER_COLUMNS_EXCEEDED',
  rows: 'ANSWER_ROWS_EXCEEDED',
  values: 'ANSWER_VALUES_EXCEEDED',
  messages: 'ANSWER_MESSAGES_EXCEEDED',
  partBytes: 'ANSWER_PART_TOO_LARGE',
  statementBytes: 'ANSWER_TOO_LARGE',
  sessionBytes: 'SESSION_TOO_LARGE',
}

/** Counts what one server sends in one session. What counts returns false from the moment that a limit is passed. */
export interface AnswerMeter {
  readonly startStatement: () => void
  /** Nothing has come yet. */
  readonly isSilent: () => boolean
  /** A row, a message or a fetch begins. */
  readonly startPart: () => void
  /** `inTls`: they came out of TLS, so that the same bytes may have been counted outside of it. */
  readonly bytes: (count: number, inTls: boolean) => boolean
  /** An answer has so many columns. */
  readonly columns: (count: number) => boolean
  /** Another row, with so many values. */
  readonly row: (values: number) => boolean
  /** Another message that is not a row. */
  readonly message: () => boolean
}

/** `onExceeded` is called once, with the first limit that is passed; `onBytes` whenever bytes come in. */
export const answerMeter = (
  onExceeded: (limit: AnswerLimit) => void,
  onBytes: () => void = () => undefined,
): AnswerMeter => {
  let isOver = false
  let bytesOutside = 0
  let bytesInside = 0
  let statementFrom = 0
  let partFrom = 0
  let rows = 0
  let values = 0
  let messages = 0

  const total = (): number => Math.max(bytesOutside, bytesInside)
  const isWithin = (limit: AnswerLimit, count: number): boolean => {
    if (!isOver && count > answerLimits[limit]) {
      isOver = true
      onExceeded(limit)
    }
    return !isOver
  }

  return {
    isSilent: () => total() === 0,
    startStatement: () => {
      statementFrom = total()
      partFrom = total()
      rows = 0
      values = 0
      messages = 0
    },
    startPart: () => {
      partFrom = total()
    },
    bytes: (count, inTls) => {
      onBytes()
      if (inTls) bytesInside += count
      else bytesOutside += count
      return (
        isWithin('partBytes', total() - partFrom) &&
        isWithin('statementBytes', total() - statementFrom) &&
        isWithin('sessionBytes', total())
      )
    },
    columns: (count) => isWithin('columns', count),
    row: (count) => {
      rows += 1
      values += count
      return isWithin('rows', rows) && isWithin('values', values)
    },
    message: () => {
      messages += 1
      return isWithin('messages', messages)
    },
  }
}
