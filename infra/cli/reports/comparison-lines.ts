import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { indented, levelTone, moment } from './layout.ts'
import type { Paint } from './paint.ts'

type Compared = NonNullable<PrecheckView['comparison']>['new'][number]

/** Findings that each part of the comparison shows at most; the rest is counted. */
const maxFindings = 10

/** Since when a finding is there, and what became of its acknowledgement. */
const sinceOf = ({ since, acknowledged, newlyAcknowledged, noLongerAcknowledged }: Compared): string => {
  const begun = newlyAcknowledged ? ', now acknowledged' : ', acknowledged'
  const ended = noLongerAcknowledged ? ', no longer acknowledged' : ''
  return `since ${moment(since)}${acknowledged ? begun : ended}`
}

/** One part of the comparison: how many (`count`), each in its line, the rest counted. */
const partLines = (
  title: string,
  findings: readonly Compared[],
  line: (finding: Compared) => string,
  count = findings.length,
): string[] => {
  const hidden = count - Math.min(findings.length, maxFindings)
  const rest = count === findings.length ? ' (--output json lists all)' : ''
  return [
    `  ${count} ${title}${count > 0 ? ':' : ''}`,
    ...indented(findings.slice(0, maxFindings).map(line), 4),
    ...(hidden > 0 ? [`    … and ${hidden} more${rest}`] : []),
  ]
}

/** What changed against the last result: what is new, what is resolved, and what is still there since when. */
export const comparisonLines = ({ comparison }: PrecheckView, paint: Paint): string[] => {
  if (!comparison?.previousPrecheckId) return []
  const { previousPrecheckId, previousOutcome, resolved, still, undetermined, newlyUndetermined, totals } =
    comparison
  const level = (finding: Compared) => paint[levelTone[finding.level]](finding.level)
  const accepted = ({ acknowledged }: Compared) => (acknowledged ? paint.dim('  (acknowledged)') : '')
  const since = (finding: Compared) => paint.dim(`  (${sinceOf(finding)})`)
  return [
    '',
    `${paint.strong('Against the last result')}  ${paint.dim(`${previousPrecheckId}, ${previousOutcome}`)}`,
    ...partLines('new', comparison.new, (one) => `${level(one)}: ${one.text}${accepted(one)}`, totals?.new),
    ...partLines(
      'resolved',
      resolved,
      (one) => `${paint.good('resolved')}: ${one.text}${since(one)}`,
      totals?.resolved,
    ),
    ...partLines('still present', still, (one) => `${level(one)}: ${one.text}${since(one)}`, totals?.still),
    ...(undetermined.length > 0
      ? partLines(
          'not determined now',
          undetermined,
          (one) => `${one.text}${since(one)}`,
          totals?.undetermined,
        )
      : []),
    ...(newlyUndetermined ? [`  ${paint.odd('no longer determined')}: ${newlyUndetermined.join(', ')}`] : []),
  ]
}
