import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { Text } from '../../../shared/model/message.ts'
import { type Operation, allOperations } from '../../../shared/model/operation.ts'
import { notApplicable } from '../../../shared/model/outcome.ts'
import type { Outcome } from '../../../shared/model/outcome.ts'
import type { Verdict } from '../../../shared/model/readiness.ts'
import type { RenderedStep } from '../../../shared/model/remediation.ts'
import { padded } from './cells.ts'
import { comparisonLines } from './comparison-lines.ts'
import { indented, levelTone, moment, statusMarks, statusTone, wrapped } from './layout.ts'
import { protectionLine } from './protection-report.ts'
import { readinessLines } from './readiness-table.ts'
import type { Look } from './terminal.ts'
import { colon, comma, levelWords, operationWords, outcomeWords, statusWords, verdictWords } from './words.ts'

type Item = PrecheckView['items'][number]
type Finding = Item['findings'][number]

/** Cells before what is said of an item: mark and status. */
const itemIndent = 12

/** Cells of the longest status. */
const statusCells = 9

/** A text in lines as wide as the terminal, `by` cells from the left; those that follow its first a little further. */
const block = (text: string, by: number, { width }: Look): string[] =>
  indented([text], by).flatMap((line) => wrapped(line, { width, hanging: by + 2 }))

/** One line for an item: what the live progress prints. */
export const itemLine = (item: Item, { paint, say }: Look): string => {
  const { status, durationMs, checkItem } = item
  const head = paint[statusTone[status]](
    `${statusMarks[status]} ${padded(say(statusWords[status]), statusCells)}`,
  )
  return `${head} ${checkItem}${durationMs === null ? '' : paint.dim(` ${durationMs} ms`)}`
}

const acceptedText = ({ acknowledgement }: Finding, { paint, say }: Look): string[] => {
  if (!acknowledgement) return []
  const { author, reason, expiresAt, level, id } = acknowledgement
  const isSofter = level !== 'warning'
  const until = moment(expiresAt)
  const text = say({
    en: `acknowledged by ${author} until ${until}${isSofter ? `, ${level} otherwise` : ''}: ${reason}`,
    zh: `${author} 已确认，有效期至 ${until}${isSofter ? `，否则为${levelWords[level].zh}` : ''}：${reason}`,
  })
  return [paint.fair(text) + paint.dim(`  ${id}`)]
}

/** What a step does, and below it the command that does it, on a line of its own that is never broken. */
const stepLines = (step: RenderedStep, by: number, look: Look): string[] => {
  const { text, riskText, needsText, language, command, escapedCommand } = step
  const { paint, say } = look
  const where = command === null ? '' : `${language}; `
  const about = say({
    en: `(${where}risk: ${riskText}, needs: ${needsText})`,
    zh: `（${where && `${language}；`}风险：${riskText}，权限：${needsText}）`,
  })
  return [
    ...block(`→ ${text}${say({ en: ' ', zh: '' })}${paint.dim(about)}`, by, look),
    ...(command === null ? [] : indented([command], by + 4)),
    ...(escapedCommand === undefined
      ? []
      : indented([paint.dim(`${escapedCommand}${say({ en: '  (escaped)', zh: '（已转义）' })}`)], by + 4)),
  ]
}

/** What tells whether two findings are fixed alike. */
const fixOf = ({ remediation }: Finding): string =>
  remediation ? JSON.stringify([remediation.steps, remediation.verify]) : ''

/** The first item with a finding that is fixed so, by how it is fixed. */
type FirstFixed = ReadonlyMap<string, string>

const firstFixedIn = (items: readonly Item[]): FirstFixed =>
  new Map(
    items
      .flatMap(({ checkItem, findings }) => findings.map((each) => [fixOf(each), checkItem] as const))
      .toReversed(),
  )

const fixLines = (finding: Finding, by: number, firstFixed: FirstFixed, look: Look): string[] => {
  const { remediation, checkItem } = finding
  const { paint, say } = look
  if (!remediation) return []
  const first = firstFixed.get(fixOf(finding))
  if (first !== undefined && first !== checkItem)
    return block(`→ ${say({ en: `as for ${first}`, zh: `同 ${first}` })}`, by, look)
  const { steps, verify } = remediation
  return [
    ...steps.flatMap((step) => stepLines(step, by, look)),
    ...(verify
      ? [
          ...indented([paint.dim(say({ en: 'verify:', zh: '验证：' }))], by),
          ...indented([verify.query], by + 4),
        ]
      : []),
  ]
}

