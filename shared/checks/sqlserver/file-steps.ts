import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'
import { type OfDatabase, step } from './step.ts'

type OfFile = Readonly<Record<'database' | 'file', string>>

/**
 * Steps for data files that are not online ("File states", "File restores" of both recovery models and "Recover a
 * database without restoring data", SQL Server manual).
 */
export const fileSteps = {
  showFiles: step('SHOW_FILES', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW ANY DEFINITION',
    en: 'Look at the data files of {database} that are not online.',
    zh: '查看 {database} 中未联机的数据文件。',
    command: ({ database }: OfDatabase) =>
      `SELECT file_id, name, state_desc, physical_name FROM sys.master_files WHERE database_id = DB_ID(${quoteString(database)}) AND type <> 1 AND state_desc NOT IN ('ONLINE', 'DEFUNCT');`,
  }),
  backUpOnlineFilegroups: step('BACK_UP_ONLINE_FILEGROUPS', {
    language: byHand,
    risk: 'online',
    needs: 'db_backupoperator',
    en: 'Until then, back up the filegroups that are online with BACKUP DATABASE … FILEGROUP, and the log.',
    zh: '在此之前，用 BACKUP DATABASE … FILEGROUP 备份已联机的文件组，并备份日志。',
  }),
  /** Fails, and changes nothing, where the file is not as far as the database. */
  recoverFile: step('RECOVER_FILE', {
    language: tsql,
    risk: 'online',
    needs: 'dbcreator',
    en: 'Once {file} can be opened, recover it without restoring it. Where that is refused, it needs backups.',
    zh: '待 {file} 可以打开后，直接恢复该文件而不还原。如果被拒绝，则需要使用备份。',
    command: ({ database, file }: OfFile) =>
      `RESTORE DATABASE ${quoteName(database)} FILE = ${quoteString(file)} WITH RECOVERY;`,
  }),
  restoreFile: step('RESTORE_FILE', {
    language: byHand,
    risk: 'downtime',
    needs: 'dbcreator',
    en: 'Restore {file} of {database} with RESTORE DATABASE … FILE from the last backup that holds it, then all log backups since, the tail last.',
    zh: '使用 RESTORE DATABASE … FILE 从包含 {file} 的最近一次备份还原 {database} 的该文件，再依次还原其后的所有日志备份，最后还原结尾日志。',
  }),
  restoreDatabase: step('RESTORE_DATABASE', {
    language: byHand,
    risk: 'data-loss',
    needs: 'dbcreator',
    en: 'Restore {database} as a whole from its last full and incremental backups: in SIMPLE, {file} alone can be restored only in a read-only filegroup. What was changed since is lost.',
    zh: '使用最近一次全量和增量备份还原整个 {database}：在 SIMPLE 恢复模式下，仅当文件组为只读时才能单独还原 {file}。此后的更改将丢失。',
  }),
  removeFile: step('REMOVE_FILE', {
    language: byHand,
    risk: 'data-loss',
    needs: 'ALTER ANY DATABASE',
    en: 'If nobody needs what is in it any more, remove the file with its filegroup: full backups run without it then.',
    zh: '如果其中的数据已不再需要，请将该文件连同其文件组一并删除：此后全量备份不再包含它。',
  }),
} as const
