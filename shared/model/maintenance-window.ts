import * as z from 'zod'
import { fieldMessage } from './field-message.ts'
import { TimeOfDay, TimeZone, UtcTime } from './schedule.ts'

const reason = z.string().min(1).max(256)

/** A window that comes once, UTC. */
const OneOff = z
  .strictObject({ reason, from: UtcTime, until: UtcTime })
  // What is not a time has been reported already, and is neither before nor after.
  .refine(({ from, until }) => !(Date.parse(until) <= Date.parse(from)), {
    path: ['until'],
    message: fieldMessage({ en: 'must be after from', zh: '须晚于 from' }),
  })

export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
export type Weekday = z.infer<typeof Weekday>

/** A window that comes every week. */
const Weekly = z.strictObject({
  reason,
  weekdays: z.array(Weekday).min(1).max(7),
  at: TimeOfDay.describe('When it begins, HH:MM on the clock of timeZone.'),
  minutes: z.int().min(1).max(1440).describe('How long it lasts, up to a day.'),
  timeZone: TimeZone.optional().describe(
    'IANA time zone. Left out: that of the schedule, else of the region.',
  ),
})

/** A time in which no scheduled precheck of an instance is started. */
export const MaintenanceWindow = z.union([OneOff, Weekly])
export type MaintenanceWindow = Readonly<z.infer<typeof MaintenanceWindow>>
