import * as z from 'zod'
import type { CompletedPrecheck } from '../../../shared/model/precheck.ts'
import { protectionSeen } from '../../../shared/model/precheck.ts'
import {
  LastBackup,
  type LastBackup as Last,
  ProtectedDatabase,
  type ProtectedDatabase as Row,
  ProtectionState,
  ProtectionTotals,
  stateIn,
  stateNow,
} from '../../../shared/model/protection.ts'

const BackupView = LastBackup.omit({ minutes: true })
  .extend({ at: z.iso.datetime().describe('UTC, to the minute.') })
  .meta({ id: 'LastBackup' })

const DatabaseView = ProtectedDatabase.extend({
  full: BackupView.nullable(),
  incremental: BackupView.nullable(),
  log: BackupView.nullable(),
  exposureMinutes: ProtectedDatabase.shape.exposureMinutes.describe(
    'Minutes of work that were lost if the server died at `asOf`; null: not known.',
  ),
}).meta({ id: 'ProtectedDatabase' })

/** What would be lost of an instance. */
export const ProtectionView = z
  .strictObject({
    instanceId: z.string(),
    precheckId: z.string(),
    state: ProtectionState.describe('That of the worst database; unknown where the precheck is too old.'),
    asOf: z.iso.datetime().nullable().describe('When the precheck looked; null: it could not see it.'),
    maxAgeHours: z.number().nullable().describe('After these it is not known any more.'),
    totals: ProtectionTotals.nullable().describe('Databases by how they stood at `asOf`.'),
    databases: z.array(DatabaseView).describe('Worst first; of very many, the worst.'),
  })
  .meta({ id: 'Protection' })
export type ProtectionView = z.infer<typeof ProtectionView>

/** A backup with when it was taken instead of how old it was. */
const backupView = (backup: Last | null, asOf: string): z.infer<typeof BackupView> | null => {
  if (!backup) return null
  const { minutes, ...rest } = backup
  const minute = Math.floor(Date.parse(asOf) / 60_000) - Math.round(minutes)
  return { ...rest, at: new Date(minute * 60_000).toISOString() }
}

const databaseView = (row: Row, asOf: string, isBelieved: boolean): z.infer<typeof DatabaseView> => ({
  ...row,
  full: backupView(row.full, asOf),
  incremental: backupView(row.incremental, asOf),
  log: backupView(row.log, asOf),
  ...(!isBelieved && { state: 'unknown', exposureMinutes: null }),
})

/** Shows what a last result says of what would be lost, as far as it may still be believed. */
export const protectionView = ({ id, instanceId, results }: CompletedPrecheck, now: Date): ProtectionView => {
  const seen = protectionSeen(results)
  const head = { instanceId, precheckId: id }
  if (!seen) {
    return { ...head, state: 'unknown', asOf: null, maxAgeHours: null, totals: null, databases: [] }
  }
  const { asOf, protection } = seen
  const { maxAgeHours, totals, databases } = protection
  const isBelieved = stateNow('protected', { asOf, maxAgeHours }, now) === 'protected'
  return {
    ...head,
    state: isBelieved ? stateIn(protection) : 'unknown',
    asOf,
    maxAgeHours,
    totals,
    databases: databases.map((row) => databaseView(row, asOf, isBelieved)),
  }
}
