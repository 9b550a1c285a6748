import type { Instance } from '../../model/instance.ts'
import { maintenanceAt } from '../../model/maintenance.ts'
import type { Message } from '../../model/message.ts'
import type { NotRunCode, SweepEntry } from '../../model/sweep.ts'
import { isMissed } from './latest-start.ts'

/** Why an instance was not prechecked in a sweep. */
export const notRun = (code: NotRunCode, params: Message['params'] = {}): Message => ({ code, params })

/** Why an instance is not to be started now, or null. Null for an instance: it is not registered any more. */
export const whyNotRun = (instance: Instance | null, latestAt: number, now: Date): Message | null => {
  if (isMissed(latestAt, now)) return notRun('WINDOW_MISSED', { latestAt: new Date(latestAt).toISOString() })
  if (!instance?.definition.enabled) return notRun('INSTANCE_REMOVED')
  const open = maintenanceAt(instance.definition, now)
  return open && notRun('MAINTENANCE_WINDOW', { reason: open.reason, until: open.until.toISOString() })
}

/** The entry of an instance that is not prechecked. */
export const withoutRun = (entry: SweepEntry, reason: Message, now: Date): SweepEntry => ({
  ...entry,
  status: 'not_run',
  endedAt: now.toISOString(),
  notRun: reason,
})
