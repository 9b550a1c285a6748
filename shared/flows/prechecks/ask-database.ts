import type { ProbeOutcome } from '../../checks/judge.ts'
import type { Queries } from '../../checks/framework/question.ts'
import type { InstanceDefinition } from '../../model/instance.ts'
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

/**
 * Logs in to the database of a registration within `limitMs`, with the password resolved for this one login: none is
 * made with a password that came too late.
 */
export const openDatabase = async (
  { probes, secrets, steady }: DatabaseDeps,
  definition: InstanceDefinition,
  limitMs: number,
): Promise<Login> => {
  const { username, password: reference } = definition.connection.credential
  const endsAt = steady.ms() + limitMs
  const secret = await secrets.resolve(reference)
  const leftMs = endsAt - steady.ms()
  if ('unavailable' in secret) {
    const params = { user: username, reference, detail: secret.unavailable }
    return { problem: { code: 'SECRET_UNAVAILABLE', params } }
  }
  if (leftMs < 1) return { problem: { code: 'TIME_LIMIT_REACHED', params: { limitMs } } }
  return logIn(probes.databases, definition, { password: secret.value, limitMs: leftMs })
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
 * The answer to a question: the rows of every query by its name, null for an optional one that was refused; or the
 * problem of the first query that has no answer.
 */
export const answerOf = async (ask: Ask, queries: Queries): Promise<ProbeOutcome> => {
  const answer: Record<string, unknown> = {}
  for (const [name, { sql, optional }] of Object.entries(queries)) {
    const outcome = await ask(sql)
    if ('problem' in outcome) return outcome
    if ('refused' in outcome && !optional) return { problem: outcome.refused }
    answer[name] = 'rows' in outcome ? outcome.rows : null
  }
  return { answer }
}
