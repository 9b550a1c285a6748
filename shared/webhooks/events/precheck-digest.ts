import { allOperations } from '../../model/operation.ts'
import type { Digest, DigestEntry, DigestFix } from './digest-parts.ts'
import type { EventFinding, OperationReadiness, PrecheckData } from './event-data.ts'
import type { WebhookEvent } from './event.ts'
import { clip, dateOf, isOneLine } from './plain-text.ts'
import { engines } from '../../checks/catalogue.ts'
import { renderTerms } from '../../checks/render.ts'
import type { Locale } from '../../model/message.ts'
import { type Counted, type Words, outcomeMarks } from './words.ts'

/** Characters of a text of a message. */
export const maxWhyLength = 200
/** Characters of a name of a message: both engines end at 128. */
const maxNameLength = 128
/** Characters of a command of a message; a longer one is not shown, and never cut. */
const maxCommandLength = 300

/** An entry, and how many findings or items it stands for. */
interface Weighted {
  readonly entry: DigestEntry
  readonly count: number
}

const tones = { passed: 'good', warning: 'fair', inconclusive: 'odd', failed: 'bad' } as const

const subjectOf = ({ type, name }: EventFinding['object'], words: Words): string =>
  type === 'instance'
    ? `${words.instance} ${clip(name, maxNameLength)}`
    : clip(name, maxNameLength) || words.unnamed

/** A command is not shown if a part of it would be hidden, or on a line that could pass for one of the service. */
const isShown = (command: string): boolean => command.length <= maxCommandLength && isOneLine(command)

/** How to fix a finding, by its first step; null where there is none. */
export const fixOf = ({ fix, moreSteps }: EventFinding, words: Words): DigestFix | null => {
  const [first] = fix
  if (!first) return null
  const rest = fix.length - 1 + moreSteps
  const after = rest > 0 ? [words.moreSteps(rest)] : []
  const label = words.fix(first.riskText, first.needsText)
  if (first.command === null) {
    const remark = clip(first.text, maxWhyLength) + after.map(words.inParentheses).join('')
    return { label, command: null, remark }
  }
  if (!isShown(first.command)) return { label, command: null, remark: words.elsewhere }
  return { label, command: first.command, remark: after[0] ?? null }
}

const byObject = (findings: readonly EventFinding[]): EventFinding[][] => {
  const groups = new Map<string, EventFinding[]>()
  for (const finding of findings) {
    const key = JSON.stringify([finding.object.type, finding.object.name])
    const known = groups.get(key)
    if (known) known.push(finding)
    else groups.set(key, [finding])
  }
  return [...groups.values()]
}

/** One entry for all findings of an object; why and fix are those of the worst, which comes first. */
const objectEntry = (findings: readonly EventFinding[], locale: Locale, words: Words): Weighted[] => {
  const [worst] = findings
  if (!worst) return []
  const blocked = allOperations.filter((operation) =>
    findings.some(({ blocks }) => blocks.includes(operation)),
  )
  const effect = blocked.length > 0 ? words.blocked(renderTerms(blocked, locale)) : words.effects[worst.level]
  const others = findings.length - 1
  const entry = {
    subject: subjectOf(worst.object, words),
    effect: `${effect} · ${words.changes[worst.change]}`,
    why: clip(worst.text, maxWhyLength) + (others > 0 ? words.inParentheses(words.others(others)) : ''),
    fix: fixOf(worst, words),
  }
  return [{ entry, count: findings.length }]
}

/** A check item that was not determined. */
export const undeterminedEntry = (item: PrecheckData['undetermined'][number], words: Words): DigestEntry => ({
  // The title says how it should be: that this is not known has to come first.
  subject: words.undetermined,
  effect: `“${clip(item.title, maxNameLength)}” · ${words.changes[item.change]}`,
  why: clip(item.text, maxWhyLength),
  fix: item.advice ? { label: words.advice, command: null, remark: clip(item.advice, maxWhyLength) } : null,
})

const resolvedEntry = (finding: PrecheckData['resolved'][number], words: Words): Weighted => ({
  entry: {
    subject: subjectOf(finding.object, words),
    effect: words.resolved,
    why: words.before(clip(finding.text, maxWhyLength)),
    fix: null,
  },
  count: 1,
})

const verdictOf = (data: PrecheckData, type: WebhookEvent['type'], words: Words): string => {
  const { outcome, previousOutcome, unchangedSince } = data
  if (type === 'precheck.reminder' && unchangedSince)
    return words.outcomes[outcome] + words.inParentheses(words.unchangedSince(dateOf(unchangedSince)))
  if (type !== 'precheck.recovered' || !previousOutcome) return words.outcomes[outcome]
  return (
    words.recovered + words.inParentheses(`${words.outcomes[previousOutcome]} → ${words.outcomes[outcome]}`)
  )
}

/** Counts of every operation, unless all of them are whole or there is nothing to count. */
const countsNote = (
  { readiness, locale }: PrecheckData,
  countsOf: (cell: OperationReadiness) => Omit<Counted, 'name'>,
  note: (counted: readonly Counted[]) => string,
): string[] => {
  const counted = allOperations.flatMap((operation) => {
    const cell = readiness[operation]
    return cell ? [{ name: renderTerms([operation], locale), ...countsOf(cell) }] : []
  })
  const known = counted.filter(({ total }) => total > 0)
  return known.some(({ count, total }) => count < total) ? [note(known)] : []
}

/** How many databases are ready, and how many of the check items that say so were judged. */
const readinessNotes = (data: PrecheckData, words: Words): string[] => [
  ...countsNote(data, ({ databases: { ready: count, total } }) => ({ count, total }), words.readyDatabases),
  ...countsNote(data, ({ coverage: { judged: count, total } }) => ({ count, total }), words.judgedItems),
]

/** What a message about a precheck says: for a recovery what is resolved first, else what is wrong and nothing else. */
export const precheckDigest = (
  data: PrecheckData,
  type: WebhookEvent['type'],
  words: Words,
  maxEntries: number,
): Digest => {
  const isRecovery = type === 'precheck.recovered'
  const { totals, instanceId, engine, region, outcome, links } = data
  const all = [
    ...(isRecovery ? data.resolved.map((finding) => resolvedEntry(finding, words)) : []),
    ...byObject(data.findings).flatMap((findings) => objectEntry(findings, data.locale, words)),
    ...data.undetermined.map((item) => ({ entry: undeterminedEntry(item, words), count: 1 })),
  ]
  const shown = all.slice(0, maxEntries)
  const total = totals.findings + totals.undetermined + (isRecovery ? totals.resolved : 0)
  const left = total - shown.reduce((sum, { count }) => sum + count, 0)
  return {
    tone: tones[outcome],
    title: `${outcomeMarks[outcome]} ${words.product} · ${instanceId}${words.colon}${verdictOf(data, type, words)}`,
    notes: [
      [engines[engine].title, clip(region, maxNameLength), ...words.totals(totals)].join(' · '),
      ...readinessNotes(data, words),
    ],
    entries: shown.map(({ entry }) => entry),
    more: left > 0 ? words.more(left) : null,
    footer: words.details(links.precheck),
  }
}
