import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { type OfDatabase, step } from './step.ts'

/** Steps for pages that could not be read ("Manage the suspect_pages table", SQL Server manual). */
export const suspectPageSteps = {
  showPages: step('SHOW_PAGES', {
    language: tsql,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Look at the pages of {database} that could not be read.',
    zh: '查看 {database} 中无法正确读取的页。',
    command: ({ database }: OfDatabase) =>
      `SELECT file_id, page_id, event_type, error_count, last_update_date FROM msdb.dbo.suspect_pages WHERE database_id = DB_ID(${quoteString(database)});`,
  }),
  forgetPages: step('FORGET_PAGES', {
    language: tsql,
    risk: 'online',
    needs: 'sysadmin',
    en: 'If the check found no errors, the errors were transient: remove their records of {database}, and have the disks examined.',
    zh: '如果检查未发现错误，则为瞬时错误：删除 {database} 的这些记录，并检查磁盘。',
    command: ({ database }: OfDatabase) =>
      `DELETE FROM msdb.dbo.suspect_pages WHERE database_id = DB_ID(${quoteString(database)}) AND event_type IN (1, 2, 3);`,
  }),
  restorePages: step('RESTORE_PAGES', {
    language: byHand,
    risk: 'downtime',
    needs: 'dbcreator',
    en: 'If the check found errors, restore the pages, or the database, from the last full backup without damage and all log backups since.',
    zh: '如果检查发现错误，请使用最近一次无损坏的全量备份及其后的所有日志备份还原这些页或整个数据库。',
  }),
  forgetRepaired: step('FORGET_REPAIRED', {
    language: tsql,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Remove the records of pages that were restored, repaired or deallocated, so that new errors are recorded again.',
    zh: '删除已还原、已修复或已释放的页的记录，以便重新记录新的错误。',
    command: () => 'DELETE FROM msdb.dbo.suspect_pages WHERE event_type IN (4, 5, 7);',
  }),
} as const
