import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { notApplicable } from '../../../shared/model/outcome.ts'
import type { RenderedStep } from '../../../shared/model/remediation.ts'
import { comparisonLines } from './comparison-lines.ts'
import { indented, levelTone, moment, statusMarks, statusTone } from './layout.ts'
import type { Paint } from './paint.ts'
import { protectionLine } from './protection-report.ts'

type Item = PrecheckView['items'][number]
type Finding = Item['findings'][number]
type Readiness = NonNullable<PrecheckView['readiness']>
type Row = Readiness['databases'][number]['operations']

/** Databases that a table shows at most; the rest is counted, and all of them are in the JSON. */
const maxRows = 40

const verdictTone = { ready: 'good', degraded: 'fair', unknown: 'odd', blocked: 'bad' } as const

/** One line for an item: what the live progress prints. */
export const itemLine = (item: Item, paint: Paint): string => {
  const status = paint[statusTone[item.status]](`${statusMarks[item.status]} ${item.status.padEnd(9)}`)
  const duration = item.durationMs === null ? '' : paint.dim(` ${item.durationMs} ms`)
  return `${status} ${item.checkItem}${duration}`
}

const acceptedLines = ({ acknowledgement }: Finding, paint: Paint): string[] => {
  if (!acknowledgement) return []
  const { author, reason, expiresAt, level, id } = acknowledgement
  const otherwise = level === 'warning' ? '' : `, ${level} otherwise`
  return [
    paint.fair(`acknowledged by ${author} until ${moment(expiresAt)}${otherwise}: ${reason}`) +
      paint.dim(`  ${id}`),
  ]
}

/** What a step does, and below it the command that does it. */
const stepLines = (
  { text, riskText, needsText, language, command, escapedCommand }: RenderedStep,
  paint: Paint,
): string[] => [
  `→ ${text}  ${paint.dim(`(risk: ${riskText}, needs: ${needsText})`)}`,
  ...(command === null ? [] : [`    ${command}  ${paint.dim(`(${language})`)}`]),
  ...(escapedCommand === undefined ? [] : [paint.dim(`    ${escapedCommand}  (escaped)`)]),
]

const findingLines = (finding: Finding, paint: Paint): string[] => {
  const blocks = finding.blocks.length > 0 ? paint.dim(`  blocks ${finding.blocks.join(', ')}`) : ''
  const steps = finding.remediation?.steps ?? []
  return [
    `${paint[levelTone[finding.level]](finding.level)}: ${finding.text}${blocks}`,
    ...indented(acceptedLines(finding, paint), 4),
    ...indented(
      steps.flatMap((step) => stepLines(step, paint)),
      4,
    ),
    ...indented(
      finding.remediation?.verify ? [paint.dim(`verify: ${finding.remediation.verify.query}`)] : [],
      4,
    ),
  ]
}

/** From where an item looked, where that matters. */
const vantageOf = ({ vantage, observed }: Item): string => {
  if (vantage === 'instance') return ' (measured on the ECS instance itself)'
  return observed['endpoints'] === undefined
    ? ''
    : ' (measured from the checker, not on the host of the instance)'
}

/** What is left out of an item that found very much, and where it is. */
const cutLines = ({ findings, totals }: Item, paint: Paint): string[] =>
  totals && findings.length < totals.findings
    ? [paint.fair(`${findings.length} of ${totals.findings} findings; all of them: GET ${totals.rest}`)]
    : []

const itemLines = (item: Item, paint: Paint): string[] => {
  const { reason, retried } = item
  const why = reason ? [reason.text, ...(reason.advice ? [`→ ${reason.advice}`] : [])] : []
  const again = retried ? [paint.dim(retried.text)] : []
  return [
    itemLine(item, paint),
    ...indented([paint.dim(item.title + vantageOf(item)), ...why, ...again], 12),
    ...indented(
      item.findings.flatMap((finding) => findingLines(finding, paint)),
      12,
    ),
    ...indented(cutLines(item, paint), 12),
    ...indented(
      item.excluded.map(({ name, reason: left }) => paint.dim(`excluded ${name}: ${left.text}`)),
      12,
    ),
  ]
}

/** Skipped because the instance does not need it. */
const isNeedless = ({ reason }: Item): boolean => reason?.code === notApplicable

/** With nothing to say of its own, not even from where it looked or that it had to try twice. */
const isQuiet = (item: Item): boolean =>
  isNeedless(item) ||
  (item.status === 'passed' &&
    item.findings.length + item.excluded.length === 0 &&
    vantageOf(item) === '' &&
    item.retried === undefined)

/** Columns in which a list of items is broken into lines. */
const listWidth = 90

