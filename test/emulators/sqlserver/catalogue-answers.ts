import { sqlserver } from '../../../shared/checks/sqlserver/engine.ts'
import { type SqlServerFacts, sqlServerFacts, sqlServerSamples } from '../../support/facts/sqlserver.ts'
import { sqlOf } from '../../support/facts/statements.ts'
import { statementTable } from '../answer.ts'
import { type Answer, table } from './scenario.ts'

/** Where a SQL Server differs from a healthy one. `null` refuses a statement for lack of a privilege. */
export interface SqlServerState extends Partial<SqlServerFacts> {
  /** Permissions of the server that the login lacks. */
  readonly missing?: readonly string[]
}

const permissions = ['VIEW ANY DATABASE', 'VIEW ANY DEFINITION', 'VIEW SERVER STATE'] as const

const refused: Answer = { error: { number: 229, message: 'The SELECT permission was denied.' } }

/** Answers the catalogue's own statements, and no others, from a state. */
export const answersOf = ({
  missing = [],
  ...state
}: SqlServerState): ((sql: string) => Answer | undefined) => {
  const facts = sqlServerFacts(state)
  const columns = new Map(Object.entries(sqlServerSamples).map(([name, row]) => [name, Object.keys(row)]))
  const { privileges } = sqlserver
  const held = (permission: string): Answer => table([{ held: missing.includes(permission) ? 0 : 1 }])
  return statementTable([
    ...Object.entries(facts).map(([name, rows]): [string, Answer] => [
      sqlOf('sqlserver', name),
      rows === null ? refused : table(rows, columns.get(name)),
    ]),
    ...permissions.map((name): [string, Answer] => [privileges[name].probe, held(name)]),
    ...(
      [
        ['log_shipping_secondary_databases', facts.logShipping],
        ['log_shipping_primary_databases', facts.logShippingPrimaries],
        ['suspect_pages', facts.suspectPages],
        ['backupset', facts.backupHistory],
        ['backupmediafamily', facts.backupHistory],
      ] as const
    ).map(([name, rows]): [string, Answer] => [
      privileges[`SELECT ON msdb.dbo.${name}`].probe,
      rows === null ? refused : table([{ seen: rows.length }]),
    ]),
  ])
}
