import type { CallEnd } from './calls.ts'
import { subjectOf } from './suspects.ts'

/** Messages whose server sent more than it may the last time, by what they are about. */
export interface Costly {
  readonly has: (body: string) => boolean
  readonly note: (body: string, end: CallEnd) => void
}

/** Nobody is costly at first. */
export const noneCostly = (): Costly => {
  const known = new Set<string>()
  // Nearly always there are none, and then no message need be read for it.
  const has = (body: string): boolean => known.size > 0 && known.has(subjectOf(body))
  return {
    has,
    note: (body, { hasExceeded }) => {
      if (hasExceeded) known.add(subjectOf(body))
      else if (has(body)) known.delete(subjectOf(body))
    },
  }
}