/** Words as lines of a list. */
const listLines = (words: readonly string[]): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    if (line !== '' && line.length + word.length > listWidth) {
      lines.push(line)
      line = ''
    }
    line += `${line === '' ? '' : ' '}${word}`
  }
  return line === '' ? lines : [...lines, line]
}

/** Items that need no other words than these, in as few lines as it takes. */
const togetherLines = (status: string, words: readonly string[], items: readonly Item[]): string[] => {
  const ids = items.map(({ checkItem }, index) => (index < items.length - 1 ? `${checkItem},` : checkItem))
  const [first = '', ...rest] = listLines([...words, ...ids])
  return ids.length === 0 ? [] : [`${status} ${first}`, ...indented(rest, 12)]
}

/** What does not apply, and what passed without anything to say. */
const quietLines = (items: readonly Item[], paint: Paint): string[] => [
  ...togetherLines(
    paint.dim(`${statusMarks.skipped} ${'skipped'.padEnd(9)}`),
    ['not applicable:'],
    items.filter(isNeedless),
  ),
  ...togetherLines(
    paint.good(`${statusMarks.passed} ${'passed'.padEnd(9)}`),
    [],
    items.filter((item) => isQuiet(item) && !isNeedless(item)),
  ),
]

/** How many items were judged, where some could not be. */
const coverageLines = ({ coverage }: PrecheckView, paint: Paint): string[] =>
  coverage && coverage.judged < coverage.total
    ? ['', paint.fair(`${coverage.judged} of ${coverage.total} check items judged`)]
    : []

/** Columns of a cell: the longest verdict and two counts. */
const cellWidth = 16

/** Verdicts, with how many of the check items that decide them were judged, where some could not be. */
const cells = (row: Row, { instance }: Readiness, paint: Paint): string =>
  allOperations
    .map((operation) => {
      const { verdict } = row[operation]
      const { judged, total } = instance[operation].coverage
      const text = judged < total ? `${verdict} ${judged}/${total}` : verdict
      return paint[verdictTone[verdict]](text.padEnd(cellWidth))
    })
    .join('')

/** Head the rows that sum all others up. */
const whole = '(whole instance)'
const readyDatabases = '(ready databases)'

const counts = (row: Readiness['instance']): string =>
  allOperations
    .map((operation) => row[operation].databases)
    .map(({ ready, total }) => (total > 0 ? `${ready} of ${total}` : '-').padEnd(cellWidth))
    .join('')

const readinessLines = ({ readiness, instanceId }: PrecheckView, paint: Paint): string[] => {
  if (!readiness) return []
  const rows = readiness.databases.slice(0, maxRows)
  const width = Math.max(readyDatabases.length, ...rows.map(({ database }) => database.length)) + 2
  const hidden = (readiness.total ?? readiness.databases.length) - rows.length
  const rest =
    readiness.total === undefined
      ? '--output json lists all'
      : `GET /v1/instances/${instanceId}/readiness?database=NAME tells of one`
  return [
    '',
    paint.strong('Readiness'),
    `  ${''.padEnd(width)}${allOperations.map((operation) => operation.padEnd(cellWidth)).join('')}`,
    `  ${whole.padEnd(width)}${cells(readiness.instance, readiness, paint)}`,
    ...(rows.length > 0 ? [paint.dim(`  ${readyDatabases.padEnd(width)}${counts(readiness.instance)}`)] : []),
    ...rows.map((row) => `  ${row.database.padEnd(width)}${cells(row.operations, readiness, paint)}`),
    ...(hidden > 0 ? [paint.dim(`  … and ${hidden} more (${rest})`)] : []),
  ]
}

/** A precheck as a person reads it. */
export const report = (precheck: PrecheckView, paint: Paint): string => {
  const { instanceId, engine, region, id, outcome, startedAt, completedAt } = precheck
  const seconds = completedAt ? (Date.parse(completedAt) - Date.parse(startedAt)) / 1000 : 0
  const verdict = outcome ? paint[statusTone[outcome]](outcome.toUpperCase()) : 'RUNNING'
  return [
    '',
    `${paint.strong(instanceId)}  ${engine} in ${region}  ${paint.dim(id)}`,
    '',
    ...precheck.items.filter((item) => !isQuiet(item)).flatMap((item) => itemLines(item, paint)),
    ...quietLines(precheck.items, paint),
    ...coverageLines(precheck, paint),
    ...readinessLines(precheck, paint),
    ...comparisonLines(precheck, paint),
    '',
    ...(precheck.protection ? [protectionLine(precheck.protection, paint)] : []),
    `${paint.strong('Outcome')}: ${verdict}${completedAt ? paint.dim(`  in ${seconds.toFixed(1)} s`) : ''}`,
    '',
  ].join('\n')
}
