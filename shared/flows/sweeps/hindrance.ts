import { type SharedHost, sharedHostOf } from '../../model/host-slots.ts'
import type { Instance } from '../../model/instance.ts'
import { maintenanceAt } from '../../model/maintenance.ts'
import type { Message } from '../../model/message.ts'
import type { NotRunCode, Sweep, SweepEntry, Waiting } from '../../model/sweep.ts'
import { isMissed } from './latest-start.ts'
import type { SweepDeps } from './sweep-round.ts'

/** Why an instance was not prechecked in a sweep. */
export const notRun = (code: NotRunCode, params: Message['params'] = {}): Message => ({ code, params })

/** Why an instance is not started now: it is not prechecked in this sweep, or has to wait. */
export type Hindrance = { readonly notRun: Message } | { readonly waiting: Waiting }

const utc = (ms: number): string => new Date(ms).toISOString()

type Deps = Pick<SweepDeps, 'now' | 'hostLimit'>

/**
 * What keeps an instance from being started now, or null. Null for an instance: it is not registered any more. The end
 * of a maintenance window is waited for in a night alone, and only where it is not too late then.
 */
export const hindranceOf = (
  { now, hostLimit }: Deps,
  kind: Sweep['kind'],
  instance: Instance | null,
  latestAt: number,
): Hindrance | null => {
  if (isMissed(latestAt, now())) return { notRun: notRun('WINDOW_MISSED', { latestAt: utc(latestAt) }) }
  if (!instance?.definition.enabled) return { notRun: notRun('INSTANCE_REMOVED') }
  const open = maintenanceAt(instance.definition, now())
  if (!open) return null
  const from = open.until.toISOString()
  const reason = notRun('MAINTENANCE_WINDOW', { reason: open.reason, until: from })
  if (kind === 'requested' || isMissed(latestAt, open.until)) return { notRun: reason }
  const { id } = sharedHostOf(instance.definition, hostLimit)
  return { waiting: { reason, hostId: id, from, until: utc(latestAt) } }
}

/** Waits for a slot of its host. `latestAt`: ms since 1970. */
export const waitingForSlot = (
  { hostLimit }: Pick<Deps, 'hostLimit'>,
  { id, name }: SharedHost,
  latestAt: number,
): Waiting => ({
  reason: notRun('HOST_BUSY', { host: name, limit: hostLimit.perHost }),
  hostId: id,
  until: utc(latestAt),
})

/** An entry without what is said of one that waits. */
export const notWaiting = (entry: SweepEntry): SweepEntry => {
  const { waiting: _, ...others } = entry
  return others
}

/** An entry as a hindrance leaves it. */
export const hindered = (entry: SweepEntry, hindrance: Hindrance, now: Date): SweepEntry =>
  'waiting' in hindrance
    ? { ...entry, status: 'waiting', waiting: hindrance.waiting }
    : { ...notWaiting(entry), status: 'not_run', endedAt: now.toISOString(), notRun: hindrance.notRun }
