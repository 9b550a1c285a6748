/** Longest delay of a timer in Node.js, ms; an alarm further away is set again then. */
const maxTimerMs = 2 ** 31 - 1

/** A single timer that can only be moved nearer, until it goes off. */
export interface Alarm {
  /** Sees to it that the alarm goes off at `at` (ms of its clock) at the latest. */
  readonly setBy: (at: number) => void
  readonly stop: () => void
}

/** An alarm that calls `ring` by a clock that counts evenly, ms; does not keep the process alive. */
export const alarm = (ring: () => void, clock: () => number): Alarm => {
  let timer: NodeJS.Timeout | undefined
  let setFor = Number.POSITIVE_INFINITY

  const goOff = (): void => {
    setFor = Number.POSITIVE_INFINITY
    ring()
  }

  return {
    setBy: (at) => {
      if (at >= setFor) return
      clearTimeout(timer)
      setFor = at
      timer = setTimeout(goOff, Math.min(Math.max(0, at - clock()), maxTimerMs)).unref()
    },
    stop: () => clearTimeout(timer),
  }
}
