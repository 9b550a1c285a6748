import type { Precheck } from '../../model/precheck.ts'
import type { Results } from '../../ports/results.ts'

interface Deps {
  readonly results: Pick<Results, 'get'>
  readonly sleep: (ms: number) => Promise<void>
}

/** Pauses between two looks, ms: short at first, since most prechecks are quick, then rare, since every look is a read. */
const firstPauseMs = 20
const maxPauseMs = 500

/** The precheck as soon as it has ended, or as it stands after `waitMs`; null if there is none. */
export const waitForPrecheck = async (
  { results, sleep }: Deps,
  precheckId: string,
  waitMs: number,
): Promise<Precheck | null> => {
  let pauseMs = firstPauseMs
  let remainingMs = waitMs
  for (;;) {
    const stored = await results.get(precheckId)
    if (stored?.precheck.state !== 'running' || remainingMs <= 0) return stored?.precheck ?? null
    const pause = Math.min(pauseMs, remainingMs)
    await sleep(pause)
    remainingMs -= pause
    pauseMs = Math.min(maxPauseMs, pauseMs * 2)
  }
}
