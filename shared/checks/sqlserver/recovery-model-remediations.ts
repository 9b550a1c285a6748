import type { Target } from '../../model/instance.ts'
import type { Profile } from '../../model/profile.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { type DatabaseRow, stateOf } from './databases.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { backupFile, grant } from './remediations.ts'
import { recoveryModelSteps as modelSteps } from './recovery-model-steps.ts'
import { sqlServerSteps as steps } from './steps.ts'

const verifyModel = (database: string): Remediation['verify'] => ({
  language: tsql.name,
  query: `SELECT name, recovery_model_desc FROM sys.databases WHERE name = ${quoteString(database)};`,
})

/** What a full backup changes: log and differential backups are based on it from then on. */
const afterFullBackup = { has_log_chain: true, has_differential_base: true } as const

/** Under `cloud-backup` by its plan, or the base would belong to another tool. */
export const backUp = (database: string, profile: Profile): RemediationStep =>
  profile === 'cloud-backup'
    ? modelSteps.runPlannedBackup({})
    : modelSteps.backUp({ database, file: backupFile(database, 'full.bak') })

const setModel = ({ name: database, is_read_only }: DatabaseRow): RemediationStep[] => {
  const set = modelSteps.setFull({ database })
  return is_read_only
    ? [modelSteps.setReadWrite({ database }), set, modelSteps.setReadOnly({ database })]
    : [set]
}

/**
 * For SIMPLE. No option of a database can be set before it is online; how it gets there is for the item that judges its
 * state. The log chain starts with a full backup ("View or change the recovery model of a database").
 */
export const setFull = (row: DatabaseRow, profile: Profile): Remediation => {
  const isOnline = stateOf(row) === 'ONLINE'
  return {
    steps: [...(isOnline ? [] : [steps.bringOnlineFirst({})]), ...setModel(row), backUp(row.name, profile)],
    verify: verifyModel(row.name),
    // Of what is not online there are no facts yet about its backups.
    changes: { recovery_model_desc: 'FULL', ...(isOnline && afterFullBackup) },
  }
}

/** For a database without the full backup that others are based on. */
export const takeFullBackup = (database: string, profile: Profile): Remediation => ({
  steps: [backUp(database, profile)],
  verify: {
    language: tsql.name,
    query: `SELECT last_log_backup_lsn FROM sys.database_recovery_status WHERE database_id = DB_ID(${quoteString(database)});`,
  },
  changes: afterFullBackup,
})

/** For a database that AUTO_CLOSE closed: once it stays open, the next precheck sees its log chain. */
export const openDatabase = (database: string): Remediation => ({
  steps: [modelSteps.closeNoMore({ database })],
  verify: {
    language: tsql.name,
    query: `SELECT name, is_auto_close_on, collation_name FROM sys.databases WHERE name = ${quoteString(database)};`,
  },
  changes: { is_auto_close_on: false, collation_name: 'not NULL' },
})

/** For a login that cannot see the files of databases. */
export const showDefinitions = (target: Target): Remediation => ({
  steps: grant('VIEW ANY DEFINITION', target),
  verify: {
    language: tsql.name,
    query: "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION');",
  },
  changes: { view_any_definition: true },
})

/** For one fact of a database that the login cannot see without that right. */
export const showFact = (target: Target): Remediation => ({ ...showDefinitions(target), changes: {} })
