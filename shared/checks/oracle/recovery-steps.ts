import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { sqlplus } from './languages.ts'
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
  /** What it would bring back is lost for good. */
  dropRestorePoints: step('DROP_RESTORE_POINTS', {
    language: byHand,
    risk: 'data-loss',
    needs: 'SYSDBA',
    en: 'Drop guaranteed restore points that nobody needs any more: the database cannot be flashed back to them afterwards.',
    zh: '删除不再需要的保证还原点：删除后，数据库无法闪回到这些还原点。',
  }),
} as const
