import { type DueStart, dueStartId, dueStartsIn } from '../../model/due-start.ts'
import { msPerHour } from '../../model/durations.ts'
import { dateAt } from '../../model/local-time.ts'
import { nightScheduleOf } from '../../model/night.ts'
import type { FleetSchedule } from '../../model/schedule.ts'
import type { ScheduleChange } from '../../ports/due-starts.ts'
import type { ScheduledInstance } from '../../ports/instances.ts'
import { nightsToLookAt, scheduledOf } from './due-in-nights.ts'
import { inParallel, valuesOf } from './in-parallel.ts'
import { type SweepDeps, isOver, widthOfRound } from './sweep-round.ts'

/**
 * Keeps the due starts so that every instance that is due is found among them. A change of a schedule is marked before
 * it is written, and looked at here before anything is looked for; once a day, and where the schedule of the fleet is
 * another one, all instances are compared, which also brings in those of a store that had no due starts.
 */

/** Documents read at a time. */
const pageSize = 500

/** A writer that has not written its instance after this time never will, ms. */
const writtenAfterMs = msPerHour

/** For what the due starts have to be compared with all instances. */
export const indexNeeded = (fleet: FleetSchedule, now: Date): string =>
  `${dateAt(now.getTime(), 'UTC')} ${fleet.enabled} ${fleet.at} ${fleet.window}`

type Deps = Pick<
  SweepDeps,
  'instances' | 'dueStarts' | 'scheduleChanges' | 'fleetSchedule' | 'now' | 'steady'
>

/** The starts that are to be found of an instance. */
const startsOf = ({ fleetSchedule, now }: Deps, scheduled: ScheduledInstance | null): readonly DueStart[] => {
  const night = scheduled && nightScheduleOf(scheduled, fleetSchedule)
  return night ? dueStartsIn(night, nightsToLookAt(now()), scheduled.id) : []
}

const putStarts = async ({ dueStarts }: Deps, starts: readonly DueStart[]): Promise<void> => {
  const results = await inParallel(widthOfRound, starts, (start) =>
    dueStarts.put(dueStartId(start), start, 0),
  )
  valuesOf(results)
}

/** Brings one change in, and forgets it once its instance is written, or will not be. */
const indexChange = async (
  deps: Deps,
  { id, instanceId, revision, markedAt }: ScheduleChange,
): Promise<void> => {
  const stored = await deps.instances.get(instanceId)
  await putStarts(deps, startsOf(deps, scheduledOf(stored?.document ?? null)))
  const isWritten = stored !== null && stored.revision >= revision
  const isGivenUp = deps.now().getTime() - Date.parse(markedAt) > writtenAfterMs
  if (isWritten || isGivenUp) await deps.scheduleChanges.remove(id)
}

/** Brings in the changes that are marked; tells whether there was time for all. */
const indexChanges = async (deps: Deps, endsAt: number): Promise<boolean> => {
  let after: string | null = null
  do {
    const page = await deps.scheduleChanges.list({ limit: pageSize, ...(after !== null && { after }) })
    valuesOf(await inParallel(widthOfRound, page.items, ({ document }) => indexChange(deps, document)))
    after = page.next
    if (after !== null && isOver(deps, endsAt)) return false
  } while (after !== null)
  return true
}

const allStartsOf = async ({ dueStarts }: Deps): Promise<Map<string, DueStart>> => {
  const found = new Map<string, DueStart>()
  let after: string | null = null
  do {
    const page = await dueStarts.list({ limit: pageSize, ...(after !== null && { after }) })
    for (const { document } of page.items) found.set(dueStartId(document), document)
    after = page.next
  } while (after !== null)
  return found
}

/**
 * Removes a start that no instance was seen to have, and looks at its instance afterwards: had the schedule become that
 * one meanwhile, whoever brought that in would have found the start still there.
 */
const removeStale = async (deps: Deps, start: DueStart): Promise<void> => {
  await deps.dueStarts.remove(dueStartId(start))
  const stored = await deps.instances.get(start.instanceId)
  const starts = startsOf(deps, scheduledOf(stored?.document ?? null))
  await putStarts(
    deps,
    starts.filter(({ minute }) => minute === start.minute),
  )
}

/**
 * Compares the due starts with the schedules of all instances; tells whether there was time for all. What is done is
 * done, so that the next round gets further; the ids of all starts are held in memory meanwhile, 100 bytes each.
 */
const indexAll = async (deps: Deps, endsAt: number): Promise<boolean> => {
  const stale = await allStartsOf(deps)
  let after: string | null = null
  do {
    const page = await deps.instances.listSchedules({ limit: pageSize, ...(after !== null && { after }) })
    const starts = page.items.flatMap((scheduled) => startsOf(deps, scheduled))
    // `delete` tells which were there.
    const missing = starts.filter((start) => !stale.delete(dueStartId(start)))
    await putStarts(deps, missing)
    after = page.next
    if (missing.length > 0 && after !== null && isOver(deps, endsAt)) return false
  } while (after !== null)
  const toRemove = [...stale.values()]
  for (let from = 0; from < toRemove.length; from += pageSize) {
    if (from > 0 && isOver(deps, endsAt)) return false
    const page = toRemove.slice(from, from + pageSize)
    valuesOf(await inParallel(widthOfRound, page, (start) => removeStale(deps, start)))
  }
  return true
}

/**
 * Makes sure that what is due can be found among the due starts, which have been compared for `indexedFor`; false:
 * there was no time for all of it.
 */
export const indexStarts = async (deps: Deps, endsAt: number, isCompared: boolean): Promise<boolean> => {
  if (!(await indexChanges(deps, endsAt))) return false
  return isCompared || indexAll(deps, endsAt)
}
