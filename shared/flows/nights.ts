import { msPerDay, msPerMinute } from '../model/durations.ts'
import type { Page, PageRequest } from '../model/page.ts'
import { type Sweep, type SweepCounts, sweepCountsOf } from '../model/sweep.ts'
import { documentsOf } from '../ports/documents.ts'
import type { DueStarts } from '../ports/due-starts.ts'
import type { SweepEntries, Sweeps } from '../ports/sweeps.ts'

/** Nights that a month may have. */
const maxNights = 31

/** A night with its counts; those of one that runs are as of now. */
export interface CountedNight {
  readonly night: Sweep
  readonly counts: SweepCounts
}

/** The counts of a sweep as they are now. */
export const countsNow = async (
  { sweepEntries }: { readonly sweepEntries: Pick<SweepEntries, 'count'> },
  { id, counts }: Pick<Sweep, 'id' | 'counts'>,
): Promise<SweepCounts> => counts ?? sweepCountsOf(await sweepEntries.count(id))

/** The nights of a month (YYYY-MM), newest first. */
export const nightsOfMonth = async (
  deps: { readonly sweeps: Pick<Sweeps, 'list'>; readonly sweepEntries: Pick<SweepEntries, 'count'> },
  month: string,
): Promise<readonly CountedNight[]> => {
  const page = await deps.sweeps.list({
    limit: maxNights,
    // "~" sorts after every character that an id may hold.
    after: `${month}~`,
    before: month,
    isWanted: ({ kind }) => kind === 'nightly',
  })
  return Promise.all(
    documentsOf(page).items.map(async (night) => ({ night, counts: await countsNow(deps, night) })),
  )
}

/** When an instance is prechecked next, ms since 1970. */
export interface NextStart {
  readonly instanceId: string
  readonly dueAt: number
}

/** The next time that it is so many minutes after 00:00 UTC of some day, ms since 1970. */
const nextAt = (minute: number, now: number): number => {
  const first = minute * msPerMinute
  return first + (Math.floor((now - first) / msPerDay) + 1) * msPerDay
}

/**
 * When instances are prechecked in the next 24 hours, by the time of day in UTC: what is kept for the rounds of the
 * schedule is shown as it is. A change of a schedule is in it after the next round; an instance that has none any more
 * is out of it after a day, and one whose clock is about to be changed is in it twice.
 */
export const nextStarts = async (
  { dueStarts, now }: { readonly dueStarts: Pick<DueStarts, 'list'>; readonly now: () => Date },
  page: PageRequest,
): Promise<Page<NextStart>> => {
  const { items, next } = documentsOf(await dueStarts.list(page))
  const from = now().getTime()
  return {
    items: items.map(({ minute, instanceId }) => ({ instanceId, dueAt: nextAt(minute, from) })),
    next,
  }
}
