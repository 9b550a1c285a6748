import { checksFor, findCheck } from '../checks/catalogue.ts'
import type { Check, CheckContext } from '../checks/define.ts'
import { type ProbeOutcome, judge } from '../checks/judge.ts'
import type { EndpointSettings, Queries } from '../checks/question.ts'
import { type Target, plannedOperations } from '../model/instance.ts'
import type { CheckMessage, ResultMessage } from '../model/queue-messages.ts'
import type { Probes } from '../ports/probe.ts'
import type { Queue } from '../ports/queue.ts'
import type { Secrets } from '../ports/secrets.ts'

interface Deps {
  readonly probes: Probes
  readonly secrets: Secrets
  readonly endpoints: EndpointSettings
  readonly resultQueue: Queue<ResultMessage>
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

/** What a promise comes to within its limit. A probe keeps its own limit; this is the net below it. */
const within = async (limitMs: number, asked: Promise<ProbeOutcome>): Promise<ProbeOutcome> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<ProbeOutcome>((resolve) => {
    timer = setTimeout(
      () => resolve({ problem: { code: 'TIME_LIMIT_REACHED', params: { limitMs } } }),
      limitMs,
    )
  })
  try {
    return await Promise.race([asked, limit])
  } catch (cause) {
    const detail = cause instanceof Error ? cause.name : 'unknown fault'
    return { problem: { code: 'PROBE_FAILED', params: { detail } } }
  } finally {
    clearTimeout(timer)
  }
}

/** The check items of the same precheck. */
const siblingsOf = ({ siblings, target }: CheckMessage): readonly Check[] => {
  const all = checksFor(target.definition.engine)
  return siblings ? all.filter(({ id }) => siblings.includes(id)) : all
}

const tooLate: ProbeOutcome = { problem: { code: 'NO_TIME_LEFT', params: {} } }

/**
 * Runs one check item against the real instance and hands over its result. Whatever the check finds or fails at is a
 * result; it rejects only if the result could not be handed over, so that the queue delivers the message again.
 */
export const runCheckItem = async (deps: Deps, message: CheckMessage): Promise<void> => {
  const { precheckId, target } = message
  const check = findCheck(message.checkItem)
  if (!check)
    throw new Error(
      `No check item is called ${message.checkItem}: start and run-check are of different versions`,
    )

  const startedAt = deps.now()
  const remainingMs = Date.parse(message.deadlineAt) - startedAt.getTime()
  const limitMs = Math.max(1, Math.min(message.limitMs, remainingMs) - handOverMs)
  const isTooLate = remainingMs < Math.min(leastMs, message.limitMs)
  const outcome = isTooLate ? tooLate : await within(limitMs + graceMs, ask(deps, check, target, limitMs))
  const now = deps.now()
  const context: CheckContext = { target, planned: plannedOperations(target.definition), now }
  const result = judge(check, siblingsOf(message), context, outcome, {
    startedAt: startedAt.toISOString(),
    durationMs: now.getTime() - startedAt.getTime(),
  })
  await deps.resultQueue.send([{ kind: 'result', precheckId, result }])
}
