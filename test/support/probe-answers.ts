import type { ProbeOutcome } from '../../shared/checks/framework/judge.ts'
import { database, systemDatabases } from '../emulators/sqlserver/catalogue-answers.ts'

/** What the probe brings back of a SQL Server with these databases beside those of the system: id, name, and other columns. */
export const sqlServerAnswer = (...databases: readonly Parameters<typeof database>[]): ProbeOutcome => ({
  answer: {
    server: [
      {
        product_version: '16.0.4135.4',
        edition: 'Enterprise Edition (64-bit)',
        engine_edition: 3,
        view_any_database: 1,
        is_sysadmin: 0,
      },
    ],
    databases: [...systemDatabases, ...databases.map((row) => database(...row))],
    replicas: [],
    mirroring: [{ listeners: 0 }],
    logShipping: [],
  },
})

/** An endpoint that was reached. */
export const reached: ProbeOutcome = {
  answer: [
    {
      url: 'https://oss.example/',
      address: '10.0.0.1',
      phases: { dns: 1, connect: 1, tls: 1, http: 1 },
      status: 403,
      failure: null,
    },
  ],
}
