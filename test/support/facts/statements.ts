import { catalogue } from '../../../shared/checks/catalogue.ts'
import type { Engine } from '../../../shared/model/engine.ts'

/** Statements of the check items of an engine, by name; a name that means two statements stands there twice. */
export const statementsOf = (engine: Engine): readonly (readonly [name: string, sql: string])[] => {
  const asked = catalogue.flatMap(({ question }) =>
    question.probe === engine
      ? Object.entries(question.queries).map(([name, { sql }]) => [name, sql] as const)
      : [],
  )
  return asked.filter(
    ([name, sql], index) => asked.findIndex(([other, same]) => other === name && same === sql) === index,
  )
}

/** The statement of that name. */
export const sqlOf = (engine: Engine, name: string): string => {
  const found = statementsOf(engine).find(([each]) => each === name)
  if (!found) throw new Error(`No check item of ${engine} asks for ${name}`)
  return found[1]
}

/** Names in a statement, as far as they name views and tables. */
const namesIn = (sql: string): ReadonlySet<string> => new Set(sql.toLowerCase().split(/[^\w$#.]+/))

/**
 * Whether the view or table that the statement of a privilege reads can be read by nobody: every statement that reads
 * it is refused (null in the facts).
 */
export const isUnread = (
  engine: Engine,
  probe: string,
  facts: Readonly<Record<string, unknown>>,
): boolean => {
  const [, view = ''] = /\bFROM (\S+)/.exec(probe) ?? []
  const readers = statementsOf(engine).filter(([, sql]) => namesIn(sql).has(view.toLowerCase()))
  if (readers.length === 0) throw new Error(`No check item of ${engine} reads what is tried by: ${probe}`)
  return readers.every(([name]) => facts[name] === null)
}
