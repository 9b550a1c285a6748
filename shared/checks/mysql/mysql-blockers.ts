import * as z from 'zod'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps } from './account-steps.ts'
import { ActivityRow, activityQueries } from './activity.ts'
import { mysql } from './engine.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { sessionSteps as steps } from './session-steps.ts'

const texts = {
  LOCK_AWAITED: {
    en: '{waits} sessions wait for a lock, for {seconds} seconds by now: a backup that comes to the same table waits behind them.',
    zh: '有 {waits} 个会话在等待锁，已等待 {seconds} 秒：备份涉及同一张表时会排在其后等待。',
  },
  LONG_TRANSACTION: {
    en: 'A transaction of session {id} is open for {minutes} minutes: an ALTER TABLE that waits for it would stop backups, and a physical backup has to copy what it keeps.',
    zh: '会话 {id} 的事务已打开 {minutes} 分钟：等待它的 ALTER TABLE 会阻塞备份，物理备份还需复制其保留的内容。',
  },
  PREPARED_TRANSACTIONS: {
    en: '{count} transactions are prepared and belong to no session: they are in no dump, keep their locks, and come back undecided with a physical restore.',
    zh: '有 {count} 个已准备的事务不属于任何会话：它们不在逻辑备份中，持有锁，并在物理恢复后仍未决。',
  },
  ACTIVITY_HIDDEN: {
    en: 'What other sessions do is unknown: the login of the precheck needs PROCESS.',
    zh: '无法判定其他会话的活动：预检账号需要 PROCESS 权限。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ activity: ActivityRow })

const verify = { language: mysqlClient.name, query: 'SHOW FULL PROCESSLIST;' }

const hidden = (context: CheckContext): Draft =>
  onInstance(context, {
    code: 'ACTIVITY_HIDDEN',
    observed: {},
    expected: {},
    obscures: ['full', 'incremental', 'restore'],
    remediation: grant(['PROCESS'], context),
  })

const judgeWaits = (activity: NonNullable<ActivityRow>, context: CheckContext): Draft[] => {
  const { lock_waits, longest_wait_seconds: seconds, first_waiting_id: id } = activity
  if (!lock_waits) return []
  return [
    onInstance(context, {
      code: 'LOCK_AWAITED',
      params: { waits: lock_waits, seconds: seconds ?? 0 },
      observed: { lock_waits, longest_wait_seconds: seconds },
      expected: { lock_waits: 0 },
      degrades: ['full', 'incremental'],
      remediation: {
        steps: [steps.showSessions({}), ...(id === null ? [] : [steps.endSession({ id: String(id) })])],
        verify,
        changes: id === null ? {} : { lock_waits: 0 },
      },
    }),
  ]
}

const judgeTransactions = (activity: NonNullable<ActivityRow>, context: CheckContext): Draft[] => {
  const { oldest_transaction_id: id, prepared_transactions } = activity
  const seconds = activity.oldest_transaction_seconds ?? 0
  const { openTransactionMaxMinutes } = context.thresholdsFor()
  const minutes = Math.floor(seconds / 60)
  const long: Draft = onInstance(context, {
    code: 'LONG_TRANSACTION',
    params: { minutes, id: id === null ? 'NULL' : String(id) },
    observed: { oldest_transaction_minutes: minutes },
    expected: { oldest_transaction_minutes: `at most ${openTransactionMaxMinutes}` },
    degrades: ['full', 'incremental'],
    remediation: {
      steps: [steps.showSessions({}), ...(id === null ? [] : [steps.endSession({ id: String(id) })])],
      verify,
      changes: id === null ? {} : { oldest_transaction_seconds: null },
    },
  })
  const prepared: Draft = onInstance(context, {
    code: 'PREPARED_TRANSACTIONS',
    params: { count: prepared_transactions ?? 0 },
    observed: { prepared_transactions },
    expected: { prepared_transactions: 0 },
    degrades: ['full', 'restore'],
    remediation: {
      steps: [steps.showPrepared({}), steps.endPrepared({})],
      verify: { language: mysqlClient.name, query: 'XA RECOVER;' },
      changes: { prepared_transactions: 0 },
    },
  })
  return [
    ...(seconds > openTransactionMaxMinutes * 60 ? [long] : []),
    ...(prepared_transactions ? [prepared] : []),
  ]
}

/**
 * Verifies that nothing runs that would keep a backup waiting, or be in it by half. An open transaction alone stops
 * none: what waits for it does.
 */
export default defineCheck(mysql, {
  id: 'MYSQL_BLOCKERS',
  set: 'standard',
  title: { en: 'No session keeps a backup waiting', zh: '阻塞检查：没有会话会使备份等待' },
  failureTitle: {
    en: 'Sessions may keep a backup waiting, or it is unknown whether they do',
    zh: '阻塞检查：有会话可能使备份等待，或无法判定',
  },
  description: {
    en: 'Checks whether sessions wait for locks, whether a transaction is open for long (the threshold openTransactionMaxMinutes of a policy), and whether prepared transactions were left.',
    zh: '检查是否有会话在等待锁、是否有事务长时间未结束（策略中的阈值 openTransactionMaxMinutes），以及是否遗留已准备的事务。',
  },
  affects: () => ['full', 'incremental', 'restore'],
  texts,
  privileges: ['PROCESS'],
  fixes: [
    steps.endPrepared,
    steps.endSession,
    accountSteps.grantToLogin,
    steps.showPrepared,
    steps.showSessions,
  ],
  documents: [
    'https://mariadb.com/kb/en/information-schema-processlist-table/',
    'https://mariadb.com/kb/en/information-schema-innodb_trx-table/',
    'https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html',
    'https://mariadb.com/kb/en/xa-transactions/',
  ],
  queries: { activity: activityQueries.activity },
  facts,
  evaluate: ({ activity }, context) => {
    const isKnown =
      activity !== null && activity.lock_waits !== null && activity.prepared_transactions !== null
    return {
      findings: isKnown
        ? [...judgeWaits(activity, context), ...judgeTransactions(activity, context)]
        : [hidden(context)],
      observed: { sessions: activity?.sessions ?? null },
    }
  },
})
