import type { Outcome } from '../../../shared/model/outcome.ts'
import type { SweepView } from '../../../functions/api/views/sweep-view.ts'
import type { SweepEntry } from '../service/follow-sweep.ts'
import { indented, statusMarks, statusTone } from './layout.ts'
import type { Paint } from './paint.ts'

type Counts = SweepView['counts']

/** Instances that a report names at most; the rest is counted. */
const maxEntries = 100

/** The worst that a sweep came to; an instance that was not run leaves something open, and so does not pass. */
export const sweepOutcome = ({ started, failed, inconclusive, warning, notRun }: Counts): Outcome => {
  if (failed > 0) return 'failed'
  if (inconclusive > 0 || started === 0) return 'inconclusive'
  return warning + notRun > 0 ? 'warning' : 'passed'
}

/** How many instances there are of each kind, without the kinds of which there is none. */
export const countsText = (counts: Counts): string => {
  const { waiting, running, passed, warning, failed, inconclusive, notRun } = counts
  return Object.entries({ waiting, running, passed, warning, failed, inconclusive, 'not run': notRun })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')
}

const itemLine = (
  { checkItem, status, findings, reason }: SweepEntry['items'][number],
  paint: Paint,
): string => {
  const count = findings === 1 ? '1 finding' : `${findings} findings`
  return `${paint[statusTone[status]](statusMarks[status])} ${checkItem}: ${reason ?? count}`
}

const entryLines = ({ instanceId, status, notRun, items }: SweepEntry, paint: Paint): string[] => {
  const mark = paint[statusTone[status]](`${statusMarks[status]} ${status.replace('_', ' ').padEnd(12)}`)
  const why = notRun ? [notRun.text] : items.map((item) => itemLine(item, paint))
  return [`${mark} ${paint.strong(instanceId)}`, ...indented(why, 15)]
}

/** A completed sweep as a person reads it: the instances that did not pass, and why. */
export const sweepReport = (
  { id, counts }: SweepView,
  troubled: readonly SweepEntry[],
  paint: Paint,
): string => {
  const hidden = troubled.length - maxEntries
  const outcome = sweepOutcome(counts)
  const text = countsText(counts) || 'no enabled instance matches'
  return [
    '',
    `${paint.strong('Sweep')}  ${paint.dim(id)}`,
    '',
    ...troubled.slice(0, maxEntries).flatMap((entry) => entryLines(entry, paint)),
    ...(hidden > 0 ? [paint.dim(`… and ${hidden} more (--output json lists all)`)] : []),
    ...(troubled.length > 0 ? [''] : []),
    `${paint.strong('Outcome')}: ${paint[statusTone[outcome]](outcome.toUpperCase())}  ${text}`,
    '',
  ].join('\n')
}
