import type { BackupCounts } from '../../../shared/flows/backup/backup-line.ts'
import type { BackupStores } from '../../../shared/flows/backup/backup-stores.ts'
import {
  RestoreRefused,
  checkBackup,
  isEmpty,
  restoreBackup,
} from '../../../shared/flows/backup/restore-backup.ts'
import { backupLines } from '../../../shared/flows/backup/write-backup.ts'
import { readLines, writeLines } from './backup-file.ts'
import { version } from './version.ts'

/** Writes all documents of stores to a file, reads it once more, and tells what is in it. */
export const backUp = async (stores: BackupStores, file: string): Promise<BackupCounts> => {
  await writeLines(file, backupLines(stores, { version, at: new Date().toISOString() }))
  return checkBackup(readLines(file))
}

/**
 * Writes the documents of a file to stores that have none, or with `isMerged` also to others. The whole file is checked
 * before anything is written. Rejects with `RestoreRefused`.
 */
export const restoreFrom = async (
  stores: BackupStores,
  file: string,
  isMerged: boolean,
): Promise<BackupCounts> => {
  await checkBackup(readLines(file))
  if (!isMerged && !(await isEmpty(stores)))
    throw new RestoreRefused('There are data already. Give --merge to keep them and add what is missing.')
  return restoreBackup(stores, readLines(file))
}

/** Counts as a person reads them. */
export const countsText = (counts: BackupCounts): string => {
  const kinds = Object.entries(counts).map(([kind, count]) => `${count} ${kind.replaceAll('_', ' ')}`)
  return kinds.length === 0 ? 'nothing' : kinds.join(', ')
}
