import { setImmediate as nextTurn } from 'node:timers/promises'
import { findCheck, selectedChecks } from '../../checks/catalogue.ts'
import type { Check } from '../../checks/framework/define-check.ts'
import { type ProbeOutcome, judge } from '../../checks/judge.ts'
import type { Problem } from '../../checks/framework/problem.ts'
import { type EndpointSettings, type HostAsk, queriesOf } from '../../checks/framework/question.ts'
import { noPolicy, thresholdsOf } from '../../model/effective-policy.ts'
import { type Target, plannedOperations } from '../../model/instance.ts'
import type { ItemResult, Vantage } from '../../model/item-result.ts'
import { notApplicable } from '../../model/outcome.ts'
import type { CheckMessage, ResultMessage } from '../../model/queue-messages.ts'
import type { HostReach } from '../../ports/host-reach.ts'
import type { Log } from '../../ports/log.ts'
import type { DatabaseSession, Probes } from '../../ports/probe.ts'
import type { Clocks } from '../../ports/steady-clock.ts'
import { type DatabaseDeps, answerOf, askingOnce, openDatabase } from './ask-database.ts'
import { askHost, hostOf, lookCommand, reachCommand } from './ask-host.ts'
import { type Begin, type CheckTimes, beginOf, timesOf } from './check-times.ts'
import { within } from './keep-limit.ts'
import { resultMessage } from './send-result.ts'

/** What it takes to run check items. */
export interface RunCheckDeps extends DatabaseDeps, Clocks {
  readonly probes: Probes
  readonly endpoints: EndpointSettings
  /** Left out where no commands are run: then endpoints are tried from here, and nothing is known of hosts. */
  readonly hostReach?: HostReach
  readonly log: Log
}

/** What is to be sent, and to which queue; all of it at once. `delaySeconds`: when it may be delivered at the earliest. */
export type Outgoing =
  /** `isLast`: no result comes after it. */
  | { readonly queue: 'results'; readonly messages: readonly ResultMessage[]; readonly isLast?: boolean }
  | { readonly queue: 'checks'; readonly messages: readonly CheckMessage[]; readonly delaySeconds: number }

const existingCheck = (id: string): Check => {
  const check = findCheck(id)
  if (check) return check
  throw new Error(`No check item is called ${id}: start and run-check are of different versions`)
}

const siblingsOf = ({ siblings, target }: CheckMessage): readonly Check[] =>
  siblings?.flatMap((id) => findCheck(id) ?? []) ?? selectedChecks(target.definition)

/** Judges what came of asking, from its begin until now. */
type Conclude = (check: Check, outcome: ProbeOutcome, began: Begin) => ItemResult

/** Nothing is to be asked. */
const needless: ProbeOutcome = { problem: { code: notApplicable, params: {} } }

/** The ECS instance itself is asked where it is registered and commands can be run. */
const vantageOf = (
  { hostReach }: ConcludeDeps,
  { question: { probe } }: Check,
  { definition }: Target,
): Vantage =>
  (probe === 'https' || probe === 'host') && hostReach && definition.host ? 'instance' : 'checker'

/** What it takes to judge. */
export type ConcludeDeps = Pick<RunCheckDeps, 'hostReach' | 'log' | 'now' | 'steady'>

