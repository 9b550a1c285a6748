import { type Privilege, defineEngine } from '../framework/define-engine.ts'
import { rman, sqlplus } from './languages.ts'
import { oracleNumbers, oracleProblems } from './problems.ts'
import { quoteUser } from './quote.ts'
import { roleWords } from './role.ts'

/**
 * The right to read a dynamic view, which is tried. It is granted on the `V_$` object, since nothing can be granted on
 * the synonym (ORA-02030); SELECT_CATALOG_ROLE would cover all of them.
 */
const mayRead = (synonym: string, view: string): Privilege => ({
  probe: `SELECT COUNT(*) AS seen FROM ${synonym} WHERE ROWNUM < 2`,
  grants: (login) => [`GRANT SELECT ON SYS.${view} TO ${quoteUser(login)};`],
})

/** Oracle Database. */
export const oracle = defineEngine({
  name: 'oracle',
  title: 'Oracle',
  script: sqlplus,
  languages: [rman],
  privileges: {
    'SELECT ON SYS.GV_$INSTANCE': mayRead('gv$instance', 'GV_$INSTANCE'),
    'SELECT ON SYS.V_$DATABASE': mayRead('v$database', 'V_$DATABASE'),
    'SELECT ON SYS.GV_$PDBS': mayRead('gv$pdbs', 'GV_$PDBS'),
    'SELECT ON SYS.V_$THREAD': mayRead('v$thread', 'V_$THREAD'),
    'SELECT ON SYS.GV_$ARCHIVE_DEST': mayRead('gv$archive_dest', 'GV_$ARCHIVE_DEST'),
    'SELECT ON SYS.V_$RECOVERY_FILE_DEST': mayRead('v$recovery_file_dest', 'V_$RECOVERY_FILE_DEST'),
    'SELECT ON SYS.V_$RECOVERY_AREA_USAGE': mayRead('v$recovery_area_usage', 'V_$RECOVERY_AREA_USAGE'),
    'SELECT ON SYS.V_$RESTORE_POINT': mayRead('v$restore_point', 'V_$RESTORE_POINT'),
    'SELECT ON SYS.V_$ASM_DISKGROUP_STAT': mayRead('v$asm_diskgroup_stat', 'V_$ASM_DISKGROUP_STAT'),
    'SELECT ON SYS.V_$DATAFILE': mayRead('v$datafile', 'V_$DATAFILE'),
    'SELECT ON SYS.V_$BACKUP_DATAFILE': mayRead('v$backup_datafile', 'V_$BACKUP_DATAFILE'),
    'SELECT ON SYS.V_$BACKUP_PIECE': mayRead('v$backup_piece', 'V_$BACKUP_PIECE'),
    'SELECT ON SYS.V_$BACKUP_SET': mayRead('v$backup_set', 'V_$BACKUP_SET'),
    'SELECT ON SYS.V_$DATAFILE_COPY': mayRead('v$datafile_copy', 'V_$DATAFILE_COPY'),
    'SELECT ON SYS.V_$ARCHIVED_LOG': mayRead('v$archived_log', 'V_$ARCHIVED_LOG'),
    'SELECT ON SYS.V_$PARAMETER': mayRead('v$parameter', 'V_$PARAMETER'),
    'SELECT ON SYS.V_$RMAN_STATUS': mayRead('v$rman_status', 'V_$RMAN_STATUS'),
    'SELECT ON SYS.V_$RMAN_CONFIGURATION': mayRead('v$rman_configuration', 'V_$RMAN_CONFIGURATION'),
    'SELECT ON SYS.V_$LOGFILE': mayRead('v$logfile', 'V_$LOGFILE'),
    'SELECT ON SYS.V_$BACKUP': mayRead('v$backup', 'V_$BACKUP'),
    'SELECT ON SYS.V_$RECOVER_FILE': mayRead('v$recover_file', 'V_$RECOVER_FILE'),
    'SELECT ON SYS.V_$DATABASE_BLOCK_CORRUPTION': mayRead(
      'v$database_block_corruption',
      'V_$DATABASE_BLOCK_CORRUPTION',
    ),
    'SELECT ON SYS.GV_$ENCRYPTION_WALLET': mayRead('gv$encryption_wallet', 'GV_$ENCRYPTION_WALLET'),
    'SELECT ON SYS.V_$ENCRYPTED_TABLESPACES': mayRead('v$encrypted_tablespaces', 'V_$ENCRYPTED_TABLESPACES'),
    'SELECT ON SYS.GV_$PWFILE_USERS': mayRead('gv$pwfile_users', 'GV_$PWFILE_USERS'),
    'SELECT ON SYS.GV_$PARAMETER': mayRead('gv$parameter', 'GV_$PARAMETER'),
    'SELECT ON SYS.GV_$RESOURCE_LIMIT': mayRead('gv$resource_limit', 'GV_$RESOURCE_LIMIT'),
    'SELECT ON SYS.GV_$DATAGUARD_STATS': mayRead('gv$dataguard_stats', 'GV_$DATAGUARD_STATS'),
  },
  problems: oracleProblems,
  numbers: oracleNumbers,
  words: roleWords,
})