const findingLines = (finding: Finding, firstFixed: FirstFixed, look: Look): string[] => {
  const { paint, say } = look
  const blocked = finding.blocks.map((operation) => say(operationWords[operation])).join(say(comma))
  const blocks = blocked && paint.dim(say({ en: `  blocks ${blocked}`, zh: `（阻止${blocked}）` }))
  const level = paint[levelTone[finding.level]](say(levelWords[finding.level]))
  return [
    ...block(`${level}${say(colon)}${finding.text}${blocks}`, itemIndent, look),
    ...acceptedText(finding, look).flatMap((text) => block(text, itemIndent + 4, look)),
    ...fixLines(finding, itemIndent + 4, firstFixed, look),
  ]
}

/** From where an item looked, where that matters. */
const vantageOf = ({ vantage, observed }: Item, { say }: Look): string => {
  if (vantage === 'instance')
    return say({ en: ' (measured on the ECS instance itself)', zh: '（在 ECS 实例上测得）' })
  return observed['endpoints'] === undefined
    ? ''
    : say({
        en: ' (measured from the checker, not on the host of the instance)',
        zh: '（从检查端测得，而非在实例所在主机上）',
      })
}

/** What is left out of an item that found very much, and where it is. */
const cutText = ({ findings, totals }: Item, { paint, say }: Look): string[] => {
  if (!totals || findings.length >= totals.findings) return []
  const [shown, all, how] = [findings.length, totals.findings, `precheck api GET "${totals.rest}"`]
  return [
    paint.fair(
      say({
        en: `${shown} of ${all} findings; all of them: ${how}`,
        zh: `共 ${all} 条，显示 ${shown} 条；全部：${how}`,
      }),
    ),
  ]
}

const itemLines = (item: Item, firstFixed: FirstFixed, look: Look): string[] => {
  const { reason, excluded, findings, title, retried } = item
  const { paint, say } = look
  const left = (name: string, why: string) =>
    say({ en: `excluded ${name}: ${why}`, zh: `已排除 ${name}：${why}` })
  const texts = [
    paint.dim(title + vantageOf(item, look)),
    ...(reason ? [reason.text, ...(reason.advice ? [`→ ${reason.advice}`] : [])] : []),
    ...(retried ? [paint.dim(retried.text)] : []),
  ]
  const after = [
    ...cutText(item, look),
    ...excluded.map(({ name, reason: why }) => paint.dim(left(name, why.text))),
  ]
  return [
    itemLine(item, look),
    ...texts.flatMap((text) => block(text, itemIndent, look)),
    ...findings.flatMap((finding) => findingLines(finding, firstFixed, look)),
    ...after.flatMap((text) => block(text, itemIndent, look)),
  ]
}

/** Skipped because the instance does not need it. */
const isNeedless = ({ reason }: Item): boolean => reason?.code === notApplicable

/** Passed with no more to say than notes, not even from where it looked or that it had to try twice. */
const isQuiet = (item: Item, look: Look): boolean =>
  isNeedless(item) ||
  (item.status === 'passed' &&
    item.findings.every(({ level }) => level === 'note') &&
    vantageOf(item, look) === '' &&
    item.retried === undefined)

/** Cells in which a list of items is broken into lines, where the terminal is not narrower. */
const listWidth = 100

/** Items that need no other words than these, in as few lines as it takes. */
const togetherLines = (
  status: 'passed' | 'skipped',
  words: string,
  items: readonly Item[],
  look: Look,
): string[] => {
  if (items.length === 0) return []
  const { paint, say } = look
  const head = paint[statusTone[status]](
    `${statusMarks[status]} ${padded(say(statusWords[status]), statusCells)}`,
  )
  const ids = items.map(({ checkItem }) => checkItem).join(', ')
  return wrapped(`${head} ${words}${ids}`, { width: Math.min(look.width, listWidth), hanging: itemIndent })
}

/** What does not apply, and what passed without anything to say. */
const quietLines = (items: readonly Item[], look: Look): string[] => [
  ...togetherLines(
    'skipped',
    look.say({ en: 'not applicable: ', zh: '不适用：' }),
    items.filter(isNeedless),
    look,
  ),
  ...togetherLines(
    'passed',
    '',
    items.filter((item) => !isNeedless(item)),
    look,
  ),
]

/** How many items were judged, where some could not be. */
const coverageLines = ({ coverage }: PrecheckView, { paint, say }: Look): string[] => {
  if (!coverage || coverage.judged >= coverage.total) return []
  const { judged, total } = coverage
  return [
    '',
    paint.fair(
      say({ en: `${judged} of ${total} check items judged`, zh: `${total} 个检查项中已判定 ${judged} 个` }),
    ),
  ]
}

/** Fingerprints of the findings that are acknowledged. */
const acknowledgedIn = (items: readonly Item[]): ReadonlySet<string> =>
  new Set(
    items.flatMap(({ findings }) =>
      findings.flatMap(({ acknowledgement, fingerprint }) => (acknowledgement ? [fingerprint] : [])),
    ),
  )

