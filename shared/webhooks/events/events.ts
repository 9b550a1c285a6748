import { hasOpenWarning, isChanged, isRecovered, isReminderDue, withoutBaseline } from '../../model/news.ts'
import type { CompletedPrecheck } from '../../model/precheck.ts'
import type { Sweep } from '../../model/sweep.ts'
import type { NightEventType } from '../model/delivery.ts'
import type { EventType, Webhook } from '../model/webhook.ts'

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

/** What a filter looks at. */
type Filtered = Pick<CompletedPrecheck, 'instanceId' | 'engine' | 'tags'>

/** Whether the events of an instance get through a filter. */
export const lets = (
  { filter }: Pick<Webhook['definition'], 'filter'>,
  { instanceId, engine, tags }: Filtered,
): boolean => {
  if (filter.instances && !filter.instances.includes(instanceId)) return false
  if (filter.engine && filter.engine !== engine) return false
  return Object.entries(filter.tags ?? {}).every(([key, value]) => tags?.[key] === value)
}

/** Prechecks of a night are told by its digest, where a webhook wants that. */
const isInDigest = ({ events }: Webhook['definition'], { trigger }: CompletedPrecheck): boolean =>
  trigger === 'schedule' && events.includes('night.digest')

const defaultRemindEveryDays = 7

/** Whether it is time to remind of a precheck that fails as the one before it did. */
const isReminded = (
  { events, remindEveryDays = defaultRemindEveryDays }: Webhook['definition'],
  { scope, outcome, startedAt, comparison }: CompletedPrecheck,
): boolean =>
  events.includes('precheck.reminder') &&
  scope === 'full' &&
  (outcome === 'failed' || outcome === 'inconclusive') &&
  isReminderDue(startedAt, comparison, remindEveryDays)

/** The most important event of the outcome of a precheck that a webhook wants, if there is one: one per webhook at most. */
export const eventFor = (webhook: Webhook, precheck: CompletedPrecheck): EventType | null => {
  const { definition } = webhook
  if (!isCalled(webhook) || !lets(definition, precheck) || isInDigest(definition, precheck)) return null
  const isTold = definition.only === 'always' || isChanged(precheck)
  const told = isTold && eventTypesOf(precheck).find((type) => definition.events.includes(type))
  if (told) return told
  return isReminded(definition, precheck) ? 'precheck.reminder' : null
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

/** Whether a webhook wants this of a night, if there is something for its filter in it. */
export const wantsNight = (webhook: Webhook, { kind }: Pick<Sweep, 'kind'>, type: NightEventType): boolean =>
  kind === 'nightly' && isCalled(webhook) && webhook.definition.events.includes(type)
