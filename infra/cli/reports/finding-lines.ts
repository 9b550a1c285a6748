import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { RenderedStep } from '../../../shared/model/remediation.ts'
import { indented, levelTone, wrapped } from './layout.ts'
import { moment } from '../service/moment.ts'
import type { Look } from './terminal.ts'
import { colon, comma, levelWords, operationWords } from './words.ts'

type Item = PrecheckView['items'][number]
type Finding = Item['findings'][number]

/** Cells before what is said of an item: mark and status. */
export const itemIndent = 12

/** A text in lines as wide as the terminal, `by` cells from the left; those that follow its first a little further. */
export const block = (text: string, by: number, { width }: Look): string[] =>
  indented([text], by).flatMap((line) => wrapped(line, { width, hanging: by + 2 }))

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
export type FirstFixed = ReadonlyMap<string, string>

/** Which of these items says first how something is fixed: those after it refer to it. */
export const firstFixedIn = (items: readonly Item[]): FirstFixed =>
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

/** A finding: what is wrong, what it blocks, who accepts it, and how it is fixed. */
export const findingLines = (finding: Finding, firstFixed: FirstFixed, look: Look): string[] => {
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
