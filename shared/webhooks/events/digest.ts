import type { SweepCounts, SweepTroubled } from '../../model/sweep.ts'
import type { SampleData, SweepData } from './event-data.ts'
import type { WebhookEvent } from './event.ts'
import { precheckDigest } from './precheck-digest.ts'
import { type Words, outcomeMarks, wordsOf } from './words.ts'

/** How to fix something. `command` is typed as it is; null where it cannot be shown in a chat. */
export interface DigestFix {
  /** Comes before the command or the remark, colon included. */
  readonly label: string
  readonly command: string | null
  /** Beside or instead of the command. */
  readonly remark: string | null
}

/** One object: what it is, what is blocked, why, and the fix. Texts are on one line each and hold names as they are. */
export interface DigestEntry {
  readonly subject: string
  readonly effect: string
  readonly why: string
  readonly fix: DigestFix | null
}

/** A short message as a person reads it in a chat, not yet in the markup of any. */
export interface Digest {
  /** How bad it is, for colours. */
  readonly tone: 'good' | 'fair' | 'odd' | 'bad'
  readonly title: string
  readonly notes: readonly string[]
  readonly entries: readonly DigestEntry[]
  /** How many more there are; null when all are shown. */
  readonly more: string | null
  /** Where to read everything. */
  readonly footer: string
}

/** Entries of a message at most: it is read on a telephone. */
export const maxDigestEntries = 10

/** Instances that one line names: ids have 64 characters at most. */
const maxNames = 5

const sweepTone = ({ counts }: SweepData): Digest['tone'] => {
  if (!counts) return 'odd'
  if (counts.failed > 0) return 'bad'
  if (counts.inconclusive > 0) return 'odd'
  return counts.warning + counts.notRun > 0 ? 'fair' : 'good'
}

const toneMarks = {
  good: outcomeMarks.passed,
  fair: outcomeMarks.warning,
  odd: outcomeMarks.inconclusive,
  bad: outcomeMarks.failed,
} as const

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
    case 'sweep':
      return sweepDigest(data, words)
    case 'sample':
      return sampleDigest(data, words, maxEntries)
  }
}
