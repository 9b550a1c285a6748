import type { FindingLevel } from '../../model/finding.ts'
import type { Locale } from '../../model/message.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { SweepCounts, SweepTroubled } from '../../model/sweep.ts'
import { ProtectionState } from '../../model/protection.ts'
import type {
  EventFinding,
  MissedData,
  NightData,
  NightTrouble,
  PrecheckData,
  ProtectionData,
  SweepData,
} from './event-data.ts'

/** So many of an operation, of how many. */
export interface Counted {
  readonly name: string
  readonly count: number
  readonly total: number
}

/** Heads a message. */
export const outcomeMarks: Readonly<Record<Outcome, string>> = {
  passed: '✔',
  warning: '!',
  failed: '✘',
  inconclusive: '?',
}

/** The same by how bad it is. */
export const toneMarks = {
  good: outcomeMarks.passed,
  fair: outcomeMarks.warning,
  odd: outcomeMarks.inconclusive,
  bad: outcomeMarks.failed,
} as const

/** What messages say in one language, in the terms of Cloud Backup. */
export interface Words {
  /** Part of every message, so that it can be the keyword that a robot asks for. */
  readonly product: string
  readonly outcomes: Readonly<Record<Outcome, string>>
  /** Between what something is called and what is said of it. */
  readonly colon: string
  readonly inParentheses: (text: string) => string
  readonly recovered: string
  readonly instance: string
  /** A database whose name has no visible characters. */
  readonly unnamed: string
  readonly blocked: (operations: string) => string
  /** Effect of a finding that blocks nothing. */
  readonly effects: Readonly<Record<FindingLevel, string>>
  readonly changes: Readonly<Record<EventFinding['change'], string>>
  readonly undetermined: string
  readonly resolved: string
  /** The text of a finding that is resolved. */
  readonly before: (text: string) => string
  /** Before a command, colon included. */
  readonly fix: (risk: string, needs: string) => string
  /** Before an advice, colon included. */
  readonly advice: string
  readonly moreSteps: (count: number) => string
  /** Instead of a command that cannot be shown in a chat. */
  readonly elsewhere: string
  readonly others: (count: number) => string
  /** Of an instance whose worst finding is shown. */
  readonly otherFindings: (count: number) => string
  readonly more: (count: number) => string
  readonly totals: (totals: PrecheckData['totals']) => string[]
  readonly readyDatabases: (counted: readonly Counted[]) => string
  readonly judgedItems: (counted: readonly Counted[]) => string
  readonly sweep: (kind: SweepData['sweep'], id: string) => string
  readonly counts: (counts: SweepCounts) => string[]
  /** Names the first instances of a sweep of one kind; `count`: how many there are. */
  readonly troubled: (kind: keyof SweepTroubled, instances: readonly string[], count: number) => string
  /** Heads the digest of a night; `all`: its instances. */
  readonly night: (night: string, troubled: number, all: number) => string
  /** Heads a message about prechecks of a night that did not start. */
  readonly missed: (night: string, totals: MissedData['totals']) => string
  /** Why they did not; when they were due (UTC). */
  readonly missedDue: (from: string, until: string) => string
  /** Below the counts of a night. */
  readonly mailCounts: Readonly<Record<keyof Omit<SweepCounts, 'started' | 'running' | 'waiting'>, string>>
  readonly nightStatuses: Readonly<Record<NightTrouble['status'], string>>
  /** Before the date (YYYY-MM-DD, UTC) from which on it is unchanged. */
  readonly unchangedSince: (date: string) => string
  /** What of a night is news; nothing where nothing is. */
  readonly nightNews: (totals: NightData['totals'], recovered: readonly string[]) => string[]
  readonly protection: Readonly<Record<ProtectionData['change'], string>>
  readonly protectionStates: Readonly<Record<ProtectionState, string>>
  /** Databases of each state, without the states that none is in. */
  readonly protectionTotals: (totals: ProtectionData['totals']) => string[]
  /** What would have been lost of a database when the precheck looked; in minutes. */
  readonly exposure: (exposure: number | null, objective: number | null) => string
  readonly sample: string
  readonly example: string
  readonly details: (path: string) => string
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const countedInEnglish = ({ name, count, total }: Counted): string => `${name} ${count} of ${total}`
const countedInChinese = ({ name, count, total }: Counted): string => `${name} ${total} 个中 ${count} 个`

/** The first names of so many. */
const named = (names: readonly string[], count: number): string =>
  names.join(', ') + (count > names.length ? ` and ${count - names.length} more` : '')
const namedInChinese = (names: readonly string[], count: number): string =>
  names.join('、') + (count > names.length ? ` 等 ${count} 个` : '')

/** Left out where the count is 0. */
const some = (count: number, text: string): string[] => (count > 0 ? [text] : [])

const english: Words = {
  product: 'Backup precheck',
  outcomes: {
    passed: 'passed',
    warning: 'warning',
    failed: 'failed',
    inconclusive: 'inconclusive, not everything could be checked',
  },
  colon: ': ',
  inParentheses: (text) => ` (${text})`,
  recovered: 'recovered',
  instance: 'whole instance',
  unnamed: '(name not visible)',
  blocked: (operations) => `blocked: ${operations}`,
  effects: { failed: 'failed', error: 'could not be checked', warning: 'warning', note: 'note' },
  changes: {
    new: 'new',
    still: 'still present',
    returned: 'no longer acknowledged',
    acknowledged: 'acknowledged',
  },
  undetermined: 'Could not be checked',
  resolved: 'resolved',
  before: (text) => `Before: ${text}`,
  fix: (risk, needs) => `Fix (risk: ${risk}, needs: ${needs}): `,
  advice: 'What to do: ',
  moreSteps: (count) => `then ${plural(count, 'more step')}`,
  elsewhere: 'for the command, see the remediation script of the precheck',
  others: (count) => `${plural(count, 'more finding')} on this object`,
  otherFindings: (count) => plural(count, 'more finding'),
  more: (count) => `… and ${count} more`,
  totals: ({ findings, blocked, undetermined, resolved }) => [
    ...some(findings, plural(findings, 'finding')),
    ...some(blocked, `${plural(blocked, 'object')} blocked`),
    ...some(undetermined, `${plural(undetermined, 'item')} undetermined`),
    ...some(resolved, `${resolved} resolved`),
  ],
  readyDatabases: (counted) => `databases ready: ${counted.map(countedInEnglish).join(', ')}`,
  judgedItems: (counted) => `check items judged: ${counted.map(countedInEnglish).join(', ')}`,
  sweep: (kind, id) => `${kind === 'nightly' ? 'nightly sweep' : 'requested sweep'} ${id} completed`,
  counts: ({ started, passed, warning, failed, inconclusive, notRun }) => [
    `started ${started}, not run ${notRun}`,
    `failed ${failed}, inconclusive ${inconclusive}, warning ${warning}, passed ${passed}`,
  ],
  troubled: (kind, instances, count) => {
    const kinds = { failed: 'failed', inconclusive: 'inconclusive', notRun: 'not run' }
    return `${kinds[kind]}: ${named(instances, count)}`
  },
  night: (night, troubled, all) =>
    troubled === 0
      ? `night of ${night}: nothing failed in ${plural(all, 'instance')}`
      : `night of ${night}: ${troubled} of ${plural(all, 'instance')} in trouble`,
  missed: (night, { missed, instances }) =>
    `night of ${night}: ${missed} of ${plural(instances, 'precheck')} did not run`,
  missedDue: (from, until) =>
    `due from ${from} to ${until} (UTC), when the service was not running or too busy`,
  mailCounts: {
    failed: 'failed',
    inconclusive: 'inconclusive',
    notRun: 'not run',
    warning: 'warning',
    passed: 'passed',
  },
  nightStatuses: { failed: 'failed', inconclusive: 'could not be judged', not_run: 'not run' },
  unchangedSince: (date) => `unchanged since ${date}`,
  nightNews: ({ changed, recovered }, names) => [
    ...some(changed, `new or changed: ${changed}`),
    ...some(recovered, `recovered: ${named(names, recovered)}`),
  ],
  protection: {
    'at-risk': 'more would be lost than the objective allows',
    restored: 'no more would be lost than the objective allows',
  },
  protectionStates: { 'at-risk': 'at risk', unknown: 'unknown', new: 'new', protected: 'protected' },
  protectionTotals: (totals) =>
    ProtectionState.options.flatMap((state) =>
      some(totals[state], `${english.protectionStates[state]}: ${plural(totals[state], 'database')}`),
    ),
  exposure: (exposure, objective) => {
    const lost = exposure === null ? 'It is unknown what' : `${plural(exposure, 'minute')} of work`
    const aim = objective === null ? '' : ` (objective: ${objective})`
    return `${lost} would have been lost${aim}.`
  },
  sample: 'sample, nothing is wrong',
  example: 'Example',
  details: (path) => `Details: GET ${path}`,
}

const chinese: Words = {
  product: '备份预检',
  outcomes: { passed: '通过', warning: '警告', failed: '未通过', inconclusive: '无法判定，部分检查项未完成' },
  colon: '：',
  inParentheses: (text) => `（${text}）`,
  recovered: '已恢复',
  instance: '整个实例',
  unnamed: '（名称不可见）',
  blocked: (operations) => `无法执行：${operations}`,
  effects: { failed: '未通过', error: '无法判定', warning: '警告', note: '提示' },
  changes: { new: '新增', still: '仍存在', returned: '不再视为已确认', acknowledged: '已确认' },
  undetermined: '无法判定',
  resolved: '已解决',
  before: (text) => `此前：${text}`,
  fix: (risk, needs) => `修复方法（风险：${risk}；权限：${needs}）：`,
  advice: '处理建议：',
  moreSteps: (count) => `之后还有 ${count} 步`,
  elsewhere: '命令见该次预检的修复脚本',
  others: (count) => `该对象另有 ${count} 条发现`,
  otherFindings: (count) => `另有 ${count} 条发现`,
  more: (count) => `… 另有 ${count} 条`,
  totals: ({ findings, blocked, undetermined, resolved }) => [
    ...some(findings, `${findings} 条发现`),
    ...some(blocked, `${blocked} 个对象的操作受阻`),
    ...some(undetermined, `${undetermined} 个检查项无法判定`),
    ...some(resolved, `${resolved} 条已解决`),
  ],
  readyDatabases: (counted) => `就绪的数据库：${counted.map(countedInChinese).join('，')}`,
  judgedItems: (counted) => `已判定的检查项：${counted.map(countedInChinese).join('，')}`,
  sweep: (kind, id) => `${kind === 'nightly' ? '每晚巡检' : '手动巡检'} ${id} 已完成`,
  counts: ({ started, passed, warning, failed, inconclusive, notRun }) => [
    `已执行 ${started}，未执行 ${notRun}`,
    `未通过 ${failed}，无法判定 ${inconclusive}，警告 ${warning}，通过 ${passed}`,
  ],
  troubled: (kind, instances, count) => {
    const kinds = { failed: '未通过', inconclusive: '无法判定', notRun: '未执行' }
    return `${kinds[kind]}：${namedInChinese(instances, count)}`
  },
  night: (night, troubled, all) =>
    troubled === 0
      ? `${night} 夜间预检：${all} 个实例均未发现失败项`
      : `${night} 夜间预检：${all} 个实例中 ${troubled} 个有问题`,
  missed: (night, { missed, instances }) => `${night} 夜间预检：${instances} 个实例中 ${missed} 个未执行`,
  missedDue: (from, until) => `应于 ${from} 至 ${until}（UTC）启动，当时服务未运行或过于繁忙`,
  mailCounts: {
    failed: '未通过',
    inconclusive: '无法判定',
    notRun: '未执行',
    warning: '警告',
    passed: '通过',
  },
  nightStatuses: { failed: '未通过', inconclusive: '无法判定', not_run: '未执行' },
  unchangedSince: (date) => `自 ${date} 起无变化`,
  nightNews: ({ changed, recovered }, names) => [
    ...some(changed, `新增或有变化：${changed} 个`),
    ...some(recovered, `已恢复：${namedInChinese(names, recovered)}`),
  ],
  protection: { 'at-risk': '可能丢失的数据超出目标', restored: '可能丢失的数据已回到目标之内' },
  protectionStates: { 'at-risk': '有风险', unknown: '无法判定', new: '新建', protected: '受保护' },
  protectionTotals: (totals) =>
    ProtectionState.options.flatMap((state) =>
      some(totals[state], `${chinese.protectionStates[state]}：${totals[state]} 个数据库`),
    ),
  exposure: (exposure, objective) => {
    const lost = exposure === null ? '无法判定将丢失多少数据' : `将丢失 ${exposure} 分钟的更改`
    const aim = objective === null ? '' : `（目标：${objective} 分钟）`
    return `${lost}${aim}。`
  },
  sample: '示例消息，并无异常',
  example: '示例',
  details: (path) => `详情：GET ${path}`,
}

/** The words of each language. */
export const wordsOf: Readonly<Record<Locale, Words>> = { en: english, zh: chinese }