const concluding = (deps: ConcludeDeps, message: CheckMessage): Conclude => {
  const { now, steady, log } = deps
  const siblings = () => siblingsOf(message)
  const { precheckId, target } = message
  const planned = plannedOperations(target.definition)
  const thresholdsFor = thresholdsOf(message.policy ?? noPolicy)
  return (check, outcome, { startedAt, steadyMs }) => {
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

const sending = (precheckId: string, results: readonly ItemResult[]): Outgoing => ({
  queue: 'results',
  messages: results.map((result) => ({ kind: 'result', precheckId, result })),
})

/** The messages of the items that waited for the lead to reach the database. */
const followersOf = ({
  followers = [],
  followersTogether = [],
  ...message
}: CheckMessage): CheckMessage[] => {
  const [first, ...together] = followersTogether
  const alone = followers.map((checkItem) => ({ ...message, checkItem }))
  if (first === undefined) return alone
  return [...alone, { ...message, checkItem: first, ...(together.length > 0 && { together }) }]
}

/** Every item that waits for the lead. */
const waitingItems = ({ followers = [], followersTogether = [] }: CheckMessage): readonly Check[] =>
  [...followers, ...followersTogether].map(existingCheck)

/** What came of asking for an item. `isLast`: no item comes after it. */
interface Asked {
  readonly check: Check
  readonly outcome: ProbeOutcome
  readonly began: Begin
  readonly isLast: boolean
}

/** Asks for one item after the other, and already for the next one when an answer is given, to be judged meanwhile. */
async function* askInTurn(
  clocks: Clocks,
  session: DatabaseSession,
  checks: readonly Check[],
  times: CheckTimes,
): AsyncGenerator<Asked> {
  const ask = askingOnce(session, times.askMs)
  const askAt = (index: number, began: Begin) => {
    const check = checks[index]
    if (!check) return null
    const limitMs = Math.max(0, times.leftMs())
    return { check, began, answering: within(limitMs, answerOf(ask, queriesOf(check.question))) }
  }
  let asked = askAt(0, times)
  for (let next = 1; asked; next += 1) {
    const { check, began, answering } = asked
    const outcome = await answering
    asked = askAt(next, beginOf(clocks))
    yield { check, outcome, began, isLast: asked === null }
  }
}

/** Asks the items of a message over one connection, and has its followers sent as soon as there is one. */
async function* askDatabase(
  deps: RunCheckDeps,
  message: CheckMessage,
  checks: readonly Check[],
  times: CheckTimes,
  conclude: Conclude,
): AsyncGenerator<Outgoing> {
  const { precheckId, target } = message
  const limitMs = Math.max(1, times.askMs())
  const login = await within(limitMs, openDatabase(deps, target.definition, limitMs))
  if ('problem' in login) {
    // Nobody logs in again, since refused logins may lock the account: the problem is that of all who wanted to ask.
    const all = [...checks, ...waitingItems(message)]
    yield sending(
      precheckId,
      all.map((check) => conclude(check, login, times)),
    )
    return
  }
  const { session, retried } = login
  try {
    const messages = followersOf(message)
    if (messages.length > 0) yield { queue: 'checks', messages, delaySeconds: 0 }
    for await (const { check, outcome, began, isLast } of askInTurn(deps, session, checks, times)) {
      // It is said once, by the first item that asks.
      const told = retried && check === checks[0] ? { ...outcome, retried } : outcome
      const sent = await resultMessage(precheckId, conclude(check, told, began))
      yield { queue: 'results', messages: [sent], isLast }
      // Items that ask nothing new follow at once: others in this process have their turn between two of them.
      await nextTurn()
    }
  } finally {
    await session.close()
  }
}

/** Tries the endpoints of an item, if it has any, from here or on the ECS instance itself. */
async function* tryEndpoints(
  deps: RunCheckDeps,
  message: CheckMessage,
  check: Check,
  times: CheckTimes,
  conclude: Conclude,
): AsyncGenerator<Outgoing> {
  const { question } = check
  if (question.probe !== 'https') return
  const endpoints = question.endpoints(message.target.definition, deps.endpoints)
  if (!endpoints) {
    yield sending(message.precheckId, [conclude(check, needless, times)])
    return
  }
  const host = hostOf(message.target)
  const limitMs = Math.max(1, times.askMs())
  const outcome =
    deps.hostReach && host
      ? await askHost(reachCommand(deps.hostReach, host, endpoints, message), message, times)
      : await within(limitMs, deps.probes.https({ limitMs, ...endpoints }))
  if ('again' in outcome) {
    yield { queue: 'checks', messages: [outcome.again], delaySeconds: outcome.delaySeconds }
    return
  }
  yield sending(message.precheckId, [conclude(check, outcome, times)])
}

/** An item, and what it asks of the host. */
type Asking = readonly [check: Check, ask: HostAsk]

const asksOf = ({ endpoints }: RunCheckDeps, { definition }: Target, checks: readonly Check[]): Asking[] =>
  checks.flatMap((check): Asking[] => {
    const { question } = check
    if (question.probe !== 'host' || !definition.host) return []
    const ask = question.ask(definition.host, definition, endpoints)
    return ask ? [[check, ask]] : []
  })

/** Looks at the ECS host for all items of a message by one command, and judges each by itself. */
async function* lookAtHost(
  deps: RunCheckDeps,
  message: CheckMessage,
  checks: readonly Check[],
  times: CheckTimes,
  conclude: Conclude,
): AsyncGenerator<Outgoing> {
  const { precheckId, target, awaited } = message
  const asking = asksOf(deps, target, checks)
  const asked = asking.map(([check]) => check)
  const others = checks.filter((check) => !asked.includes(check))
  if (others.length > 0 && !awaited) {
    yield sending(
      precheckId,
      others.map((check) => conclude(check, needless, times)),
    )
  }
  const host = hostOf(target)
  if (!host || asking.length === 0) return
  const problem = { code: 'COMMANDS_NOT_RUN', params: { ecsInstanceId: host.ecsInstanceId } }
  const asks = asking.map(([, ask]) => ask)
  const outcome = deps.hostReach
    ? await askHost(lookCommand(deps.hostReach, host, asks, message), message, times)
    : { problem }
  if ('again' in outcome) {
    yield { queue: 'checks', messages: [outcome.again], delaySeconds: outcome.delaySeconds }
    return
  }
  const results = asking.map(([check, { part }]) =>
    conclude(check, 'answerTo' in outcome ? outcome.answerTo(part) : outcome, times),
  )
  yield sending(precheckId, results)
}

const checksOf = ({ checkItem, together = [] }: CheckMessage): readonly Check[] =>
  [checkItem, ...together].map(existingCheck)

/**
 * Ends the check items of a message with the problem that keeps them from being asked, and those that wait for them.
 * `began`: when that was.
 */
export const abandonCheck = (
  deps: ConcludeDeps,
  message: CheckMessage,
  problem: Problem,
  began = beginOf(deps),
): Outgoing => {
  const conclude = concluding(deps, message)
  const all = [...checksOf(message), ...waitingItems(message)]
  return sending(
    message.precheckId,
    all.map((check) => conclude(check, { problem }, began)),
  )
}

async function* giveUp(
  deps: RunCheckDeps,
  message: CheckMessage,
  times: CheckTimes,
): AsyncGenerator<Outgoing> {
  yield abandonCheck(deps, message, { code: 'NO_TIME_LEFT', params: {} }, times)
}

/**
 * Runs the check items of a message against the real instance, and gives what is to be sent as soon as it is known: the
 * result of every item that ends, the messages of the items that waited for this one to reach the database, or the
 * message itself where a command on the ECS instance has no answer yet. Whatever an item finds or fails at is a result;
 * it throws only for a message of another version. Who calls it sends what it gives, and has the message delivered
 * again if that fails.
 */
export const runCheck = (deps: RunCheckDeps, message: CheckMessage): AsyncGenerator<Outgoing> => {
  const { precheckId, target, checkItem } = message
  const lead = existingCheck(checkItem)
  const checks = checksOf(message)
  const times = timesOf(deps, message)
  const conclude = concluding(deps, message)
  for (const { id } of checks) {
    deps.log.info('check-item.started', { precheck: precheckId, instance: target.instanceId, checkItem: id })
  }
  if (times.isTooLate) return giveUp(deps, message, times)
  switch (lead.question.probe) {
    case 'https':
      return tryEndpoints(deps, message, lead, times, conclude)
    case 'host':
      return lookAtHost(deps, message, checks, times, conclude)
    default:
      return askDatabase(deps, message, checks, times, conclude)
  }
}
