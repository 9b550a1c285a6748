import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { type OfDatabase, step } from './step.ts'

/** Steps for the place of backups in an availability group. */
export const groupSteps = {
  showSecondaries: step('SHOW_SECONDARIES', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW SERVER STATE',
    en: 'Show how far each replica of {database} is behind, and why.',
    zh: '查看 {database} 各副本的滞后程度和原因。',
    command: ({ database }: OfDatabase) =>
      `SELECT r.replica_server_name, s.synchronization_health_desc, s.suspend_reason_desc, s.last_commit_time, s.log_send_queue_size, s.redo_queue_size FROM sys.dm_hadr_database_replica_states AS s JOIN sys.availability_replicas AS r ON r.replica_id = s.replica_id JOIN sys.databases AS d ON d.group_database_id = s.group_database_id WHERE d.name = ${quoteString(database)};`,
  }),
  healSecondary: step('HEAL_SECONDARY', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Bring the secondary replicas online and let them catch up: free their network and disks, and resume data movement that was suspended.',
    zh: '使次要副本联机并追上主要副本：疏通其网络和磁盘，并恢复已挂起的数据移动。',
  }),
  choosePreference: step('CHOOSE_PREFERENCE', {
    language: byHand,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Until then take the backups on the primary: set AUTOMATED_BACKUP_PREFERENCE of the availability group to PRIMARY or SECONDARY, which lets the primary take them when no secondary can.',
    zh: '在此之前请在主要副本上备份：将可用性组的 AUTOMATED_BACKUP_PREFERENCE 设置为 PRIMARY 或 SECONDARY（无可用次要副本时由主要副本备份）。',
  }),
} as const
