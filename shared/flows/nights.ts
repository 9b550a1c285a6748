import { msPerDay } from '../model/durations.ts'
import { duesBetween, nightScheduleOf } from '../model/night.ts'
import type { Page, PageRequest } from '../model/page.ts'
import type { FleetSchedule } from '../model/schedule.ts'
import { type Sweep, type SweepCounts, sweepCountsOf } from '../model/sweep.ts'
import { documentsOf } from '../ports/documents.ts'
import type { Instances, ScheduledInstance } from '../ports/instances.ts'
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

interface PlanDeps {
  readonly instances: Pick<Instances, 'listSchedules'>
  readonly fleetSchedule: FleetSchedule
  readonly now: () => Date
}

/** Read at a time. */
const batch = 5000

/**
 * When the instances are prechecked in the next 24 hours, in the order of their ids; those that are not are left out.
 * Maintenance windows are not looked at.
 */
export const nextStarts = async (
  { instances, fleetSchedule, now }: PlanDeps,
  { limit, after }: PageRequest,
): Promise<Page<NextStart>> => {
  const from = now().getTime()
  const startsOf = (scheduled: ScheduledInstance): NextStart[] => {
    const night = nightScheduleOf(scheduled, fleetSchedule)
    const [first] = night ? duesBetween(night, from, from + msPerDay) : []
    return first ? [{ instanceId: scheduled.id, dueAt: first.dueAt }] : []
  }
  const items: NextStart[] = []
  let read = 0
  let next: string | null = after ?? ''
  while (next !== null && read < limit) {
    const page: Page<ScheduledInstance> = await instances.listSchedules({
      limit: Math.min(batch, limit - read),
      ...(next !== '' && { after: next }),
    })
    items.push(...page.items.flatMap(startsOf))
    read += page.items.length
    next = page.next
  }
  return { items, next }
}
