import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { rman, sqlplus } from './languages.ts'
import { quoteString } from './quote.ts'
import type { OracleRight } from './rights.ts'

const step = stepsFor<OracleRight>('oracle')

type OfFile = Readonly<Record<'file', string>>

/** Shows the data files that need recovery, and why. */
export const showFilesToRecover =
  'SELECT f.con_id, f.file#, f.name, f.status, r.error FROM v$datafile f JOIN v$recover_file r ON r.file# = f.file#;'

/** Shows the blocks that are recorded as corrupt. */
export const showCorruption = 'SELECT * FROM v$database_block_corruption;'

/** Shows the last change without redo of every data file that had one. */
export const showUnrecoverable =
  'SELECT con_id, file#, name, unrecoverable_time, first_nonlogged_time FROM v$datafile WHERE unrecoverable_change# > 0 OR first_nonlogged_scn > 0;'

/** Every step that makes data files whole, and their backups. */
export const fileSteps = {
  showFilesToRecover: step('SHOW_FILES_TO_RECOVER', {
    language: sqlplus,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Show all data files that need recovery, and why.',
    zh: '查看所有需要恢复的数据文件及原因。',
    command: () => showFilesToRecover,
  }),
  mendStorage: step('MEND_STORAGE', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Check that the storage of {file} is mounted and that the account of Oracle may read it. If the file is back, the next two steps are not needed. If its tablespace was given up on purpose, drop the tablespace instead.',
    zh: '请确认 {file} 所在存储已挂载，且 Oracle 账号可以读取。如果文件已恢复可用，则无需执行后面两步。如果其表空间已有意弃用，请改为删除该表空间。',
  }),
  restoreFile: step('RESTORE_FILE', {
    language: rman,
    risk: 'downtime',
    needs: 'SYSBACKUP',
    en: 'Restore {file} from its last backup. Take it offline first where the database is open.',
    zh: '从最近一次备份还原 {file}。如果数据库已打开，请先将其脱机。',
    command: ({ file }: OfFile) => `RESTORE DATAFILE ${quoteString(file)};`,
  }),
  recoverFile: step('RECOVER_FILE', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Apply the archived logs to {file}, and so to every other file of the first step.',
    zh: '对 {file} 应用归档日志，并对第一步列出的其他文件执行相同操作。',
    command: ({ file }: OfFile) => `RECOVER DATAFILE ${quoteString(file)};`,
  }),
  bringFileOnline: step('BRING_FILE_ONLINE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Bring {file} online, in the container that it belongs to, and so every other file.',
    zh: '在所属容器中将 {file} 联机，并对其他文件执行相同操作。',
    command: ({ file }: OfFile) => `ALTER DATABASE DATAFILE ${quoteString(file)} ONLINE;`,
  }),
  /** A standby gets what its primary has. */
  refreshFile: step('REFRESH_FILE', {
    language: byHand,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'On the standby, with redo apply stopped, restore {file} and every other file of the first step from the primary (RMAN: RESTORE DATAFILE … FROM SERVICE), bring them online, and start redo apply again.',
    zh: '在备库上停止重做应用，从主库还原 {file} 以及第一步列出的其他文件（RMAN：RESTORE DATAFILE … FROM SERVICE），将其联机，然后重新启动重做应用。',
  }),
  showCorruption: step('SHOW_CORRUPTION', {
    language: sqlplus,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Show which blocks are corrupt.',
    zh: '查看损坏的数据块。',
    command: () => showCorruption,
  }),
  /** Needs a full or level 0 backup from before, Enterprise Edition, and every archived log since. */
  recoverBlocks: step('RECOVER_BLOCKS', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Recover all blocks that are recorded as corrupt from a backup that is whole. Without Enterprise Edition, restore and recover the data files instead.',
    zh: '使用完好的备份恢复所有记录为损坏的数据块。如果不是企业版，请改为还原并恢复数据文件。',
    command: () => 'RECOVER CORRUPTION LIST;',
  }),
  validateDatabase: step('VALIDATE_DATABASE', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Read all data files once, which brings the list of corrupt blocks up to date. It takes as long as a full backup.',
    zh: '完整读取一遍所有数据文件，以更新损坏块列表。耗时与全量备份相当。',
    command: () => 'VALIDATE DATABASE;',
  }),
  rebuildObjects: step('REBUILD_OBJECTS', {
    language: byHand,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Find the segments of these blocks in DBA_EXTENTS. Rebuild indexes; load or import tables again. Redo for the blocks does not exist, or carries the damage, so that no backup brings them back.',
    zh: '在 DBA_EXTENTS 中查找这些数据块所属的段。索引请重建；表请重新加载或导入。这些数据块没有重做日志，或重做日志中已含损坏，因此无法通过备份恢复。',
  }),
  /** Oracle 12.2. */
  recoverNonlogged: step('RECOVER_NONLOGGED', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'On the standby, with redo apply stopped, fetch the blocks from the primary (Oracle 12.2 or later; otherwise restore the data files from the primary).',
    zh: '在备库上停止重做应用后，从主库获取这些数据块（Oracle 12.2 及以上版本；否则请从主库还原数据文件）。',
    command: () => 'RECOVER DATABASE NONLOGGED BLOCK;',
  }),
  backUpIncrementally: step('BACK_UP_INCREMENTALLY', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Back up now, at least incrementally: a backup from after the change has the blocks.',
    zh: '请立即备份（至少增量备份）：更改之后的备份才包含这些数据块。',
    command: () => 'BACKUP INCREMENTAL LEVEL 1 DATABASE;',
  }),
  /** Waits for operations without redo that are under way. */
  forceLogging: step('FORCE_LOGGING', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'If that is not to happen again, have every change write redo. It waits for changes without redo that are under way, and bulk loads take longer from then on.',
    zh: '如需避免再次发生，请强制所有更改写入重做日志。该语句会等待正在进行的 NOLOGGING 操作完成，此后批量加载会变慢。',
    command: () => 'ALTER DATABASE FORCE LOGGING;',
  }),
  forceLoggingOnPrimary: step('FORCE_LOGGING_ON_PRIMARY', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'On the primary, have every change write redo: ALTER DATABASE FORCE LOGGING. A standby cannot get what was never written.',
    zh: '在主库上强制所有更改写入重做日志：ALTER DATABASE FORCE LOGGING。未写入的更改无法传送到备库。',
  }),
} as const
