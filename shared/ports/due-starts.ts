import * as z from 'zod'
import { DueStart } from '../model/due-start.ts'
import { InstanceId } from '../model/instance.ts'
import type { DocumentKind, Documents } from './documents.ts'

/**
 * When instances are due at night, in the order of their minutes (`dueStartId`). Where to look, and not what is so:
 * every instance that is due has its start here, and one that is here may have another schedule by now, or be gone.
 */
export const dueStartKind: DocumentKind<DueStart> = {
  table: 'due_starts',
  keyColumns: ['start_id'],
  schema: DueStart,
  order: 'ascending',
}

/** That the schedule of an instance is about to change: at `revision` of its document it has. */
export const ScheduleChange = z.strictObject({
  id: z.string(),
  instanceId: InstanceId,
  revision: z.int().positive(),
  markedAt: z.iso.datetime(),
})
export type ScheduleChange = Readonly<z.infer<typeof ScheduleChange>>

/** Changes of schedules that the due starts do not show yet, by random ids; written before the instance itself. */
export const scheduleChangeKind: DocumentKind<ScheduleChange> = {
  table: 'schedule_changes',
  keyColumns: ['change_id'],
  schema: ScheduleChange,
  order: 'ascending',
}

export type DueStarts = Documents<DueStart>
export type ScheduleChanges = Documents<ScheduleChange>
