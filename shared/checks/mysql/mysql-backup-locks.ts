import * as z from 'zod'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type LockRow, LockRows, activityQueries } from './activity.ts'
import { mysql } from './engine.ts'
import { onInstance } from './instance-finding.ts'
import { sessionSteps as steps } from './session-steps.ts'

const texts = {
  BACKUP_LOCK_HELD: {
    en: 'Session {id} holds a backup lock ({mode}): physical backups wait for it without end.',
    zh: '会话 {id} 持有备份锁（{mode}）：物理备份会一直等待。',
  },
  TABLE_LOCKED: {
    en: 'Session {id} holds a write lock on {table} (LOCK TABLES): every backup waits for it without end.',
    zh: '会话 {id} 持有 {table} 的写锁（LOCK TABLES）：所有备份都会一直等待。',
  },
  LOCKS_NOT_SHOWN: {
    en: 'Locks that idle sessions hold are not shown: MariaDB needs the plugin metadata_lock_info for that, MySQL the performance schema.',
    zh: '无法看到空闲会话持有的锁：MariaDB 需要插件 metadata_lock_info，MySQL 需要 performance_schema。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ locks: LockRows })

const endIt = (id: number): NonNullable<Draft['remediation']> => ({
  steps: [steps.showSessions({}), steps.endSession({ id: String(id) })],
  verify: null,
  // The locks of the session are gone with it.
  changes: {},
})

const isTableLock = ({ lock_mode }: LockRow): boolean => lock_mode.endsWith('SHARED_NO_READ_WRITE')

const judgeLock = (lock: LockRow, context: CheckContext): Draft => {
  const { session_id: id, lock_mode: mode } = lock
  const about = {
    observed: { session_id: id, lock_mode: mode },
    expected: { locks: 0 },
    remediation: endIt(id),
  }
  if (!isTableLock(lock)) {
    return onInstance(context, {
      ...about,
      code: 'BACKUP_LOCK_HELD',
      params: { id, mode },
      degrades: ['full'],
      blocks: ['incremental'],
    })
  }
  const table = `${lock.table_schema ?? 'NULL'}.${lock.table_name ?? 'NULL'}`
  return onInstance(context, {
    ...about,
    code: 'TABLE_LOCKED',
    params: { id, table },
    blocks: ['full', 'incremental'],
  })
}

const judge = (locks: z.output<typeof LockRows>, context: CheckContext): Draft[] => {
  if (locks === null) {
    // What cannot be seen is no verdict on backups: nearly always nobody holds one.
    const remediation = { steps: [steps.installLockInfo({})], verify: null, changes: {} }
    return [onInstance(context, { code: 'LOCKS_NOT_SHOWN', observed: {}, expected: {}, remediation })]
  }
  const first = (isOne: (lock: LockRow) => boolean): Draft[] => {
    const found = locks.find(isOne)
    return found ? [judgeLock(found, context)] : []
  }
  return [...first(isTableLock), ...first((lock) => !isTableLock(lock))]
}

/** Verifies that no session holds a lock that backups wait for. */
export default defineCheck(mysql, {
  id: 'MYSQL_BACKUP_LOCKS',
  set: 'standard',
  title: { en: 'No session holds a lock that backups need', zh: '备份锁检查：没有会话持有备份所需的锁' },
  failureTitle: { en: 'A session holds a lock that backups need', zh: '备份锁检查：有会话持有备份所需的锁' },
  description: {
    en: 'Checks whether a session holds a backup lock (BACKUP STAGE, LOCK INSTANCE FOR BACKUP) or has locked tables. Backups wait for it without end.',
    zh: '检查是否有会话持有备份锁（BACKUP STAGE、LOCK INSTANCE FOR BACKUP）或锁定了表。备份会一直等待。',
  },
  affects: () => ['full', 'incremental'],
  texts,
  blindSpots: [
    {
      en: 'Without the plugin metadata_lock_info (MySQL: the performance schema) the locks of a session that does nothing are not seen.',
      zh: '没有插件 metadata_lock_info（MySQL 上为 performance_schema）时，无法看到空闲会话持有的锁。',
    },
  ],
  privileges: [],
  fixes: [steps.endSession, steps.installLockInfo, steps.showSessions],
  documents: [
    'https://mariadb.com/kb/en/metadata-lock-info-plugin/',
    'https://mariadb.com/kb/en/backup-stage/',
    'https://dev.mysql.com/doc/refman/8.4/en/lock-instance-for-backup.html',
  ],
  queries: { locks: activityQueries.locks },
  facts,
  evaluate: ({ locks }, context) => ({
    findings: judge(locks, context),
    observed: { locks: locks?.length ?? null },
  }),
})
