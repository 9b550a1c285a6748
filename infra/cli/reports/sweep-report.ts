import type { Outcome } from '../../../shared/model/outcome.ts'
import type { SweepView } from '../../../functions/api/views/sweep-view.ts'
import type { SweepEntry } from '../service/follow-sweep.ts'
import { padded } from './cells.ts'
import { indented, statusMarks, statusTone, wrapped } from './layout.ts'
import type { Look, Say } from './terminal.ts'
import { colon, comma, outcomeWords, statusWords } from './words.ts'

type Counts = SweepView['counts']

/** Instances that a report names at most; the rest is counted. */
const maxEntries = 100

/** Cells of mark and status. */
const entryIndent = 15

/** The worst that a sweep came to; an instance that was not run leaves something open, and so does not pass. */
export const sweepOutcome = ({ started, failed, inconclusive, warning, notRun }: Counts): Outcome => {
  if (failed > 0) return 'failed'
  if (inconclusive > 0 || started === 0) return 'inconclusive'
  return warning + notRun > 0 ? 'warning' : 'passed'
}

/** How many instances there are of each kind, without the kinds of which there is none. */
export const countsText = (counts: Counts, say: Say): string => {
  const { waiting, running, passed, warning, failed, inconclusive, notRun } = counts
  return [
    { word: statusWords.waiting, count: waiting },
    { word: statusWords.running, count: running },
    { word: statusWords.passed, count: passed },
    { word: statusWords.warning, count: warning },
    { word: statusWords.failed, count: failed },
    { word: statusWords.inconclusive, count: inconclusive },
    { word: statusWords.not_run, count: notRun },
  ]
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => say({ en: `${count} ${word.en}`, zh: `${word.zh} ${count}` }))
    .join(say(comma))
}

const itemLine = (
  { checkItem, status, findings, reason }: SweepEntry['items'][number],
  { paint, say }: Look,
): string => {
  const count = { en: findings === 1 ? '1 finding' : `${findings} findings`, zh: `${findings} 项检查结果` }
  return `${paint[statusTone[status]](statusMarks[status])} ${checkItem}${say(colon)}${reason ?? say(count)}`
}

const entryLines = ({ instanceId, status, notRun, items }: SweepEntry, look: Look): string[] => {
  const { paint, say, width } = look
  const head = `${statusMarks[status]} ${padded(say(statusWords[status]), entryIndent - 3)}`
  const why = notRun ? [notRun.text] : items.map((item) => itemLine(item, look))
  return [
    `${paint[statusTone[status]](head)} ${paint.strong(instanceId)}`,
    ...indented(why, entryIndent).flatMap((line) => wrapped(line, { width, hanging: entryIndent + 2 })),
  ]
}

/** A sweep as a person reads it: what it came to, the instances that did not pass, and why. */
export const sweepReport = (
  { id, counts }: SweepView,
  troubled: readonly SweepEntry[],
  look: Look,
): string => {
  const { paint, say } = look
  const hidden = troubled.length - maxEntries
  const outcome = sweepOutcome(counts)
  const none = { en: 'no enabled instance matches', zh: '没有匹配的已启用实例' }
  const text = countsText(counts, say) || say(none)
  const verdict = paint[statusTone[outcome]](say(outcomeWords[outcome]).toUpperCase())
  const more = {
    en: `… and ${hidden} more (--output json lists all)`,
    zh: `… 另有 ${hidden} 个（--output json 可列出全部）`,
  }
  return [
    '',
    `${paint.strong(say({ en: 'Sweep', zh: '巡检' }))}  ${paint.dim(id)}`,
    `${verdict}${say(colon)}${text}`,
    '',
    ...troubled.slice(0, maxEntries).flatMap((entry) => entryLines(entry, look)),
    ...(hidden > 0 ? [paint.dim(say(more))] : []),
    ...(troubled.length > 0 ? [''] : []),
    `${paint.strong(say({ en: 'Outcome', zh: '结果' }))}${say(colon)}${verdict}  ${text}`,
    '',
  ].join('\n')
}
