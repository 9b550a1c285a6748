import { oracle } from '../../../shared/checks/oracle/engine.ts'
import { type OracleFacts, oracleFacts, oracleSamples } from '../../support/facts/oracle.ts'
import { isUnread, sqlOf } from '../../support/facts/statements.ts'
import { statementTable } from '../answer.ts'
import { type Answer, table } from './scenario.ts'

const refused: Answer = { error: { code: 942 } }

/**
 * Answers the catalogue's own statements, and no others: those of a healthy Oracle server, but for the state. `null`
 * refuses a statement for lack of privilege.
 */
export const answersOf = (state: Partial<OracleFacts>): ((sql: string) => Answer | undefined) => {
  const facts = oracleFacts(state)
  const columns = new Map(Object.entries(oracleSamples).map(([name, row]) => [name, Object.keys(row)]))
  return statementTable([
    ...Object.entries(facts).map(([name, rows]): [string, Answer] => [
      sqlOf('oracle', name),
      rows === null ? refused : table(rows, columns.get(name)),
    ]),
    ...Object.values(oracle.privileges).map(({ probe }): [string, Answer] => [
      probe,
      isUnread('oracle', probe, facts) ? refused : table([{ seen: 1 }]),
    ]),
  ])
}
