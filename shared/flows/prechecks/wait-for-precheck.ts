import type { Precheck } from '../../model/precheck.ts'
import type { Results } from '../../ports/results.ts'
import { lookUntil } from './look-until.ts'

interface Deps {
  readonly results: Pick<Results, 'get'>
  readonly sleep: (ms: number) => Promise<void>
}

/** The precheck as soon as it has ended, or as it stands after `waitMs`; null if there is none. */
export const waitForPrecheck = async (
  { results, sleep }: Deps,
  precheckId: string,
  waitMs: number,
): Promise<Precheck | null> => {
  const stored = await lookUntil({
    look: () => results.get(precheckId),
    isEnough: (seen) => seen?.precheck.state !== 'running',
    waitMs,
    sleep,
  })
  return stored?.precheck ?? null
}
