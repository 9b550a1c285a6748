import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { rman, sqlplus } from './languages.ts'
import type { OracleRight } from './rights.ts'

const step = stepsFor<OracleRight>('oracle')

/** Every step that keeps a database recoverable, beside those of its archive mode. */
export const recoverySteps = {
  showAreaUsage: step('SHOW_AREA_USAGE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Show what uses the recovery area.',
    zh: '查看恢复区中各类文件占用的空间。',
    command: () =>
      'SELECT file_type, percent_space_used, percent_space_reclaimable, number_of_files FROM v$recovery_area_usage;',
  }),
  /** What RMAN does not know to be backed up, Oracle does not reclaim. */
  backUpLogs: step('BACK_UP_LOGS', {
    language: byHand,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Have the backup plan back up the archived logs, or back them up with RMAN: what is backed up can be reclaimed. Delete archived logs with RMAN only.',
    zh: '由备份计划备份归档日志，或使用 RMAN 备份：已备份的日志可被回收。只能通过 RMAN 删除归档日志。',
  }),
  enlargeArea: step('ENLARGE_AREA', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'If the storage below has room, raise db_recovery_file_dest_size, on a RAC for all instances.',
    zh: '如果底层存储仍有空间，请调大 db_recovery_file_dest_size（RAC 需对所有实例生效）。',
  }),
  showGroups: step('SHOW_GROUPS', {
    language: sqlplus,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Show how full the disk groups are.',
    zh: '查看磁盘组的使用情况。',
    command: () => 'SELECT name, state, total_mb, free_mb, usable_file_mb FROM v$asm_diskgroup_stat;',
  }),
  addDisks: step('ADD_DISKS', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Add disks to the disk group, or archive to another one.',
    zh: '为该磁盘组添加磁盘，或归档到其他磁盘组。',
  }),
  /** Level 0, since a full backup of no level is no base for later incremental ones. */
  takeFull: step('TAKE_FULL', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Take a full backup of level 0, or have the backup plan take one.',
    zh: '执行一次 0 级全量备份，或由备份计划执行。',
    command: () => 'BACKUP INCREMENTAL LEVEL 0 DATABASE PLUS ARCHIVELOG;',
  }),
  takeIncremental: step('TAKE_INCREMENTAL', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Take an incremental backup, or have the backup plan take one.',
    zh: '执行一次增量备份，或由备份计划执行。',
    command: () => 'BACKUP INCREMENTAL LEVEL 1 DATABASE PLUS ARCHIVELOG;',
  }),
  takeLogs: step('TAKE_LOGS', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Back up the archived logs, or have the backup plan do so.',
    zh: '备份归档日志，或由备份计划执行。',
    command: () => 'BACKUP ARCHIVELOG ALL NOT BACKED UP 1 TIMES;',
  }),
  /** "Configuring an Archived Redo Log Deletion Policy", RMAN user's guide. */
  keepLogs: step('KEEP_LOGS', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Find out who deletes archived logs before they are backed up, and let only RMAN delete them, under a deletion policy (CONFIGURE ARCHIVELOG DELETION POLICY TO BACKED UP).',
    zh: '查明在备份之前删除归档日志的程序，只允许 RMAN 按删除策略（CONFIGURE ARCHIVELOG DELETION POLICY TO BACKED UP）删除归档日志。',
  }),
  checkOtherCopies: step('CHECK_OTHER_COPIES', {
    language: byHand,
    risk: 'online',
    needs: 'registration-owner',
    en: 'Register the other copies of the database as well: where its backups are taken, their age is known.',
    zh: '请同时注册该数据库的其他副本：在执行备份的副本上可以得知备份的时间。',
  }),
  keepRecords: step('KEEP_RECORDS', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'Raise control_file_record_keep_time to more days than there are between two full backups.',
    zh: '将 control_file_record_keep_time 调大，使其天数大于两次全量备份的间隔。',
  }),
  showJobs: step('SHOW_JOBS', {
    language: sqlplus,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Show how the last jobs of RMAN ended.',
    zh: '查看最近的 RMAN 作业的结果。',
    command: () =>
      'SELECT input_type, status, start_time, end_time FROM v$rman_backup_job_details ORDER BY start_time DESC FETCH FIRST 20 ROWS ONLY;',
  }),
  mendJob: step('MEND_JOB', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Find the error in the log of the backup job, fix its cause, and run the job again.',
    zh: '在备份作业的日志中查找错误，排除原因后重新执行该作业。',
  }),
  turnOnAutobackup: step('TURN_ON_AUTOBACKUP', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Back up the control file and the server parameter file with every backup.',
    zh: '在每次备份时自动备份控制文件和服务器参数文件。',
    command: () => 'CONFIGURE CONTROLFILE AUTOBACKUP ON;',
  }),
  configureChannel: step('CONFIGURE_CHANNEL', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Configure the channel with the library of the backup product (CONFIGURE CHANNEL DEVICE TYPE SBT PARMS), or make sure that every job allocates its own.',
    zh: '使用备份产品的库配置通道（CONFIGURE CHANNEL DEVICE TYPE SBT PARMS），或确保每个作业自行分配通道。',
  }),
  moveSnapshot: step('MOVE_SNAPSHOT', {
    language: byHand,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Choose a disk group, or a file system that all nodes of the RAC share, and set it with RMAN: CONFIGURE SNAPSHOT CONTROLFILE NAME TO.',
    zh: '选择 RAC 所有节点共享的磁盘组或文件系统，并在 RMAN 中设置：CONFIGURE SNAPSHOT CONTROLFILE NAME TO。',
  }),
  setKeepTime: step('SET_KEEP_TIME', {
    language: sqlplus,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'Have the control file keep its records for {days} days. It grows with them.',
    zh: '使控制文件将记录保留 {days} 天。控制文件会随之增大。',
    command: ({ days }: Readonly<Record<'days', string>>) =>
      `ALTER SYSTEM SET control_file_record_keep_time = ${days};`,
  }),
  /** "Managing the Redo Log" (Administrator's Guide): a member that was just added is INVALID until it is used. */
  mendMember: step('MEND_MEMBER', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'Find out in the alert log why the member cannot be used. If it is new or its file is there again, switch logs until its group was used; else drop the member and add another one.',
    zh: '在告警日志中查明该成员不可用的原因。如果是新成员或文件已恢复，请切换日志直到用过该组；否则删除该成员并添加新成员。',
  }),
  letSnapshotEnd: step('LET_SNAPSHOT_END', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Make sure that no storage snapshot or copy of the data files is being taken that needs the backup mode.',
    zh: '确认没有正在进行的、需要备份模式的存储快照或数据文件复制。',
  }),
  endBackupMode: step('END_BACKUP_MODE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'End the backup mode of all data files.',
    zh: '结束所有数据文件的备份模式。',
    command: () => 'ALTER DATABASE END BACKUP;',
  }),
  letJobEnd: step('LET_JOB_END', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Let the job end, or have the plan start at another time.',
    zh: '等待该作业结束，或将备份计划调整到其他时间。',
  }),
  /** What it would bring back is lost for good. */
  dropRestorePoints: step('DROP_RESTORE_POINTS', {
    language: byHand,
    risk: 'data-loss',
    needs: 'SYSDBA',
    en: 'Drop guaranteed restore points that nobody needs any more: the database cannot be flashed back to them afterwards.',
    zh: '删除不再需要的保证还原点：删除后，数据库无法闪回到这些还原点。',
  }),
} as const
