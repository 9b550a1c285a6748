import type { Sweep, SweepFilter } from '../../model/sweep.ts'
import type { Sweeps } from '../../ports/sweeps.ts'

interface Deps {
  readonly sweeps: Pick<Sweeps, 'put'>
  readonly now: () => Date
  /** 5 random hex digits. */
  readonly newSweepSuffix: () => string
}

/** A time as it stands in ids of sweeps, YYYY-MM-DDTHHMMSSZ-mmm: the ms as hex digits, so that ids of a second sort too. */
export const idTimeOf = (time: Date): string => {
  const seconds = time.toISOString().slice(0, 19).replaceAll(':', '')
  return `${seconds}Z-${time.getUTCMilliseconds().toString(16).padStart(3, '0')}`
}

/** Asks for a sweep of all instances that a filter lets through, now; the next round of sweeps begins it. */
export const requestSweep = async (deps: Deps, filter: SweepFilter): Promise<Sweep> => {
  const now = deps.now()
  const sweep: Sweep = {
    id: `${idTimeOf(now)}${deps.newSweepSuffix()}`,
    kind: 'requested',
    state: 'running',
    filter,
    listing: { after: null },
    startedAt: now.toISOString(),
    completedAt: null,
    counts: null,
  }
  if (await deps.sweeps.put(sweep.id, sweep, 0)) return sweep
  throw new Error(`Sweep ${sweep.id} already exists`)
}
