import { answersOf as mysqlAnswers } from '../emulators/mysql/catalogue-answers.ts'
import type { MySqlScenario } from '../emulators/mysql/scenario.ts'
import { answersOf as oracleAnswers } from '../emulators/oracle/catalogue-answers.ts'
import type { OracleScenario } from '../emulators/oracle/scenario.ts'
import { answersOf as sqlServerAnswers } from '../emulators/sqlserver/catalogue-answers.ts'
import type { SqlServerScenario } from '../emulators/sqlserver/scenario.ts'
import { settings } from '../support/facts/mysql.ts'
import { database as oracleDatabase, pluggable, seed } from '../support/facts/oracle.ts'
import { database, inAvailabilityGroup, replica, systemDatabases } from '../support/facts/sqlserver.ts'

/** Password of all stand-ins. They hold nothing, so it guards nothing. */
export const demoPassword = 'demo-only'

/** Databases of the SQL Server of the demo. */
export const databaseNames = [
  'Orders',
  'Customers',
  'Reporting [old]',
  'Archive2019',
  'Ledger',
  'Inventory',
] as const

/** What is wrong with some of them. */
const changesOf: Readonly<Partial<Record<(typeof databaseNames)[number], Parameters<typeof database>[2]>>> = {
  'Reporting [old]': { recovery_model_desc: 'SIMPLE' },
  Archive2019: { state_desc: 'OFFLINE' },
  Ledger: inAvailabilityGroup,
}

/** A SQL Server with a SIMPLE, an OFFLINE and an Always On secondary among healthy databases. */
export const sqlServerScene = (certificate: {
  readonly key: string
  readonly cert: string
}): SqlServerScenario => ({
  tls: 'offered',
  certificate,
  login: ({ password }) =>
    password === demoPassword ? 'accept' : [{ number: 18456, message: "Login failed for user 'precheck'." }],
  answer: sqlServerAnswers({
    databases: [
      ...systemDatabases,
      ...databaseNames.map((name, at) => database(5 + at, name, changesOf[name])),
    ],
    replicas: [replica({ database_id: 9, role_desc: 'SECONDARY' })],
  }),
})

/** An Oracle container database in NOARCHIVELOG mode. */
export const oracleScene: OracleScenario = {
  login: () => ({ password: demoPassword }),
  answer: oracleAnswers({
    database: [oracleDatabase({ log_mode: 'NOARCHIVELOG' })],
    pluggables: [seed, pluggable(3, 'SALES'), pluggable(4, 'HR')],
  }),
}

/** A MySQL 8.0 without a binary log. */
export const mysqlScene = (certificate: { readonly key: string; readonly cert: string }): MySqlScenario => ({
  version: '8.0.32',
  tls: 'offered',
  certificate,
  login: ({ proves }) =>
    proves(demoPassword)
      ? 'accept'
      : { number: 1045, state: '28000', message: "Access denied for 'precheck'" },
  answer: mysqlAnswers({ settings: settings({ log_bin: 'OFF' }) }),
})
