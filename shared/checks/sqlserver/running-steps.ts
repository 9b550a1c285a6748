import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { step } from './step.ts'

/** Steps for backups and restores that run. */
export const runningSteps = {
  showRunning: step('SHOW_RUNNING', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW SERVER STATE',
    en: 'See which backups and restores run, and how far they are.',
    zh: '查看正在执行的备份和还原及其进度。',
    command: () =>
      "SELECT r.session_id, r.command, r.percent_complete, r.start_time, t.text FROM sys.dm_exec_requests AS r CROSS APPLY sys.dm_exec_sql_text(r.sql_handle) AS t WHERE r.command LIKE 'BACKUP%' OR r.command LIKE 'RESTORE%';",
  }),
  waitForThem: step('WAIT_FOR_THEM', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Wait until they end, or move one of two plans that meet to another time.',
    zh: '等待其结束；如果两个备份计划的时间冲突，请调整其中一个。',
  }),
} as const
