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

/** One part of the comparison: how many, each in its line, the rest counted. */
const partLines = (
  title: string,
  findings: readonly Compared[],
  line: (finding: Compared) => string,
): string[] => {
  const hidden = findings.length - maxFindings
  return [
    `  ${findings.length} ${title}${findings.length > 0 ? ':' : ''}`,
    ...indented(findings.slice(0, maxFindings).map(line), 4),
    ...(hidden > 0 ? [`    … and ${hidden} more (--output json lists all)`] : []),
  ]
}

/** What changed against the last result: what is new, what is resolved, and what is still there since when. */
export const comparisonLines = ({ comparison }: PrecheckView, paint: Paint): string[] => {
  if (!comparison?.previousPrecheckId) return []
  const { previousPrecheckId, previousOutcome, resolved, still, undetermined, newlyUndetermined } = comparison
  const level = (finding: Compared) => paint[levelTone[finding.level]](finding.level)
  const accepted = ({ acknowledged }: Compared) => (acknowledged ? paint.dim('  (acknowledged)') : '')
  const since = (finding: Compared) => paint.dim(`  (${sinceOf(finding)})`)
  return [
    '',
    `${paint.strong('Against the last result')}  ${paint.dim(`${previousPrecheckId}, ${previousOutcome}`)}`,
    ...partLines('new', comparison.new, (one) => `${level(one)}: ${one.text}${accepted(one)}`),
    ...partLines('resolved', resolved, (one) => `${paint.good('resolved')}: ${one.text}${since(one)}`),
    ...partLines('still present', still, (one) => `${level(one)}: ${one.text}${since(one)}`),
    ...(undetermined.length > 0
      ? partLines('not determined now', undetermined, (one) => `${one.text}${since(one)}`)
      : []),
    ...(newlyUndetermined ? [`  ${paint.odd('no longer determined')}: ${newlyUndetermined.join(', ')}`] : []),
  ]
}
