import type { ComparedFinding } from '../../model/comparison.ts'
import { type Outcome, outcomeOf } from '../../model/outcome.ts'
import type { CompletedPrecheck } from '../../model/precheck.ts'
import type { EventType, Webhook } from '../model/webhook.ts'

/** What could not be determined weighs as much as what fails: could not check is never green. */
const severity: Readonly<Record<Outcome, number>> = { passed: 0, warning: 1, failed: 2, inconclusive: 2 }

const isOpen = ({ acknowledged }: ComparedFinding): boolean => !acknowledged

/**
 * A precheck as far as receivers are told of it: what a check item that is not essential found when it was judged for
 * the first time is shown, and no news.
 */
const withoutBaseline = (precheck: CompletedPrecheck): CompletedPrecheck => {
  const { comparison, results } = precheck
  const first = new Set(comparison.new.flatMap(({ baseline, checkItem }) => (baseline ? checkItem : [])))
  if (first.size === 0) return precheck
  return {
    ...precheck,
    outcome: outcomeOf(results.filter(({ checkItem }) => !first.has(checkItem))),
    comparison: { ...comparison, new: comparison.new.filter(({ baseline }) => !baseline) },
  }
}

/** How much worse it is than the previous outcome; negative: better; 0 for a first result. */
const worseBy = ({ outcome, comparison: { previousOutcome } }: CompletedPrecheck): number =>
  previousOutcome === null ? 0 : severity[outcome] - severity[previousOutcome]

const hasNewlyAcknowledged = ({ comparison }: CompletedPrecheck): boolean =>
  comparison.still.some(({ newlyAcknowledged }) => newlyAcknowledged)

/** A warning that nobody has accepted. */
const hasOpenWarning = ({ comparison }: CompletedPrecheck): boolean =>
  [...comparison.new, ...comparison.still].some((finding) => finding.level === 'warning' && isOpen(finding))

/** It is better, and not because somebody accepted a finding. */
const isRecovered = (precheck: CompletedPrecheck): boolean =>
  worseBy(precheck) < 0 && !hasNewlyAcknowledged(precheck)

/** The outcome is another one, and not because somebody accepted a finding. */
const hasOtherOutcome = (precheck: CompletedPrecheck): boolean => {
  const { outcome, comparison } = precheck
  if (outcome === comparison.previousOutcome) return false
  if (worseBy(precheck) <= 0) return !hasNewlyAcknowledged(precheck)
  return outcome !== 'warning' || hasOpenWarning(precheck)
}

/**
 * True for a first result, another outcome than the previous one, a check item that cannot be determined any more, and
 * a finding that is new, resolved or no longer acknowledged. Findings that are acknowledged change nothing by
 * themselves.
 */
export const isChanged = (completed: CompletedPrecheck): boolean => {
  const precheck = withoutBaseline(completed)
  const { comparison } = precheck
  return (
    comparison.previousPrecheckId === null ||
    hasOtherOutcome(precheck) ||
    comparison.newlyUndetermined !== undefined ||
    comparison.new.some(isOpen) ||
    comparison.resolved.some(isOpen) ||
    comparison.still.some(({ noLongerAcknowledged }) => noLongerAcknowledged)
  )
}

/** Every event of a precheck, most important first. A partial precheck has none: it does not stand for the instance. */
export const eventTypesOf = (precheck: CompletedPrecheck): EventType[] => {
  if (precheck.scope === 'partial') return []
  const told = withoutBaseline(precheck)
  const { outcome } = told
  const types: EventType[] = []
  if (outcome === 'failed' || outcome === 'inconclusive') types.push('precheck.failed')
  if (isRecovered(precheck)) types.push('precheck.recovered')
  if (outcome === 'warning' && hasOpenWarning(told)) types.push('precheck.warning')
  return [...types, 'precheck.completed']
}

const isCalled = ({ definition, stopped }: Webhook): boolean => definition.enabled && stopped === null

const lets = ({ filter }: Webhook['definition'], precheck: CompletedPrecheck): boolean => {
  const { instanceId, engine, tags } = precheck
  if (filter.instances && !filter.instances.includes(instanceId)) return false
  if (filter.engine && filter.engine !== engine) return false
  return Object.entries(filter.tags ?? {}).every(([key, value]) => tags?.[key] === value)
}

/** The most important event of the outcome of a precheck that a webhook wants, if there is one: one per webhook at most. */
export const eventFor = (webhook: Webhook, precheck: CompletedPrecheck): EventType | null => {
  const { definition } = webhook
  if (!isCalled(webhook) || !lets(definition, precheck)) return null
  if (definition.only === 'changes' && !isChanged(precheck)) return null
  return eventTypesOf(precheck).find((type) => definition.events.includes(type)) ?? null
}

/** The event of a change in what would be lost; null: nothing has changed. */
const protectionEventOf = ({ scope, comparison }: CompletedPrecheck): EventType | null => {
  const change = comparison.protection?.change
  return scope === 'partial' || change === undefined ? null : `protection.${change}`
}

/** All events of a precheck that a webhook wants: the most important one, and that of its protection beside it. */
export const eventsFor = (webhook: Webhook, precheck: CompletedPrecheck): EventType[] => {
  const { definition } = webhook
  const ofProtection = protectionEventOf(precheck)
  const isWanted =
    ofProtection !== null &&
    isCalled(webhook) &&
    lets(definition, precheck) &&
    definition.events.includes(ofProtection)
  const ofPrecheck = eventFor(webhook, precheck)
  return [...(ofPrecheck ? [ofPrecheck] : []), ...(isWanted ? [ofProtection] : [])]
}

/** Whether a webhook wants completed sweeps. Its filter is for instances, and does not apply. */
export const wantsSweep = (webhook: Webhook): boolean =>
  isCalled(webhook) && webhook.definition.events.includes('sweep.completed')
