import { mysql } from '../../../shared/checks/mysql/engine.ts'
import { type MySqlFacts, mysqlFacts, mysqlSamples } from '../../support/facts/mysql.ts'
import { sqlOf } from '../../support/facts/statements.ts'
import { statementTable } from '../answer.ts'
import { type Answer, table } from './scenario.ts'

/** Where a server differs from a healthy one. `null` refuses a statement for lack of a privilege. */
export interface MySqlState extends Partial<MySqlFacts> {
  /** Rights that the login lacks, as the engine names them. */
  readonly missing?: readonly string[]
}

const refused: Answer = {
  error: { number: 1227, state: '42000', message: 'Access denied; you need (at least one of) the right' },
}

/** Answers the catalogue's own statements, and no others, from a state. */
export const answersOf = ({ missing = [], ...state }: MySqlState): ((sql: string) => Answer | undefined) => {
  const columns = new Map(Object.entries(mysqlSamples).map(([name, row]) => [name, Object.keys(row)]))
  const rights: readonly (readonly [string, { readonly probe: string }])[] = Object.entries(mysql.privileges)
  return statementTable([
    [mysql.account ?? '', table([{ account: 'precheck@10.%' }])],
    ...Object.entries(mysqlFacts(state)).map(([name, rows]): [string, Answer] => [
      sqlOf('mysql', name),
      rows === null ? refused : table(rows, columns.get(name)),
    ]),
    ...rights.map(([name, { probe }]): [string, Answer] => [
      probe,
      missing.includes(name) ? refused : table([{ held: 1 }]),
    ]),
  ])
}
