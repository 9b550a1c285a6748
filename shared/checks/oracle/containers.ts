import type { AffectedObject } from '../../model/finding.ts'
import { isSeed } from './coverage.ts'
import type { DatabaseFact, PluggableRow } from './facts.ts'

/** Names of the databases that findings may be about: the whole, and the pluggable ones in it. */
export const databaseNames = (database: DatabaseFact, pluggables: readonly PluggableRow[]): string[] => [
  database.name,
  ...new Set(pluggables.filter((row) => !isSeed(row)).map(({ name }) => name)),
]

/**
 * The container of that id: a pluggable database by its name. What concerns the root or the seed, or a container that
 * the login cannot see, concerns the whole.
 */
export const containerOf = (
  con_id: number,
  { name, cdb }: DatabaseFact,
  pluggables: readonly PluggableRow[],
): AffectedObject => {
  const own = pluggables.find((row) => row.con_id === con_id && !isSeed(row))
  if (own) return { type: 'pluggable-database', name: own.name }
  return { type: cdb === 'NO' ? 'database' : 'instance', name }
}
