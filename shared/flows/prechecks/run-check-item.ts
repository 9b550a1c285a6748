import { checksFor, findCheck } from '../../checks/catalogue.ts'
import type { Check, CheckContext } from '../../checks/framework/define-check.ts'
import { type ProbeOutcome, judge } from '../../checks/framework/judge.ts'
import type { EndpointSettings, Queries } from '../../checks/framework/question.ts'
import { type Target, plannedOperations } from '../../model/instance.ts'
import { type CheckMessage, type ResultMessage, resultMessages } from '../../model/queue-messages.ts'
import type { ReachReading } from '../../ports/host-reach.ts'
import type { Probes } from '../../ports/probe.ts'
import type { Queue } from '../../ports/queue.ts'
import type { Secrets } from '../../ports/secrets.ts'
import { type HostCommands, askHost, hostQuestion } from './ask-host.ts'
import { within } from './keep-limit.ts'

interface Deps {
  readonly probes: Probes
  readonly secrets: Secrets
  readonly endpoints: EndpointSettings
  readonly resultQueue: Queue<ResultMessage>
  /** Left out where no commands are run: then every item looks from here. */
  readonly hostCommands?: HostCommands
  readonly now: () => Date
}

/** Time kept back at the end of an item's limit to judge and hand over the result, ms. */
const handOverMs = 250

/** By this much, ms, the probe's own limit comes before the net below it, since it knows what it was waiting for. */
const graceMs = 100

/** In less than this, ms, silence says nothing about a server: nothing is asked any more. */
const leastMs = 1000

/** Asks a database its statements, with the password resolved for this one probe. */
export const askDatabase = async (
  { probes, secrets }: Pick<Deps, 'probes' | 'secrets'>,
  { definition }: Target,
  queries: Queries,
  limitMs: number,
): Promise<ProbeOutcome> => {
  const { username, password: reference } = definition.connection.credential
  const secret = await secrets.resolve(reference)
  if ('unavailable' in secret) {
    const params = { user: username, reference, detail: secret.unavailable }
    return { problem: { code: 'SECRET_UNAVAILABLE', params } }
  }
  const asked = { password: secret.value, queries, limitMs }
  return definition.engine === 'oracle'
    ? probes.oracle({ connection: definition.connection, ...asked })
    : probes.sqlserver({ connection: definition.connection, ...asked })
}

const ask = (deps: Deps, check: Check, target: Target, limitMs: number): Promise<ProbeOutcome> => {
  const { question } = check
  return question.probe === 'https'
    ? deps.probes.https({ ...question.endpoints(target.definition, deps.endpoints), limitMs })
    : askDatabase(deps, target, question.queries, limitMs)
}

/** The check items of the same precheck. */
const siblingsOf = ({ siblings, target }: CheckMessage): readonly Check[] => {
  const all = checksFor(target.definition.engine)
  return siblings ? all.filter(({ id }) => siblings.includes(id)) : all
}

const tooLate: ProbeOutcome = { problem: { code: 'NO_TIME_LEFT', params: {} } }

/** The time of an item; all but `limitMs` in ms since 1970. */
const timesOf = ({ now }: Pick<Deps, 'now'>, message: CheckMessage) => {
  const { awaited, limitMs, deadlineAt } = message
  const at = now().getTime()
  const startedAt = awaited ? Date.parse(awaited.startedAt) : at
  const deadline = Date.parse(deadlineAt)
  /** By then the item must have ended. */
  const endsAt = Math.min(startedAt + limitMs, deadline) - handOverMs
  // An answer that is there already may be read at any time before the deadline.
  const neededMs = awaited ? 0 : Math.min(leastMs, limitMs)
  return {
    startedAt: new Date(startedAt),
    endsAt,
    /** Time left for asking, ms. */
    limitMs: Math.max(awaited ? leastMs : 1, endsAt - at),
    isTooLate: deadline - at < neededMs,
  }
}

/**
 * Runs one check item against the real instance and hands over its result; or, where a command on the instance has no answer
 * yet, has the message come back later. Whatever the check finds or fails at is a result; it rejects only if the result or
 * the message could not be handed over, so that the queue delivers the message again.
 */
export const runCheckItem = async (deps: Deps, message: CheckMessage): Promise<void> => {
  const { precheckId, target } = message
  const check = findCheck(message.checkItem)
  if (!check)
    throw new Error(
      `No check item is called ${message.checkItem}: start and run-check are of different versions`,
    )

  const times = timesOf(deps, message)
  const { startedAt, limitMs, isTooLate } = times
  const { hostCommands, now } = deps
  const onHost = hostCommands ? hostQuestion(check, deps.endpoints, message) : null
  const look = (): Promise<ReachReading> =>
    hostCommands && onHost
      ? askHost({ hostCommands, now }, message, onHost, times)
      : within(limitMs + graceMs, ask(deps, check, target, limitMs))
  const outcome = isTooLate ? tooLate : await look()
  if ('pending' in outcome) return

  const endedAt = now()
  const context: CheckContext = { target, planned: plannedOperations(target.definition), now: endedAt }
  const result = judge(check, siblingsOf(message), context, outcome, {
    vantage: onHost ? 'instance' : 'checker',
    startedAt: startedAt.toISOString(),
    durationMs: Math.max(0, endedAt.getTime() - startedAt.getTime()),
  })
  await deps.resultQueue.send(resultMessages(precheckId, result))
}
