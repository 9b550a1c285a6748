import type { ProbeOutcome } from '../../checks/judge.ts'
import type { Queries } from '../../checks/framework/question.ts'
import type { InstanceDefinition } from '../../model/instance.ts'
import type { Message } from '../../model/message.ts'
import { retriedAt } from '../../model/retry.ts'
import {
  type DatabaseSession,
  type Login,
  type Probes,
  type StatementOutcome,
  logIn,
} from '../../ports/probe.ts'
import type { Secrets } from '../../ports/secrets.ts'
import type { SteadyClock } from '../../ports/steady-clock.ts'

/** What it takes to ask databases. */
export interface DatabaseDeps {
  readonly probes: Pick<Probes, 'databases'>
  readonly secrets: Secrets
  readonly steady: SteadyClock
}

/** Below this, ms, a second connection would have no time to say anything about the server. */
const retryMs = 1000

/** A login, and what is to be said of the connection if it was made twice. */
export type OpenedDatabase = Login & { readonly retried?: Message }

/**
 * Logs in once. Only where the first connection was reset before the server had said anything, and so before a password
 * was sent, another one is made: a password that may be wrong is never sent twice.
 */
const logInUnreset = async (
  { probes, steady }: Omit<DatabaseDeps, 'secrets'>,
  definition: InstanceDefinition,
  password: string,
  limitMs: number,
): Promise<OpenedDatabase> => {
  const endsAt = steady.ms() + limitMs
  const first = await logIn(probes.databases, definition, { password, limitMs })
  const leftMs = Math.floor(endsAt - steady.ms())
  if ('session' in first || !first.isUnheard || leftMs < retryMs) return first
  const second = await logIn(probes.databases, definition, { password, limitMs: leftMs })
  const { host } = definition.connection
  const code = 'session' in second ? 'SECOND_ANSWERED' : 'SECOND_FAILED'
  return { ...second, retried: retriedAt([host], code) }
}

/**
 * Logs in to the database of a registration within `limitMs`, with the password resolved for this one login: none is
 * made with a password that came too late.
 */
export const openDatabase = async (
  { probes, secrets, steady }: DatabaseDeps,
  definition: InstanceDefinition,
  limitMs: number,
): Promise<OpenedDatabase> => {
  const { username, password: reference } = definition.connection.credential
  const endsAt = steady.ms() + limitMs
  const secret = await secrets.resolve(reference)
  const leftMs = Math.floor(endsAt - steady.ms())
  if ('unavailable' in secret) {
    const params = { user: username, reference, detail: secret.unavailable }
    return { problem: { code: 'SECRET_UNAVAILABLE', params } }
  }
  if (leftMs < 1) return { problem: { code: 'TIME_LIMIT_REACHED', params: { limitMs } } }
  return logInUnreset({ probes, steady }, definition, secret.value, leftMs)
}

/** Asks statements of one session, each of them once, however many check items need it. */
export type Ask = (sql: string) => Promise<StatementOutcome>

/** What was asked before is known. `askMs`: time for the next statement, ms; below 1 there is none. */
export const askingOnce = (session: DatabaseSession, askMs: () => number): Ask => {
  const asked = new Map<string, Promise<StatementOutcome>>()
  const ask = async (sql: string): Promise<StatementOutcome> => {
    const limitMs = askMs()
    return limitMs < 1 ? { problem: { code: 'NO_TIME_LEFT', params: {} } } : session.ask(sql, limitMs)
  }
  return (sql) => {
    const outcome = asked.get(sql) ?? ask(sql)
    asked.set(sql, outcome)
    return outcome
  }
}

/**
 * The answer to a question: the rows of every query by its name, null for an optional one that was refused, and under
 * `refusals` the code of why; or the problem of the first query that has no answer.
 */
export const answerOf = async (ask: Ask, queries: Queries): Promise<ProbeOutcome> => {
  const answer: Record<string, unknown> = {}
  const refusals: Record<string, string> = {}
  for (const [name, { sql, optional }] of Object.entries(queries)) {
    const outcome = await ask(sql)
    if ('problem' in outcome) return outcome
    if ('refused' in outcome && !optional) return { problem: outcome.refused }
    if ('refused' in outcome) refusals[name] = outcome.refused.code
    answer[name] = 'rows' in outcome ? outcome.rows : null
  }
  return { answer: { ...answer, refusals } }
}
