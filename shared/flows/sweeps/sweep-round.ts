import type { FanOut } from '../../model/fan-out.ts'
import type { CheckMessage, ResultMessage } from '../../model/queue-messages.ts'
import type { FleetSchedule } from '../../model/schedule.ts'
import type { NotificationMessage } from '../../webhooks/model/delivery.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Log } from '../../ports/log.ts'
import type { Queue } from '../../ports/queue.ts'
import type { Results } from '../../ports/results.ts'
import type { SweepEntries, Sweeps } from '../../ports/sweeps.ts'
import type { Webhooks } from '../../webhooks/stores.ts'
import type { Limits } from '../prechecks/start-precheck.ts'

/** What sweeps need. */
export interface SweepDeps {
  readonly instances: Pick<Instances, 'get' | 'list' | 'listSchedules'>
  readonly results: Pick<Results, 'create' | 'get'>
  readonly sweeps: Sweeps
  readonly sweepEntries: SweepEntries
  readonly checks: Queue<CheckMessage>
  readonly resultQueue: Queue<ResultMessage>
  readonly webhooks: Pick<Webhooks, 'list'>
  readonly notifications: Queue<NotificationMessage>
  /** Of the prechecks of a sweep, which wait for each other: longer than those of one that somebody waits for. */
  readonly sweepLimits: Limits
  readonly fanOut: FanOut
  readonly log: Log
  readonly fleetSchedule: FleetSchedule
  /** Prechecks of all sweeps that may run at a time. */
  readonly sweepConcurrency: number
  /** Seconds over which the check items of one round are spread, so that those of a precheck that somebody waits for find a place. */
  readonly spreadSeconds: number
  readonly now: () => Date
  readonly newPrecheckId: () => string
}

/** One round over all sweeps. */
export interface SweepRound {
  /** When it has to end, ms since 1970. */
  readonly endsAt: number
  /** Prechecks that may still be started. */
  room: number
  /** What went wrong. It keeps nothing else waiting, and what is open is tried again in the next round. */
  readonly faults: RoundFault[]
}

/** What went wrong in a round. `at`: the instance or the sweep. */
export interface RoundFault {
  readonly at: string
  readonly cause: unknown
}

/** Writes that are under way at a time: enough to share the commits of a disk, few enough for the connections of a function. */
export const widthOfRound = 64

/** True when the round has to end: what is left is for the next one. */
export const isOver = ({ now }: Pick<SweepDeps, 'now'>, { endsAt }: Pick<SweepRound, 'endsAt'>): boolean =>
  now().getTime() >= endsAt

/** Does one part of a round. What goes wrong with it is noted, and keeps no other part from being done. */
export const attempt = async <Value>(
  { faults }: Pick<SweepRound, 'faults'>,
  at: string,
  work: () => Promise<Value>,
  otherwise: Value,
): Promise<Value> => {
  try {
    return await work()
  } catch (cause) {
    faults.push({ at, cause })
    return otherwise
  }
}
