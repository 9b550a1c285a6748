import { msPerHour, msPerMinute } from '../../model/durations.ts'
import { dateAt, daysLater } from '../../model/local-time.ts'
import { type Sweep, type SweepEntry, wasMissed } from '../../model/sweep.ts'
import { dateOf } from './list-running-sweeps.ts'
import { inParallel } from './in-parallel.ts'
import { type SweepDeps, faultsOf, widthOfRound } from './sweep-round.ts'

/** Documents read at a time. */
const pageSize = 100

/** The starts of a night may be so many days after its date, by UTC, on the clocks that are farthest behind. */
const windowDays = 2

type Deps = Pick<SweepDeps, 'sweeps' | 'sweepEntries' | 'realNights' | 'now' | 'log'>

/** The nights of this date or later, newest first. */
const nightsFrom = async ({ sweeps }: Pick<Deps, 'sweeps'>, date: string): Promise<readonly Sweep[]> => {
  const found: Sweep[] = []
  let after: string | null = null
  do {
    const page = await sweeps.list({ limit: pageSize, ...(after !== null && { after }) })
    found.push(...page.items.map(({ document }) => document).filter((sweep) => dateOf(sweep) >= date))
    after = found.at(-1)?.id === page.items.at(-1)?.document.id ? page.next : null
  } while (after !== null)
  return found.filter(({ kind }) => kind === 'nightly')
}

/** What a clock did that was ahead by less than this, ms, was done in the night that it was for. */
const sameNightMs = 12 * msPerHour

/** Whether an entry is the doing of a clock that was ahead: of a night that is to come, or of a start that is not too late. */
const isMistaken = (entry: SweepEntry, now: string, aheadMs: number): boolean => {
  const { dueAt, endedAt } = entry
  if (aheadMs > sameNightMs && dueAt > now) return true
  return wasMissed(entry) && endedAt !== null && endedAt > now
}

/** Forgets an entry. Whoever was started for it not long ago is not started in the real night again. */
const forgetEntry = async (deps: Deps, aheadMs: number, entry: SweepEntry): Promise<void> => {
  await deps.sweepEntries.remove([entry.sweepId, entry.instanceId])
  if (entry.startedAt === null) return
  deps.realNights.note(entry.instanceId, deps.now().getTime() + aheadMs - Date.parse(entry.startedAt))
}

/** Forgets what is mistaken in a night; tells whether anything is left of it. */
const forgetOf = async (deps: Deps, aheadMs: number, sweepId: string): Promise<boolean> => {
  const now = deps.now().toISOString()
  let after: string | null = null
  let isLeft = false
  do {
    const page = await deps.sweepEntries.list({
      group: sweepId,
      limit: pageSize,
      ...(after !== null && { after }),
    })
    const entries = page.items.map(({ document }) => document)
    const mistaken = entries.filter((entry) => isMistaken(entry, now, aheadMs))
    const results = await inParallel(widthOfRound, mistaken, (entry) => forgetEntry(deps, aheadMs, entry))
    const [fault] = faultsOf(results, () => sweepId)
    if (fault) throw new Error(`${sweepId} could not be forgotten`, { cause: fault.cause })
    isLeft ||= mistaken.length < entries.length
    after = page.next
  } while (after !== null)
  return isLeft
}

/**
 * Forgets the nights that have not come yet, after the wall clock was set back: they were dealt with by a clock that
 * was ahead, and would count as done when they come. So it does with what that clock found to be too late. `aheadMs`:
 * by how much it was. May end anywhere and be repeated.
 */
export const forgetFutureNights = async (deps: Deps, aheadMs: number): Promise<void> => {
  const first = daysLater(dateAt(deps.now().getTime(), 'UTC'), -windowDays)
  for (const { id } of await nightsFrom(deps, first)) {
    if (!(await forgetOf(deps, aheadMs, id))) await deps.sweeps.remove(id)
  }
  deps.log.warn('sweep.clock-set-back', { minutes: Math.round(aheadMs / msPerMinute) })
}
