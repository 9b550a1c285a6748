/** Whether a process dies before or after a write has had its effect. */
export type Moment = 'before' | 'after'

/** Lets a process die at one of its writes. */
export interface Strikes {
  /** The `write`-th write from now on (from 1) is the last one of the process that does it; 0: none. */
  readonly plan: (write: number, moment: Moment) => void
  /** Counts a write and tells when its process dies, if it does. */
  readonly next: () => Moment | undefined
  /** Whether what was planned has happened. */
  readonly isStruck: () => boolean
}

export const planStrikes = (): Strikes => {
  let left = 0
  let planned: Moment = 'before'
  let isStruck = false
  return {
    plan: (write, moment) => {
      left = write
      planned = moment
      isStruck = false
    },
    next: () => {
      left -= 1
      if (left !== 0) return undefined
      isStruck = true
      return planned
    },
    isStruck: () => isStruck,
  }
}
