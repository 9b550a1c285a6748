import { catalogue, engines } from '../../shared/checks/catalogue.ts'
import { queriesOf } from '../../shared/checks/framework/question.ts'
import type { ProbeOutcome } from '../../shared/checks/judge.ts'
import type { Engine } from '../../shared/model/engine.ts'
import type {
  DatabaseAddress,
  DatabaseProbe,
  DatabaseSession,
  LoginAttempt,
  Probes,
  Row,
  StatementOutcome,
} from '../../shared/ports/probe.ts'
import { databaseProbes } from './database-probes.ts'

/** The name of every statement of the catalogue, as answers spell it: of a query, or of the privilege that it probes. */
const nameOfStatement = new Map([
  ...Object.values(engines).flatMap(({ privileges }) =>
    Object.entries(privileges).map(([name, { probe }]) => [probe, name] as const),
  ),
  ...catalogue.flatMap(({ question }) =>
    Object.entries(queriesOf(question)).map(([name, { sql }]) => [sql, name] as const),
  ),
])

/** A session that gives the parts of an answer as the statements ask for them; null, or no such part, refuses the statement. */
const sessionGiving = (answer: unknown): DatabaseSession => ({
  ask: async (sql) => {
    const rows = (answer as Readonly<Record<string, readonly Row[] | null>>)[nameOfStatement.get(sql) ?? '']
    return rows
      ? { rows }
      : { refused: { code: 'PRIVILEGE_MISSING', params: { user: 'precheck', detail: sql } } }
  },
  close: async () => undefined,
})

/** Probes that know what comes of every login, of whichever engine. */
export const probesGiving = (
  outcomeOf: (address: DatabaseAddress) => ProbeOutcome | Promise<ProbeOutcome>,
  https: Probes['https'] = () => Promise.reject(new Error('no endpoint is tried')),
): Probes => {
  const probe = async (address: DatabaseAddress): ReturnType<DatabaseProbe<Engine>> => {
    const outcome = await outcomeOf(address)
    return 'problem' in outcome ? outcome : { session: sessionGiving(outcome.answer) }
  }
  return { databases: databaseProbes(() => probe), https }
}

/** Asks one statement over one login, and leaves. */
export const askOnce = async <Name extends Engine>(
  probe: DatabaseProbe<Name>,
  address: DatabaseAddress<Name>,
  attempt: LoginAttempt,
  sql: string,
): Promise<StatementOutcome> => {
  const login = await probe(address, attempt)
  if ('problem' in login) return login
  const outcome = await login.session.ask(sql, attempt.limitMs)
  await login.session.close()
  return outcome
}

/** Why a statement has no rows. */
export const codeOfOutcome = (outcome: StatementOutcome): string | undefined => {
  if ('rows' in outcome) return undefined
  return 'refused' in outcome ? outcome.refused.code : outcome.problem.code
}
