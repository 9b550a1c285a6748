import type { Locale } from '../../../shared/model/message.ts'
import type { Operation } from '../../../shared/model/operation.ts'
import type { Outcome } from '../../../shared/model/outcome.ts'
import type { Verdict } from '../../../shared/model/readiness.ts'
import type { PrecheckView } from '../views/precheck-view.ts'

type Status = PrecheckView['items'][number]['status']
type Level = PrecheckView['items'][number]['findings'][number]['level']

/** What readings say beside the texts of a precheck. */
interface Words {
  readonly language: string
  readonly title: string
  readonly outcomes: Readonly<Record<Outcome | 'running', string>>
  readonly statuses: Readonly<Record<Status, string>>
  readonly levels: Readonly<Record<Level, string>>
  readonly verdicts: Readonly<Record<Verdict, string>>
  readonly operations: Readonly<Record<Operation, string>>
  readonly judged: (judged: number, total: number) => string
  readonly readiness: string
  readonly database: string
  readonly instance: string
  readonly moreDatabases: (count: number) => string
  readonly toDo: string
  readonly moreFindings: (count: number, rest: string) => string
  readonly commands: string
  readonly acknowledged: (author: string, until: string, reason: string) => string
  readonly passed: string
  readonly notApplicable: string
  readonly changes: (added: number, resolved: number) => string
  readonly printed: (id: string, ended: string) => string
}

const english: Words = {
  language: 'en',
  title: 'Backup precheck',
  outcomes: {
    passed: 'Passed',
    warning: 'Passed with warnings',
    failed: 'Failed',
    inconclusive: 'Inconclusive: not everything could be checked',
    running: 'Running',
  },
  statuses: {
    passed: 'passed',
    warning: 'warning',
    failed: 'failed',
    error: 'not checked',
    timed_out: 'not checked in time',
    skipped: 'skipped',
    pending: 'pending',
  },
  levels: { failed: 'Failed', error: 'Not checked', warning: 'Warning', note: 'Note' },
  verdicts: { ready: 'ready', degraded: 'at risk', unknown: 'unknown', blocked: 'blocked' },
  operations: {
    full: 'Full backup',
    incremental: 'Incremental backup',
    log: 'Log backup',
    restore: 'Restore',
  },
  judged: (judged, total) => `${judged} of ${total} check items judged`,
  readiness: 'Readiness',
  database: 'Database',
  instance: 'Whole instance',
  moreDatabases: (count) => `… and ${count} more databases`,
  toDo: 'What was found',
  moreFindings: (count, rest) => `… and ${count} more findings: GET ${rest}`,
  commands: 'What to do',
  acknowledged: (author, until, reason) => `Acknowledged by ${author} until ${until}: ${reason}`,
  passed: 'Passed',
  notApplicable: 'Skipped',
  changes: (added, resolved) => `Since the last result: ${added} new, ${resolved} resolved`,
  printed: (id, ended) => `${id}, ended ${ended} UTC`,
}

const chinese: Words = {
  language: 'zh-Hans',
  title: '备份预检',
  outcomes: {
    passed: '通过',
    warning: '通过，有警告',
    failed: '未通过',
    inconclusive: '无法判定：有检查项未能完成',
    running: '进行中',
  },
  statuses: {
    passed: '通过',
    warning: '警告',
    failed: '未通过',
    error: '未能检查',
    timed_out: '未能及时检查',
    skipped: '跳过',
    pending: '等待中',
  },
  levels: { failed: '未通过', error: '未能检查', warning: '警告', note: '提示' },
  verdicts: { ready: '就绪', degraded: '有风险', unknown: '未知', blocked: '阻止' },
  operations: { full: '全量备份', incremental: '增量备份', log: '日志备份', restore: '恢复' },
  judged: (judged, total) => `已判定 ${total} 个检查项中的 ${judged} 个`,
  readiness: '就绪情况',
  database: '数据库',
  instance: '整个实例',
  moreDatabases: (count) => `…… 另有 ${count} 个数据库`,
  toDo: '发现的问题',
  moreFindings: (count, rest) => `…… 另有 ${count} 个问题：GET ${rest}`,
  commands: '处理方法',
  acknowledged: (author, until, reason) => `${author} 已确认，有效期至 ${until}：${reason}`,
  passed: '通过',
  notApplicable: '跳过',
  changes: (added, resolved) => `与上次结果相比：新增 ${added} 个，已解决 ${resolved} 个`,
  printed: (id, ended) => `${id}，结束于 ${ended} UTC`,
}

export const words: Readonly<Record<Locale, Words>> = { en: english, zh: chinese }
