/** Pauses between two looks, ms: short at first, since most things are quick, then rare, since every look is a read. */
const firstPauseMs = 20
const maxPauseMs = 500

/** How something is looked for. */
export interface Look<Seen> {
  readonly look: () => Promise<Seen>
  readonly isEnough: (seen: Seen) => boolean
  readonly waitMs: number
  readonly sleep: (ms: number) => Promise<void>
}

/** Looks again and again until it is enough or `waitMs` are over, and gives what was seen last. */
export const lookUntil = async <Seen>({ look, isEnough, waitMs, sleep }: Look<Seen>): Promise<Seen> => {
  let pauseMs = firstPauseMs
  let remainingMs = waitMs
  for (;;) {
    const seen = await look()
    if (isEnough(seen) || remainingMs <= 0) return seen
    const pause = Math.min(pauseMs, remainingMs)
    await sleep(pause)
    remainingMs -= pause
    pauseMs = Math.min(maxPauseMs, pauseMs * 2)
  }
}
