import type { SweepCounts, SweepTroubled } from '../../model/sweep.ts'
import type { Digest } from './digest-parts.ts'
import type { MissedData, SampleData, SweepData } from './event-data.ts'
import type { WebhookEvent } from './event.ts'
import { nightDigest } from './night-digest.ts'
import { precheckDigest } from './precheck-digest.ts'
import { protectionDigest } from './protection-digest.ts'
import { type Words, outcomeMarks, toneMarks, wordsOf } from './words.ts'

/** Instances that one line names: ids have 64 characters at most. */
const maxNames = 5

/** A time as people read it, to the minute (UTC). */
const minuteOf = (time: string): string => time.slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ')

const sweepTone = ({ counts }: SweepData): Digest['tone'] => {
  if (!counts) return 'odd'
  if (counts.failed > 0) return 'bad'
  if (counts.inconclusive > 0) return 'odd'
  return counts.warning + counts.notRun > 0 ? 'fair' : 'good'
}

const troubledKinds = ['failed', 'inconclusive', 'notRun'] as const

const troubledNotes = (troubled: SweepTroubled, counts: SweepCounts, words: Words): string[] =>
  troubledKinds.flatMap((kind) =>
    counts[kind] > 0 ? [words.troubled(kind, troubled[kind].slice(0, maxNames), counts[kind])] : [],
  )

const sweepDigest = (data: SweepData, words: Words): Digest => {
  const tone = sweepTone(data)
  return {
    tone,
    title: `${toneMarks[tone]} ${words.product} · ${words.sweep(data.sweep, data.sweepId)}`,
    notes: data.counts
      ? [...words.counts(data.counts), ...troubledNotes(data.troubled, data.counts, words)]
      : [],
    entries: [],
    more: null,
    footer: words.details(data.links.sweep),
  }
}

const missedDigest = (
  { night, totals, instances, from, until, links }: MissedData,
  words: Words,
): Digest => ({
  tone: 'bad',
  title: `${outcomeMarks.failed} ${words.product} · ${words.missed(night, totals)}`,
  notes: [
    words.missedDue(minuteOf(from), minuteOf(until)),
    words.troubled('notRun', instances.slice(0, maxNames), totals.missed),
  ],
  entries: [],
  more: null,
  footer: words.details(links.night),
})

const sampleDigest = (data: SampleData, words: Words, maxEntries: number): Digest => {
  const example = precheckDigest(data.example, 'precheck.failed', words, maxEntries)
  return {
    ...example,
    tone: 'good',
    title: `${outcomeMarks.passed} ${words.product} · ${words.sample}`,
    notes: [data.text, `${words.example}${words.colon}${example.title}`],
    footer: words.sample,
  }
}

/** The short form of an event, with at most so many entries. */
export const digestOf = ({ type, data }: WebhookEvent, maxEntries: number): Digest => {
  const words = wordsOf[data.locale]
  switch (data.kind) {
    case 'precheck':
      return precheckDigest(data, type, words, maxEntries)
    case 'missed':
      return missedDigest(data, words)
    case 'night':
      return nightDigest(data, words, maxEntries)
    case 'sweep':
      return sweepDigest(data, words)
    case 'protection':
      return protectionDigest(data, words, maxEntries)
    case 'sample':
      return sampleDigest(data, words, maxEntries)
  }
}
