import type { ProbeOutcome } from '../../shared/checks/judge.ts'
import { reach } from './facts/connectivity.ts'
import { database, sqlServerFacts, systemDatabases } from './facts/sqlserver.ts'

/** What the probe brings back of a SQL Server with these databases beside those of the system: id, name, changes. */
export const sqlServerAnswer = (...databases: readonly Parameters<typeof database>[]): ProbeOutcome => ({
  answer: sqlServerFacts({ databases: [...systemDatabases, ...databases.map((row) => database(...row))] }),
})

/** An endpoint that was reached. */
export const reached: ProbeOutcome = { answer: [reach()] }
