import type { ProbeOutcome } from '../../shared/checks/judge.ts'
import type { Engine } from '../../shared/model/engine.ts'
import {
  type DatabaseProbe,
  type DatabaseProbes,
  type Probes,
  type StatementOutcome,
  logIn,
} from '../../shared/ports/probe.ts'
import { databaseProbes } from './database-probes.ts'

const once = <Outcome>(known: Map<string, Promise<Outcome>>, key: string, ask: () => Promise<Outcome>) => {
  const outcome = known.get(key) ?? ask()
  known.set(key, outcome)
  return outcome
}

/** Asks a real server each statement once and gives the same answer from then on; every login is real, too, where one is needed. */
const rememberingDatabase = (databases: DatabaseProbes): DatabaseProbe<Engine> => {
  const statements = new Map<string, Promise<StatementOutcome>>()
  return async (address, attempt) => ({
    session: {
      ask: (sql, limitMs) =>
        once(statements, sql, async () => {
          const login = await logIn(databases, address, attempt)
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
    databases: databaseProbes(() => rememberingDatabase(databases)),
    https: (target) => once(endpoints, JSON.stringify(target.urls), () => https(target)),
  }
}