/** The table of the operations that the plan uses; `isWhole`: of all. */
const tableLines = (
  { readiness, items, operations }: PrecheckView,
  isWhole: boolean,
  look: Look,
): string[] => {
  if (!readiness) return []
  const table = { ...readiness, acknowledged: acknowledgedIn(items) }
  const lines = readinessLines(table, isWhole ? allOperations : operations, look)
  const title = look.paint.strong(look.say({ en: 'Readiness', zh: '可执行的操作' }))
  return ['', title, ...indented(lines, 2)]
}

/** Verdict of the operations that an outcome is about. */
const verdictOf: Readonly<Record<Outcome, Verdict>> = {
  passed: 'ready',
  warning: 'degraded',
  failed: 'blocked',
  inconclusive: 'unknown',
}

const plainSentences = {
  passed: { en: 'every planned operation is safe.', zh: '计划的操作都可以安全执行。' },
  warning: { en: 'the backup will run, with a risk.', zh: '备份可以执行，但有风险。' },
  failed: { en: 'a planned operation would fail.', zh: '计划的某些操作会失败。' },
  inconclusive: { en: 'not everything could be judged.', zh: '有检查项未能判定。' },
} as const

/** For how many databases an operation has a verdict, of how many; null where the table does not hold all of them. */
const databasesWith = (
  { databases, total, instance }: NonNullable<PrecheckView['readiness']>,
  operation: Operation,
  verdict: Verdict,
): { readonly count: number; readonly all: number } | null =>
  total !== undefined && total > databases.length
    ? null
    : {
        count: databases.filter(({ operations }) => operations[operation].verdict === verdict).length,
        all: instance[operation].databases.total,
      }

/** What an outcome comes to for a planned operation; none where it is about others. */
const operationTexts = ({ readiness }: PrecheckView, operation: Operation, verdict: Verdict): Text[] => {
  if (!readiness) return []
  const [name, word] = [operationWords[operation], verdictWords[verdict]]
  const found = databasesWith(readiness, operation, verdict)
  const isWhole = readiness.instance[operation].verdict === verdict
  if (found && found.count > 0 && found.count < found.all)
    return [
      {
        en: `${name.en} ${word.en} for ${found.count} of ${found.all} databases`,
        zh: `${name.zh}：${found.all} 个数据库中 ${found.count} 个${word.zh}`,
      },
    ]
  return isWhole ? [{ en: `${name.en} ${word.en}`, zh: `${name.zh}${word.zh}` }] : []
}

/** What an outcome comes to for the planned operations, in one sentence. */
const outcomeText = (precheck: PrecheckView, outcome: Outcome, { say }: Look): string => {
  const verdict = verdictOf[outcome]
  const affected = precheck.operations.flatMap((operation) => operationTexts(precheck, operation, verdict))
  if (outcome === 'passed' || outcome === 'inconclusive' || affected.length === 0)
    return say(plainSentences[outcome])
  return affected.map(say).join(say({ en: ', ', zh: '；' })) + say({ en: '.', zh: '。' })
}

/** A precheck as a person reads it, what it came to first; `isWhole`: with notes of what passed, and operations that the plan does not use. */
export const report = (precheck: PrecheckView, look: Look, isWhole = false): string => {
  const { instanceId, engine, region, id, outcome, startedAt, completedAt, items, protection } = precheck
  const { paint, say } = look
  const seconds = completedAt ? (Date.parse(completedAt) - Date.parse(startedAt)) / 1000 : 0
  const verdict = outcome
    ? paint[statusTone[outcome]](say(outcomeWords[outcome]).toUpperCase())
    : say({ en: 'RUNNING', zh: '检查中' })
  const where = say({ en: `${engine} in ${region}`, zh: `${engine}，${region}` })
  const took = say({ en: `  in ${seconds.toFixed(1)} s`, zh: `，用时 ${seconds.toFixed(1)} 秒` })
  const sentence = outcome ? [verdict + say(colon) + outcomeText(precheck, outcome, look)] : []
  const isTold = (item: Item): boolean =>
    !isQuiet(item, look) || (isWhole && item.findings.length + item.excluded.length > 0)
  const told = items.filter(isTold)
  const firstFixed = firstFixedIn(told)
  return [
    '',
    ...wrapped(`${paint.strong(instanceId)}  ${where}  ${paint.dim(id)}`, { width: look.width, hanging: 2 }),
    ...sentence.flatMap((text) => wrapped(text, { width: look.width, hanging: 2 })),
    '',
    ...told.flatMap((item) => itemLines(item, firstFixed, look)),
    ...quietLines(
      items.filter((item) => !isTold(item)),
      look,
    ),
    ...coverageLines(precheck, look),
    ...tableLines(precheck, isWhole, look),
    ...comparisonLines(precheck, look),
    '',
    ...(protection ? [protectionLine(protection, look)] : []),
    `${paint.strong(say({ en: 'Outcome', zh: '结果' }))}${say(colon)}${verdict}${completedAt ? paint.dim(took) : ''}`,
    '',
  ].join('\n')
}
