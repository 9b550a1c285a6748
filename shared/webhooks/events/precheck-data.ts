import { findCheck } from '../../checks/catalogue.ts'
import { renderMessage, renderReason, renderRemediation } from '../../checks/render.ts'
import type { ComparedFinding } from '../../model/comparison.ts'
import type { AffectedObject, Finding } from '../../model/finding.ts'
import type { Locale } from '../../model/message.ts'
import { type Operation, allOperations } from '../../model/operation.ts'
import { isUnanswered } from '../../model/outcome.ts'
import { type ShownPrecheck, instanceReadinessIn } from '../../model/extract.ts'
import type { CompletedPrecheck } from '../../model/precheck.ts'
import type { RenderedStep } from '../../model/remediation.ts'
import type { EventFinding, EventStep, PrecheckData } from './event-data.ts'
import { clip } from './plain-text.ts'

/** Entries of each list that an event holds at most. */
export const maxEntries = 50

/** Characters of a text; those of the catalogue with ordinary names are shorter. */
const maxTextLength = 500
/** Characters of the name of an object; both engines end at 128. */
const maxNameLength = 200
const maxSteps = 3
/** Characters of a command. A longer one is left out: a part of a command is of no use. */
const maxCommandLength = 1000

const nameOf = ({ type, name }: AffectedObject): AffectedObject => ({
  type,
  name: name.length <= maxNameLength ? name : clip(name, maxNameLength),
})

/** What the comparison says of a finding. */
type Seen = Pick<EventFinding, 'change' | 'since'>

const seenAs = (compared: ComparedFinding, otherwise: 'new' | 'still'): Seen => {
  const { since, acknowledged, noLongerAcknowledged } = compared
  if (acknowledged) return { change: 'acknowledged', since }
  return { change: noLongerAcknowledged ? 'returned' : otherwise, since }
}

const seenByFingerprint = ({ comparison }: CompletedPrecheck): ReadonlyMap<string, Seen> =>
  new Map([
    ...comparison.still.map((one) => [one.fingerprint, seenAs(one, 'still')] as const),
    ...comparison.new.map((one) => [one.fingerprint, seenAs(one, 'new')] as const),
  ])

const stepOf = (step: RenderedStep): EventStep => {
  const { language, risk, riskText, needs, needsText, text, command } = step
  return { language, risk, riskText, needs, needsText, text: clip(text, maxTextLength), command }
}

const fixOf = ({ remediation }: Finding, locale: Locale): Pick<EventFinding, 'fix' | 'moreSteps'> => {
  const steps = remediation ? renderRemediation(remediation, locale).steps.map(stepOf) : []
  const tooLong = steps.findIndex(({ command }) => (command?.length ?? 0) > maxCommandLength)
  const whole = tooLong < 0 ? steps : steps.slice(0, tooLong)
  const fix = whole.slice(0, maxSteps)
  return { fix, moreSteps: steps.length - fix.length }
}

const levels: readonly Finding['level'][] = ['failed', 'error', 'warning']
const changes: readonly EventFinding['change'][] = ['new', 'returned', 'still', 'acknowledged']

/** Acknowledged ones last; worst first; then what has changed first. */
const byWeight = (one: EventFinding, other: EventFinding): number =>
  Number(one.change === 'acknowledged') - Number(other.change === 'acknowledged') ||
  levels.indexOf(one.level) - levels.indexOf(other.level) ||
  changes.indexOf(one.change) - changes.indexOf(other.change)

const findingOf = (finding: Finding, { change, since }: Seen, locale: Locale): EventFinding => {
  const { fingerprint, checkItem, object, level, message, blocks } = finding
  return {
    fingerprint,
    checkItem,
    object: nameOf(object),
    level,
    change,
    since,
    text: clip(renderMessage(checkItem, message, locale), maxTextLength),
    blocks,
    ...fixOf(finding, locale),
  }
}

