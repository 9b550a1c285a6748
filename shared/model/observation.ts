import * as z from 'zod'
import { AffectedObject } from './finding.ts'

/**
 * A number that a check item measured, for trends: used space in bytes, an age in minutes. `name` means the same in
 * every precheck, and says the unit at its end: `recovery-area-used-bytes`.
 */
export const Observation = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{2,63}$/),
  object: AffectedObject,
  value: z.number(),
  /** What it must not reach, from whichever side it comes; left out where there is no such thing. */
  limit: z.number().optional(),
})
export type Observation = Readonly<z.infer<typeof Observation>>

/** Name of the age of the last full backup, in minutes: of a database, or of everything. */
export const fullBackupAge = 'full-backup-age-minutes'

/** Of the instance, and of its 20 largest databases. */
export const maxObservations = 64
