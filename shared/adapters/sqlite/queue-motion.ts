/** Whether a queue gets on. */
export interface QueueMotion {
  /** Messages have become deliverable for the first time. */
  readonly arrived: (count: number) => void
  /** One of them is done. */
  readonly handled: () => void
  /** For how long none was done although there were some, ms; 0 while there are none. */
  readonly stalledMs: () => number
}

/** `open`: messages that are deliverable already. `clock`: one that counts evenly, ms. */
export const queueMotion = (open: number, clock: () => number): QueueMotion => {
  let left = open
  let movedAt = clock()
  return {
    arrived: (count) => {
      if (left === 0) movedAt = clock()
      left += count
    },
    handled: () => {
      left = Math.max(0, left - 1)
      movedAt = clock()
    },
    stalledMs: () => (left > 0 ? clock() - movedAt : 0),
  }
}
