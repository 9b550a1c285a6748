import type { ProbeOutcome } from '../../shared/checks/judge.ts'
import type { Engine } from '../../shared/model/engine.ts'
import type { DatabaseProbe, Probes, StatementOutcome } from '../../shared/ports/probe.ts'

const once = <Outcome>(known: Map<string, Promise<Outcome>>, key: string, ask: () => Promise<Outcome>) => {
  const outcome = known.get(key) ?? ask()
  known.set(key, outcome)
  return outcome
}

/** Asks a real server each statement once and gives the same answer from then on; every login is real, too, where one is needed. */
const rememberingDatabase = <Name extends Engine>(probe: DatabaseProbe<Name>): DatabaseProbe<Name> => {
  const statements = new Map<string, Promise<StatementOutcome>>()
  return async (address, attempt) => ({
    session: {
      ask: (sql, limitMs) =>
        once(statements, sql, async () => {
          const login = await probe(address, attempt)
          if ('problem' in login) return login
          const outcome = await login.session.ask(sql, limitMs)
          await login.session.close()
          return outcome
        }),
      close: async () => undefined,
    },
  })
}

/** Probes that ask a real server each question once and give the same answer from then on, for tests of what comes after it. */
export const remembering = ({ databases, https }: Probes): Probes => {
  const endpoints = new Map<string, Promise<ProbeOutcome>>()
  return {
    databases: {
      oracle: rememberingDatabase(databases.oracle),
      sqlserver: rememberingDatabase(databases.sqlserver),
    },
    https: (target) => once(endpoints, JSON.stringify(target.urls), () => https(target)),
  }
}