const findingsOf = (precheck: CompletedPrecheck, locale: Locale): EventFinding[] => {
  const seen = seenByFingerprint(precheck)
  return precheck.results
    .flatMap(({ findings }) => findings)
    .flatMap((finding) => {
      const known = seen.get(finding.fingerprint)
      return known ? [findingOf(finding, known, locale)] : []
    })
    .toSorted(byWeight)
}

const blockedOf = (findings: readonly EventFinding[]): PrecheckData['blocked'] => {
  const byObject = new Map<string, { object: AffectedObject; operations: Set<Operation> }>()
  for (const { object, blocks } of findings) {
    if (blocks.length === 0) continue
    const key = JSON.stringify([object.type, object.name])
    const known = byObject.get(key) ?? { object, operations: new Set() }
    for (const operation of blocks) known.operations.add(operation)
    byObject.set(key, known)
  }
  return [...byObject.values()].map(({ object, operations }) => ({
    object,
    operations: allOperations.filter((operation) => operations.has(operation)),
  }))
}

const undeterminedOf = (
  { results, comparison }: CompletedPrecheck,
  locale: Locale,
): PrecheckData['undetermined'] =>
  results.filter(isUnanswered).flatMap(({ checkItem, status, reason }) => {
    if (!reason) return []
    const { text, advice } = renderReason(reason, locale)
    return {
      checkItem,
      status,
      change: comparison.newlyUndetermined?.includes(checkItem) ? 'new' : 'still',
      title: findCheck(checkItem)?.title[locale] ?? checkItem,
      text: clip(text, maxTextLength),
      advice: clip(advice, maxTextLength),
    }
  })

const resolvedOf = ({ comparison }: CompletedPrecheck, locale: Locale): PrecheckData['resolved'] =>
  comparison.resolved.map(({ fingerprint, checkItem, object, level, since, message }) => ({
    fingerprint,
    checkItem,
    object: nameOf(object),
    level,
    since,
    text: clip(renderMessage(checkItem, message, locale), maxTextLength),
  }))

const summaryIn = (precheck: ShownPrecheck): PrecheckData['readiness'] => {
  const instance = instanceReadinessIn(precheck)
  const summaries = precheck.operations.map((operation) => {
    const { verdict, databases, coverage } = instance[operation]
    return [operation, { verdict, databases, coverage }] as const
  })
  return Object.fromEntries(summaries)
}

/** Everything that an event tells of a precheck, however much that is. */
export const precheckData = (precheck: ShownPrecheck, locale: Locale): PrecheckData => {
  const { id, instanceId, engine, region, trigger, startedAt, completedAt, outcome, comparison } = precheck
  const { totals } = comparison
  const findings = findingsOf(precheck, locale)
  const blocked = blockedOf(findings)
  const undetermined = undeterminedOf(precheck, locale)
  const resolved = resolvedOf(precheck, locale)
  return {
    kind: 'precheck',
    locale,
    precheckId: id,
    instanceId,
    engine,
    region,
    trigger,
    startedAt,
    completedAt,
    outcome,
    previousOutcome: comparison.previousOutcome,
    unchangedSince: comparison.unchanged?.since ?? null,
    totals: {
      blocked: precheck.large?.blocked ?? blocked.length,
      findings: totals ? totals.new + totals.still : findings.length,
      undetermined: undetermined.length,
      resolved: totals?.resolved ?? resolved.length,
    },
    readiness: summaryIn(precheck),
    blocked,
    findings,
    undetermined,
    resolved,
    links: {
      precheck: `/v1/prechecks/${id}`,
      remediation: `/v1/prechecks/${id}/remediation.sql`,
      instance: `/v1/instances/${instanceId}`,
      readiness: `/v1/instances/${instanceId}/readiness`,
    },
  }
}

/** The same with at most `limit` entries in each list. `totals` still says how many there are. */
export const withEntries = (data: PrecheckData, limit: number): PrecheckData => ({
  ...data,
  blocked: data.blocked.slice(0, limit),
  findings: data.findings.slice(0, limit),
  undetermined: data.undetermined.slice(0, limit),
  resolved: data.resolved.slice(0, limit),
})
