import { BackupRecord } from '../model/backup-record.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** What came of the backups of the instances, by their ids. */
export const backupRecordKind: DocumentKind<BackupRecord> = {
  table: 'backup_records',
  keyColumns: ['instance_id'],
  schema: BackupRecord,
  order: 'ascending',
}

export type BackupRecords = Documents<BackupRecord>
