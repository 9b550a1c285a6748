import type { Check } from '../../checks/framework/define-check.ts'
import { type ProbeOutcome, judge } from '../../checks/judge.ts'
import { noPolicy, thresholdsOf } from '../../model/effective-policy.ts'
import { type Target, plannedOperations } from '../../model/instance.ts'
import type { ItemResult, Vantage } from '../../model/item-result.ts'
import { notApplicable } from '../../model/outcome.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { HostReach } from '../../ports/host-reach.ts'
import type { Log } from '../../ports/log.ts'
import type { Clocks } from '../../ports/steady-clock.ts'
import type { Begin } from './check-times.ts'
import { siblingsOf } from './items-of-message.ts'

/** What it takes to judge. */
export interface ConcludeDeps extends Clocks {
  /** Whether commands are run on ECS instances: what they say is seen from there. */
  readonly hostReach?: HostReach
  readonly log: Log
}

/** Judges what came of asking, from its begin until now. */
export type Conclude = (check: Check, outcome: ProbeOutcome, began: Begin) => ItemResult

/** Nothing is to be asked. */
export const needless: ProbeOutcome = { problem: { code: notApplicable, params: {} } }

/** An item of the host, and none is registered. */
const lacksHost = ({ question: { probe } }: Check, { definition }: Target): boolean =>
  probe === 'host' && !definition.host

/** The ECS instance itself is asked where it is registered and commands can be run. */
const vantageOf = (
  { hostReach }: ConcludeDeps,
  { question: { probe } }: Check,
  { definition }: Target,
): Vantage =>
  (probe === 'https' || probe === 'host') && hostReach && definition.host ? 'instance' : 'checker'

/** Judges and logs the items of a message. */
export const concluding = (deps: ConcludeDeps, message: CheckMessage): Conclude => {
  const { now, steady, log } = deps
  const siblings = () => siblingsOf(message)
  const { precheckId, target } = message
  const planned = plannedOperations(target.definition)
  const thresholdsFor = thresholdsOf(message.policy ?? noPolicy)
  return (check, met, { startedAt, steadyMs }) => {
    const outcome = lacksHost(check, target) ? needless : met
    const durationMs = Math.max(0, Math.round(steady.ms() - steadyMs))
    const vantage = outcome === needless ? 'checker' : vantageOf(deps, check, target)
    const { retried } = outcome
    const look = { vantage, startedAt: startedAt.toISOString(), durationMs, ...(retried && { retried }) }
    const result = judge(check, siblings, { target, planned, thresholdsFor, now: now() }, outcome, look)
    const { status, reason } = result
    log.info('check-item.completed', {
      precheck: precheckId,
      instance: target.instanceId,
      checkItem: check.id,
      status,
      ...(reason && { reason: reason.code }),
      ms: durationMs,
    })
    return result
  }
}
