import type { FanOut } from '../../model/fan-out.ts'
import type { HostLimit } from '../../model/host-slots.ts'
import type { ResultMessage } from '../../model/queue-messages.ts'
import type { FleetSchedule } from '../../model/schedule.ts'
import type { DueStarts, ScheduleChanges } from '../../ports/due-starts.ts'
import type { HostSlotsStore } from '../../ports/host-slots.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Log } from '../../ports/log.ts'
import type { Queue } from '../../ports/queue.ts'
import type { RealNights } from '../../ports/real-nights.ts'
import type { BeginPrecheck, Results } from '../../ports/results.ts'
import type { Clocks } from '../../ports/steady-clock.ts'
import type { SweepClocks, SweepEntries, Sweeps } from '../../ports/sweeps.ts'
import type { NotificationMessage } from '../../webhooks/model/delivery.ts'
import type { Webhooks } from '../../webhooks/stores.ts'
import type { Limits, StartDeps } from '../prechecks/start-precheck.ts'
import type { RoundSlots } from './round-slots.ts'

/** What sweeps need. */
export interface SweepDeps extends Clocks {
  readonly instances: Pick<Instances, 'get' | 'list' | 'listSchedules'>
  readonly dueStarts: Pick<DueStarts, 'put' | 'list' | 'remove'>
  readonly scheduleChanges: Pick<ScheduleChanges, 'list' | 'remove'>
  readonly results: Pick<Results, 'get'>
  readonly begin: BeginPrecheck
  /** The policies as they are now. */
  readonly currentPolicies: StartDeps['currentPolicies']
  readonly sweeps: Pick<Sweeps, 'get' | 'put' | 'update' | 'list' | 'remove'>
  readonly sweepEntries: Pick<SweepEntries, 'put' | 'list' | 'count' | 'remove'>
  readonly sweepClock: Pick<SweepClocks, 'get' | 'put'>
  readonly hostSlots: Pick<HostSlotsStore, 'get' | 'put'>
  readonly resultQueue: Queue<ResultMessage>
  readonly webhooks: Pick<Webhooks, 'list'>
  readonly notifications: Queue<NotificationMessage>
  /** Of the prechecks of a sweep, which wait for each other: longer than those of one that somebody waits for. */
  readonly sweepLimits: Limits
  readonly fanOut: FanOut
  readonly log: Log
  readonly fleetSchedule: FleetSchedule
  /** Prechecks of all sweeps that may run at a time in any case. */
  readonly sweepConcurrency: number
  /** And where as many end between two rounds; no more than in any case if it is less. */
  readonly maxSweepConcurrency: number
  readonly hostLimit: HostLimit
  /** Seconds over which the check items of one round are spread, so that those of a precheck that somebody waits for find a place. */
  readonly spreadSeconds: number
  readonly realNights: RealNights
  readonly newPrecheckId: () => string
}

/** What a round needs: the slots are those that it has taken and found taken. */
export interface SweepRound extends SweepDeps {
  readonly slots: RoundSlots
}

/** What a part of a round has to go by. */
export interface RoundLimits {
  /** When the round has to end, ms of the steady clock. */
  readonly endsAt: number
  /** Prechecks that may still be started. */
  readonly room: number
}

/** What went wrong in a round. `at`: the instance or the sweep. */
export interface RoundFault {
  readonly at: string
  readonly cause: unknown
}

/** What a part of a round started, and what went wrong with it: that is tried again in the next round. */
export interface RoundWork {
  /** Prechecks that were started, each of which takes room. */
  readonly started: number
  readonly faults: readonly RoundFault[]
}

/** What went wrong among results; `at` names what the one of an index is of. */
export const faultsOf = (
  results: readonly PromiseSettledResult<unknown>[],
  at: (index: number) => string,
): readonly RoundFault[] =>
  results.flatMap((result, index) => {
    if (result.status === 'fulfilled') return []
    const cause: unknown = result.reason
    return [{ at: at(index), cause }]
  })

export const noWork: RoundWork = { started: 0, faults: [] }

/** The work of two parts, one after the other. */
export const addWork = (one: RoundWork, other: RoundWork): RoundWork => ({
  started: one.started + other.started,
  faults: [...one.faults, ...other.faults],
})

export const withFault = (work: RoundWork, fault: RoundFault): RoundWork => ({
  ...work,
  faults: [...work.faults, fault],
})

/** Writes that are under way at a time: enough to share the commits of a disk, few enough for the connections of a function. */
export const widthOfRound = 64

/** True when the round has to end: what is left is for the next one. */
export const isOver = ({ steady }: Pick<SweepDeps, 'steady'>, endsAt: number): boolean =>
  steady.ms() >= endsAt

/** Does one part of a round. What goes wrong with it keeps no other part from being done. */
export const attemptPart = async <Value>(
  at: string,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly fault: RoundFault }> => {
  try {
    return { value: await work() }
  } catch (cause) {
    return { fault: { at, cause } }
  }
}
