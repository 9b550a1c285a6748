import { renderTerms } from '../../checks/render.ts'
import type { Locale } from '../../model/message.ts'
import type { Digest, DigestEntry } from './digest-parts.ts'
import type { NightData, NightTrouble } from './event-data.ts'
import { clip, dateOf } from './plain-text.ts'
import { fixOf, maxWhyLength, undeterminedEntry } from './precheck-digest.ts'
import { type Words, toneMarks } from './words.ts'

/** Names of recovered instances in one line: ids have 64 characters at most. */
const maxNames = 5

const toneOf = ({ failed, inconclusive, notRun, warning }: NightData['counts']): Digest['tone'] => {
  if (failed > 0) return 'bad'
  if (inconclusive + notRun > 0) return 'odd'
  return warning > 0 ? 'fair' : 'good'
}

/** What is wrong, as far as it is known: of an instance that could not be judged what was not determined comes first. */
const causeOf = (trouble: NightTrouble, words: Words): Pick<DigestEntry, 'why' | 'fix'> => {
  const { status, worst, undetermined, notRun, totals } = trouble
  if (worst && (status === 'failed' || !undetermined)) {
    const others = totals.findings - 1
    const more = others > 0 ? words.inParentheses(words.otherFindings(others)) : ''
    return { why: clip(worst.text, maxWhyLength) + more, fix: fixOf(worst, words) }
  }
  if (!undetermined) return { why: clip(notRun ?? '', maxWhyLength), fix: null }
  const { why, fix } = undeterminedEntry(undetermined, words)
  return { why: `“${undetermined.title}”${words.colon}${why}`, fix }
}

const entryOf = (trouble: NightTrouble, locale: Locale, words: Words): DigestEntry => {
  const { instanceId, status, change, since, blocks } = trouble
  const unchanged = since === null ? [] : [words.unchangedSince(dateOf(since))]
  const seen = change === 'new' ? [words.changes.new] : unchanged
  return {
    subject: instanceId,
    effect: [
      words.nightStatuses[status],
      ...(blocks.length > 0 ? [words.blocked(renderTerms(blocks, locale))] : []),
      ...seen,
    ].join(' · '),
    ...causeOf(trouble, words),
  }
}

/** What a message about a night says: how many, what is news, and what is wrong with the first of them. */
export const nightDigest = (data: NightData, words: Words, maxEntries: number): Digest => {
  const { night, counts, totals, troubled, recovered, links, locale } = data
  const tone = toneOf(counts)
  const shown = troubled.slice(0, maxEntries)
  const left = totals.troubled - shown.length
  return {
    tone,
    title: `${toneMarks[tone]} ${words.product} · ${words.night(night, totals.troubled, counts.started + counts.notRun)}`,
    notes: [...words.counts(counts), ...words.nightNews(totals, recovered.slice(0, maxNames))],
    entries: shown.map((trouble) => entryOf(trouble, locale, words)),
    more: left > 0 ? words.more(left) : null,
    footer: words.details(links.night),
  }
}
