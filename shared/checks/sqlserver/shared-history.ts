import type { LogRange } from '../../model/log-range.ts'
import { GroupId, type SharedDatabase } from '../../model/shared-database.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { replicasOf } from './availability-role.ts'
import { shortfallsOf } from './backup-ages.ts'
import { type History, type HistoryFacts, historyOf } from './backup-history.ts'
import { type DatabaseRow, chainsOf, considered, stateOf } from './databases.ts'
import { roleOf } from './role.ts'
import { contentsOf } from './roles.ts'

/** What lies in the future is not known. */
const ageOf = (minutes: number | null): number | null => (minutes === null || minutes < 0 ? null : minutes)

const openOf = (row: DatabaseRow, facts: HistoryFacts, context: CheckContext): SharedDatabase['open'] => {
  const isJudged = contentsOf(roleOf(row, facts)) === 'own' && stateOf(row) === 'ONLINE'
  const shortfalls = isJudged ? shortfallsOf(row, facts, context) : []
  return Object.fromEntries(shortfalls.map(({ backup, limit }) => [backup, limit]))
}

const rangeOf = (from: string | null, to: string | null): LogRange | null =>
  from === null || to === null ? null : { from, to }

/** What the history knows of the log; nothing where a damaged backup leaves that open. */
const logOf = (history: History): Pick<SharedDatabase, 'baseLsn' | 'logs' | 'gaps'> => {
  const { base_lsn, log_gaps, damaged_backups, last_log_minutes } = history
  const logs = rangeOf(history.logs_from_lsn, history.logs_to_lsn)
  const missing = rangeOf(history.gap_from_lsn, history.gap_to_lsn)
  const isSound = damaged_backups === 0 && last_log_minutes !== null && last_log_minutes >= 0
  return {
    ...(base_lsn !== null && damaged_backups === 0 && { baseLsn: base_lsn }),
    ...(isSound && logs && log_gaps === 0 && { logs }),
    ...(isSound && logs && missing && log_gaps !== 0 && { gaps: { missing, logs } }),
  }
}

/** What a server answers need not be one. */
const isGuid = (text: string | null | undefined): text is string => GroupId.safeParse(text).success

/** The base of differential backups, by the identifier that the files of the database have on every replica. */
const baseOf = (
  { differential_base_guid: guid }: DatabaseRow,
  { base_is_found, base_is_lost, base_is_snapshot, base_is_foreign }: History,
): Pick<SharedDatabase, 'base' | 'wantedBase'> => {
  if (!isGuid(guid)) return {}
  if (base_is_found === false) return { wantedBase: guid }
  const isSound =
    base_is_found && [base_is_lost, base_is_snapshot, base_is_foreign].every((is) => is === false)
  return isSound ? { base: guid } : {}
}

const forkOf = (row: DatabaseRow, facts: HistoryFacts): Pick<SharedDatabase, 'fork'> => {
  const [chain] = chainsOf(row, facts)
  const fork = chain?.recovery_fork_guid
  return isGuid(fork) ? { fork } : {}
}

/** What this server knows of the backups of each database in an availability group, whatever its role. */
export const sharedIn = (facts: HistoryFacts, context: CheckContext): SharedDatabase[] =>
  considered(facts).databases.flatMap((row) => {
    const [replica] = replicasOf(row, facts)
    const { group_id: groupId, group_database_id: id } = replica ?? {}
    const history = historyOf(row, facts)
    if (!history || !isGuid(groupId) || !isGuid(id)) return []
    return [
      {
        groupId,
        id,
        name: row.name,
        ...forkOf(row, facts),
        full: ageOf(history.last_full_minutes),
        incremental: ageOf(history.last_incremental_minutes),
        log: ageOf(history.last_log_minutes),
        ...baseOf(row, history),
        ...logOf(history),
        open: openOf(row, facts, context),
      },
    ]
  })
