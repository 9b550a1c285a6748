import { sqlserver } from '../../../shared/checks/sqlserver/engine.ts'
import { type SqlServerFacts, sqlServerFacts, sqlServerSamples } from '../../support/facts/sqlserver.ts'
import { isUnread, sqlOf } from '../../support/facts/statements.ts'
import { statementTable } from '../answer.ts'
import { type Answer, table } from './scenario.ts'

/** Where a SQL Server differs from a healthy one. `null` refuses a statement for lack of a privilege. */
export interface SqlServerState extends Partial<SqlServerFacts> {
  /** Permissions of the server that the login lacks. */
  readonly missing?: readonly string[]
}

/** A permission of the server; the others are those to read a table. */
const asksForPermission = (probe: string): boolean => probe.includes('HAS_PERMS_BY_NAME')

const refused: Answer = { error: { number: 229, message: 'The SELECT permission was denied.' } }

/** Answers the catalogue's own statements, and no others, from a state. */
export const answersOf = ({
  missing = [],
  ...state
}: SqlServerState): ((sql: string) => Answer | undefined) => {
  const facts = sqlServerFacts(state)
  const columns = new Map(Object.entries(sqlServerSamples).map(([name, row]) => [name, Object.keys(row)]))
  const rights = Object.entries(sqlserver.privileges)
  const read = (probe: string): Answer =>
    isUnread('sqlserver', probe, facts) ? refused : table([{ seen: 1 }])
  return statementTable([
    ...Object.entries(facts).map(([name, rows]): [string, Answer] => [
      sqlOf('sqlserver', name),
      rows === null ? refused : table(rows, columns.get(name)),
    ]),
    ...rights.map(([name, { probe }]): [string, Answer] => [
      probe,
      asksForPermission(probe) ? table([{ held: missing.includes(name) ? 0 : 1 }]) : read(probe),
    ]),
  ])
}
