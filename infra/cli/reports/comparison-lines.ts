import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { Text } from '../../../shared/model/message.ts'
import { levelTone, wrapped } from './layout.ts'
import { moment } from '../service/moment.ts'
import type { Look } from './terminal.ts'
import { colon, levelWords, outcomeWords } from './words.ts'

type Comparison = NonNullable<PrecheckView['comparison']>
type Compared = Comparison['new'][number]

/** Findings that each part of the comparison shows at most; the rest is counted. */
const maxFindings = 10

/** Since when a finding is there, and what became of its acknowledgement. */
const sinceOf = ({ since, acknowledged, newlyAcknowledged, noLongerAcknowledged }: Compared): Text => {
  const begun = newlyAcknowledged
    ? { en: ', now acknowledged', zh: '，新近确认' }
    : { en: ', acknowledged', zh: '，已确认' }
  const ended = noLongerAcknowledged
    ? { en: ', no longer acknowledged', zh: '，不再视为已确认' }
    : { en: '', zh: '' }
  const state = acknowledged ? begun : ended
  return { en: `  (since ${moment(since)}${state.en})`, zh: `（自 ${moment(since)} 起${state.zh}）` }
}

/** One part of the comparison: how many (`count`), each in its line, the rest counted. */
const partLines = (
  title: Text,
  findings: readonly Compared[],
  line: (finding: Compared) => string,
  count: number | undefined,
  { say, width }: Look,
): string[] => {
  const all = count ?? findings.length
  const hidden = all - Math.min(findings.length, maxFindings)
  const rest =
    all === findings.length
      ? { en: ' (--output json lists all)', zh: '（--output json 可列出全部）' }
      : { en: '', zh: '' }
  const end = all > 0 ? ':' : ''
  return [
    say({ en: `  ${all} ${title.en}${end}`, zh: `  ${title.zh} ${all} 项${end && '：'}` }),
    ...findings.slice(0, maxFindings).flatMap((each) => wrapped(`    ${line(each)}`, { width, hanging: 6 })),
    ...(hidden > 0
      ? [say({ en: `    … and ${hidden} more${rest.en}`, zh: `    … 另有 ${hidden} 项${rest.zh}` })]
      : []),
  ]
}

/** What is new, what is resolved, and what is still there since when. */
export const changeLines = (comparison: Comparison, look: Look): string[] => {
  const { resolved, still, undetermined, newlyUndetermined, totals } = comparison
  const { paint, say } = look
  const level = (finding: Compared) => paint[levelTone[finding.level]](say(levelWords[finding.level]))
  const accepted = ({ acknowledged }: Compared) =>
    acknowledged ? paint.dim(say({ en: '  (acknowledged)', zh: '（已确认）' })) : ''
  const since = (finding: Compared) => paint.dim(say(sinceOf(finding)))
  const told = (one: Compared): string => `${level(one)}${say(colon)}${one.text}`
  const gone = paint.good(say({ en: 'resolved', zh: '已解决' }))
  const part = (
    title: Text,
    findings: readonly Compared[],
    line: (one: Compared) => string,
    count?: number,
  ) => partLines(title, findings, line, count, look)
  return [
    ...part({ en: 'new', zh: '新增' }, comparison.new, (one) => told(one) + accepted(one), totals?.new),
    ...part(
      { en: 'resolved', zh: '已解决' },
      resolved,
      (one) => `${gone}${say(colon)}${one.text}${since(one)}`,
      totals?.resolved,
    ),
    ...part({ en: 'still present', zh: '仍存在' }, still, (one) => told(one) + since(one), totals?.still),
    ...(undetermined.length > 0
      ? part(
          { en: 'not determined now', zh: '本次未能判定' },
          undetermined,
          (one) => one.text + since(one),
          totals?.undetermined,
        )
      : []),
    ...(newlyUndetermined
      ? [
          `  ${paint.odd(say({ en: 'no longer determined', zh: '不再能判定' }))}${say(colon)}${newlyUndetermined.join(', ')}`,
        ]
      : []),
  ]
}

/** What changed against the last result; none where there was no result before. */
export const comparisonLines = ({ comparison }: PrecheckView, look: Look): string[] => {
  if (!comparison?.previousPrecheckId) return []
  const { paint, say } = look
  const { previousPrecheckId, previousOutcome } = comparison
  const came = previousOutcome ? `, ${say(outcomeWords[previousOutcome])}` : ''
  const head = say({ en: 'Against the last result', zh: '与上次结果相比' })
  return [
    '',
    `${paint.strong(head)}  ${paint.dim(previousPrecheckId + came)}`,
    ...changeLines(comparison, look),
  ]
}
