import { oracle } from '../../../shared/checks/oracle/engine.ts'
import { filePrivileges } from '../../../shared/checks/oracle/file-facts.ts'
import { serverPrivileges } from '../../../shared/checks/oracle/server-facts.ts'
import { type OracleFacts, oracleFacts, oracleSamples } from '../../support/facts/oracle.ts'
import { sqlOf } from '../../support/facts/statements.ts'
import { statementTable } from '../answer.ts'
import { type Answer, table } from './scenario.ts'

const refused: Answer = { error: { code: 942 } }

const counted = (rows: unknown): Answer => (rows === null ? refused : table([{ seen: 1 }]))

/**
 * Answers the catalogue's own statements, and no others: those of a healthy Oracle server, but for the state. `null`
 * refuses a statement for lack of privilege.
 */
export const answersOf = (state: Partial<OracleFacts>): ((sql: string) => Answer | undefined) => {
  const facts = oracleFacts(state)
  const columns = new Map(Object.entries(oracleSamples).map(([name, row]) => [name, Object.keys(row)]))
  const { privileges } = oracle
  return statementTable([
    ...Object.entries(facts).map(([name, rows]): [string, Answer] => [
      sqlOf('oracle', name),
      rows === null ? refused : table(rows, columns.get(name)),
    ]),
    ...filePrivileges.map((name): [string, Answer] => [privileges[name].probe, counted(facts.files)]),
    ...serverPrivileges.map((name): [string, Answer] => [privileges[name].probe, counted(facts.server)]),
    [privileges['SELECT ON SYS.GV_$INSTANCE'].probe, counted(facts.instances)],
    [privileges['SELECT ON SYS.V_$DATABASE'].probe, counted(facts.database)],
    [privileges['SELECT ON SYS.GV_$PDBS'].probe, counted(facts.pluggables)],
    [privileges['SELECT ON SYS.V_$THREAD'].probe, counted(facts.threads)],
    [privileges['SELECT ON SYS.GV_$ARCHIVE_DEST'].probe, counted(facts.destinations)],
    [privileges['SELECT ON SYS.V_$RECOVERY_FILE_DEST'].probe, counted(facts.spaces)],
    [privileges['SELECT ON SYS.V_$RECOVERY_AREA_USAGE'].probe, counted(facts.spaces)],
    [privileges['SELECT ON SYS.V_$RESTORE_POINT'].probe, counted(facts.spaces)],
    [privileges['SELECT ON SYS.V_$ASM_DISKGROUP_STAT'].probe, counted(facts.spaces)],
    [privileges['SELECT ON SYS.V_$DATAFILE'].probe, counted(facts.backups)],
    [privileges['SELECT ON SYS.V_$BACKUP_DATAFILE'].probe, counted(facts.backups)],
    [privileges['SELECT ON SYS.V_$BACKUP_PIECE'].probe, counted(facts.backups)],
    [privileges['SELECT ON SYS.V_$BACKUP_SET'].probe, counted(facts.backups)],
    [privileges['SELECT ON SYS.V_$DATAFILE_COPY'].probe, counted(facts.backups)],
    [privileges['SELECT ON SYS.V_$ARCHIVED_LOG'].probe, counted(facts.backups)],
    [privileges['SELECT ON SYS.V_$PARAMETER'].probe, counted(facts.backups)],
    [privileges['SELECT ON SYS.V_$RMAN_STATUS'].probe, counted(facts.rman)],
    [privileges['SELECT ON SYS.V_$RMAN_CONFIGURATION'].probe, counted(facts.rman)],
    [privileges['SELECT ON SYS.V_$LOGFILE'].probe, counted(facts.rman)],
    [privileges['SELECT ON SYS.V_$BACKUP'].probe, counted(facts.rman)],
  ])
}
