import { msPerDay, msPerHour } from '../../model/durations.ts'
import type { FleetSchedule } from '../../model/schedule.ts'
import type { Instance } from '../../model/instance.ts'
import { maintenanceAt } from '../../model/maintenance.ts'
import type { Message } from '../../model/message.ts'
import { duesBetween, nightScheduleOf, shareOf } from '../../model/night.ts'
import type { Trigger } from '../../model/precheck.ts'
import type { NotRunCode, SweepEntry } from '../../model/sweep.ts'
import { inParallel } from './in-parallel.ts'
import { startPrecheckOf } from '../prechecks/start-precheck.ts'
import { type SweepDeps, type SweepRound, attempt, isOver, widthOfRound } from './sweep-round.ts'

/** An instance whose start in a sweep has come. */
export interface DueInstance {
  readonly sweepId: string
  readonly instanceId: string
  /** UTC. */
  readonly dueAt: string
  /** After this time it is too late, ms since 1970. */
  readonly latestAt: number
}

/** How much later than the end of its window an instance is still started after an outage: backups of the night come soon after. */
const graceMs = msPerHour

/** What somebody asked for a day ago is not wanted any more. */
const requestedForMs = msPerDay

/** The latest start of an instance whose window ends at `windowEndsAt`; both ms since 1970. */
export const latestInNight = (windowEndsAt: number): number => windowEndsAt + graceMs

/** The latest start in a sweep that was asked for at `dueAt` (UTC), ms since 1970. */
export const latestOfRequested = (dueAt: string): number => Date.parse(dueAt) + requestedForMs

/** A sweep that was asked for has the time in its id. */
const isNightly = ({ sweepId }: Pick<SweepEntry, 'sweepId'>): boolean => !sweepId.includes('T')

const triggerOf = (entry: SweepEntry): Trigger => (isNightly(entry) ? 'schedule' : 'request')

/** The latest start of an entry that stands already. Where the schedule was changed since, nothing is known of its window. */
export const latestOf = (fleet: FleetSchedule, entry: SweepEntry, instance: Instance): number => {
  if (!isNightly(entry)) return latestOfRequested(entry.dueAt)
  const { id, definition } = instance
  const { region, schedule = {} } = definition
  const night = nightScheduleOf({ id, region, schedule }, fleet)
  const dueAt = Date.parse(entry.dueAt)
  const [due] = night ? duesBetween(night, dueAt - 1, dueAt) : []
  return latestInNight(due?.windowEndsAt ?? dueAt)
}

const message = (code: NotRunCode, params: Message['params'] = {}): Message => ({ code, params })

/** True if it is too late to start an instance. */
export const isMissed = (latestAt: number, now: Date): boolean => now.getTime() > latestAt

/** Why an instance is not to be started now, or null. Null for an instance: it is not registered any more. */
export const whyNotRun = (instance: Instance | null, latestAt: number, now: Date): Message | null => {
  if (isMissed(latestAt, now)) {
    return message('WINDOW_MISSED', { latestAt: new Date(latestAt).toISOString() })
  }
  if (!instance?.definition.enabled) return message('INSTANCE_REMOVED')
  const open = maintenanceAt(instance.definition, now)
  return open && message('MAINTENANCE_WINDOW', { reason: open.reason, until: open.until.toISOString() })
}

/** An entry of an instance that was not prechecked. */
export const withoutRun = (entry: SweepEntry, notRun: Message, now: Date): SweepEntry => ({
  ...entry,
  status: 'not_run',
  endedAt: now.toISOString(),
  notRun,
})

/** Ends a precheck whose deadline has passed, once more; one whose deadline is still to come is left to run. */
export const sendDeadline = ({ resultQueue }: SweepDeps, precheckId: string): Promise<void> =>
  resultQueue.send([{ kind: 'deadline', precheckId }])

/** Starts the precheck of an entry under the id that was set aside for it, and notes that. May be repeated. */
export const startEntry = async (deps: SweepDeps, entry: SweepEntry, instance: Instance): Promise<void> => {
  const { instanceId, precheckId } = entry
  const request = {
    instanceId,
    precheckId,
    trigger: triggerOf(entry),
    repeatable: null,
    delaySeconds: shareOf(instanceId, deps.spreadSeconds),
  }
  const started = await startPrecheckOf({ ...deps, limits: deps.sweepLimits }, instance, request)
  const now = deps.now()
  if ('value' in started) {
    await deps.sweepEntries.update({ ...entry, status: 'started', startedAt: now.toISOString() }, 'starting')
    return
  }
  const { code, detail, context = {} } = started.failure
  if (code !== 'PRECHECK_RUNNING') throw new Error(`could not be started: ${detail}`)
  const { precheckId: running } = context
  // Had its deadline been lost, it would run for ever, and be in the way every night.
  if (running !== undefined) await sendDeadline(deps, running)
  await deps.sweepEntries.update(withoutRun(entry, message(code, context), now), 'starting')
}

/**
 * Enters an instance into a sweep, once, and starts its precheck or says why not. An entry that stands already is left
 * to the settling of open ones. Rejects if it could not be entered; a start that fails is noted in the round, since the
 * entry is there.
 */
const startDue = async (deps: SweepDeps, round: SweepRound, due: DueInstance): Promise<void> => {
  const { latestAt, ...about } = due
  const now = deps.now()
  const instance = isMissed(latestAt, now) ? null : await deps.instances.get(due.instanceId)
  const notRun = whyNotRun(instance, latestAt, now)
  const entry: SweepEntry = {
    ...about,
    precheckId: deps.newPrecheckId(),
    status: 'starting',
    startedAt: null,
    endedAt: null,
    notRun: null,
  }
  const entered = notRun ? withoutRun(entry, notRun, now) : entry
  const standing = await deps.sweepEntries.add(entered)
  if (!instance || notRun || standing.precheckId !== entry.precheckId) return
  round.room -= 1
  await attempt(round, due.instanceId, () => startEntry(deps, entry, instance), undefined)
}

/**
 * Enters instances into sweeps and starts them, as far as there is time, and tells how many of them from the front on
 * have their entry: where the next round has to go on. The first ones are started in any case, so that every round gets
 * on. An instance that could not be entered is noted in the round.
 */
export const startDues = async (
  deps: SweepDeps,
  round: SweepRound,
  dues: readonly DueInstance[],
): Promise<number> => {
  let entered = dues.length
  await inParallel(widthOfRound, [...dues.entries()], async ([index, due]) => {
    const enter = () => startDue(deps, round, due).then(() => true)
    const isInTime = index < widthOfRound || !isOver(deps, round)
    const isEntered = isInTime && (await attempt(round, due.instanceId, enter, false))
    if (!isEntered) entered = Math.min(entered, index)
  })
  return entered
}
