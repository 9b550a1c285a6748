import type { SharedDatabase } from '../../model/shared-database.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { replicasOf } from './availability-role.ts'
import { shortfallsOf } from './backup-ages.ts'
import { type HistoryFacts, historyOf } from './backup-history.ts'
import { type DatabaseRow, considered, stateOf } from './databases.ts'
import { roleOf } from './role.ts'
import { contentsOf } from './roles.ts'

/** What lies in the future is not known. */
const ageOf = (minutes: number | null | undefined): number | null =>
  minutes === null || minutes === undefined || minutes < 0 ? null : minutes

const openOf = (row: DatabaseRow, facts: HistoryFacts, context: CheckContext): SharedDatabase['open'] => {
  const isJudged = contentsOf(roleOf(row, facts)) === 'own' && stateOf(row) === 'ONLINE'
  const shortfalls = isJudged ? shortfallsOf(row, facts, context) : []
  return Object.fromEntries(shortfalls.map(({ backup, limit }) => [backup, limit]))
}

/** What this server knows of the backups of each database in an availability group, whatever its role. */
export const sharedIn = (facts: HistoryFacts, context: CheckContext): SharedDatabase[] =>
  considered(facts).databases.flatMap((row) => {
    const [replica] = replicasOf(row, facts)
    const history = historyOf(row, facts)
    if (!replica || replica.group_database_id === null || !history) return []
    return [
      {
        groupId: replica.group_id,
        id: replica.group_database_id,
        name: row.name,
        full: ageOf(history.last_full_minutes),
        incremental: ageOf(history.last_incremental_minutes),
        log: ageOf(history.last_log_minutes),
        open: openOf(row, facts, context),
      },
    ]
  })
