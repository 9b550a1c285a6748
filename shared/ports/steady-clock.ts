import type { Moment } from '../model/deadline.ts'

/**
 * A clock that counts evenly, whatever is done to the wall clock: all durations and limits go by it. Its readings mean
 * nothing to another one; `id` tells them apart.
 */
export interface SteadyClock {
  readonly id: string
  /** ms since some moment. */
  readonly ms: () => number
}

/** Both clocks: what is shown and scheduled goes by `now`. */
export interface Clocks {
  readonly now: () => Date
  readonly steady: SteadyClock
}

/** What both clocks say now. */
export const momentOf = ({ now, steady }: Clocks): Moment => ({
  wallMs: now().getTime(),
  clock: steady.id,
  steadyMs: steady.ms(),
})
