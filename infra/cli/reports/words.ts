import type { Text } from '../../../shared/model/message.ts'
import type { Operation } from '../../../shared/model/operation.ts'
import type { Outcome } from '../../../shared/model/outcome.ts'
import type { ProtectionState } from '../../../shared/model/protection.ts'
import type { Verdict } from '../../../shared/model/readiness.ts'

/** What a precheck came to. */
export const outcomeWords: Readonly<Record<Outcome, Text>> = {
  passed: { en: 'passed', zh: '通过' },
  warning: { en: 'warning', zh: '警告' },
  failed: { en: 'failed', zh: '未通过' },
  inconclusive: { en: 'inconclusive', zh: '无法判定' },
}

/** What became of a check item, or of an instance in a sweep. */
export const statusWords = {
  ...outcomeWords,
  error: { en: 'error', zh: '错误' },
  timed_out: { en: 'timed_out', zh: '超时' },
  skipped: { en: 'skipped', zh: '已跳过' },
  not_run: { en: 'not run', zh: '未执行' },
  waiting: { en: 'waiting', zh: '等待中' },
  pending: { en: 'pending', zh: '等待中' },
  starting: { en: 'starting', zh: '启动中' },
  started: { en: 'started', zh: '已启动' },
  running: { en: 'running', zh: '进行中' },
  delivered: { en: 'delivered', zh: '已送达' },
  dead: { en: 'dead', zh: '已放弃' },
} as const satisfies Readonly<Record<string, Text>>

/** Level of a finding. */
export const levelWords = {
  failed: outcomeWords.failed,
  error: statusWords.error,
  warning: outcomeWords.warning,
  note: { en: 'note', zh: '提示' },
} as const

/** Cells of the readiness table. */
export const verdictWords: Readonly<Record<Verdict, Text>> = {
  ready: { en: 'ready', zh: '就绪' },
  degraded: { en: 'degraded', zh: '有风险' },
  unknown: { en: 'unknown', zh: '未知' },
  blocked: { en: 'blocked', zh: '受阻' },
}

/** Operations, as a column or a list has them. */
export const operationWords: Readonly<Record<Operation, Text>> = {
  full: { en: 'full', zh: '全量备份' },
  incremental: { en: 'incremental', zh: '增量备份' },
  log: { en: 'log', zh: '日志备份' },
  restore: { en: 'restore', zh: '恢复' },
}

/** How a database is protected. */
export const protectionWords: Readonly<Record<ProtectionState, Text>> = {
  'at-risk': { en: 'at-risk', zh: '有风险' },
  unknown: { en: 'unknown', zh: '无法判定' },
  new: { en: 'new', zh: '新建' },
  protected: { en: 'protected', zh: '受保护' },
}

/** Stands between the words of a list. */
export const comma: Text = { en: ', ', zh: '、' }

/** Stands between what something is called and what is said of it. */
export const colon: Text = { en: ': ', zh: '：' }
