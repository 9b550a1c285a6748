import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-backup-mode.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { type OracleFacts, backupMode, database, oracleFacts } from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  backupView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-BACKUP.html',
  userManaged:
    'Oracle Database Backup and Recovery User’s Guide, Making User-Managed Backups of Online Tablespaces',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const on = 'instance ORCL'
const affected = ['full', 'incremental'] as const
const unknown = { code: 'BACKUP_MODE_UNKNOWN', on, obscures: affected } as const

const verdicts: readonly Row[] = [
  {
    when: 'no data file is in backup mode',
    status: 'passed',
    findings: [],
    observed: { files: 0 },
    manual: 'backupView',
  },
  {
    when: 'data files are in backup mode for as long as they may',
    facts: { rman: [backupMode(3, 60)] },
    status: 'passed',
    findings: [],
    manual: 'userManaged',
  },
  {
    when: 'data files are in backup mode for longer',
    facts: { rman: [backupMode(3, 150)] },
    status: 'warning',
    findings: [{ code: 'IN_BACKUP_MODE', on, degrades: affected }],
    manual: 'userManaged',
  },
  {
    when: 'data files are in backup mode, nobody knows for how long',
    facts: { rman: [backupMode(3, null)] },
    status: 'error',
    findings: [unknown],
    manual: 'backupView',
  },
  {
    when: 'an unknown number of data files is in backup mode',
    facts: { rman: [backupMode(null, 61)] },
    status: 'error',
    findings: [unknown],
    manual: 'backupView',
  },
  {
    when: 'no row of the backup mode',
    facts: { rman: [] },
    status: 'error',
    findings: [unknown],
    manual: 'backupView',
  },
  {
    when: 'a far sync instance',
    facts: { database: [database({ database_role: 'FAR SYNC' })], rman: [backupMode(3, 150)] },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'data files are in backup mode for longer',
    code: 'IN_BACKUP_MODE',
    on,
    params: { files: 3, hours: 3 },
    observed: { amount: 3, minutes: 150 },
    expected: { minutes: '<= 60' },
    steps: ['online manual', 'online sqlplus: ALTER DATABASE END BACKUP;'],
    verify: "sqlplus: SELECT file#, status, time FROM v$backup WHERE status = 'ACTIVE';",
  },
  {
    when: 'no row of the backup mode',
    code: 'BACKUP_MODE_UNKNOWN',
    on,
    params: {},
    observed: { amount: null, minutes: null },
    expected: { minutes: '<= 60' },
    steps: [],
  },
]

describe('ORACLE_BACKUP_MODE', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': affected, native: affected },
    verdicts,
    details,
    never: { failed: 'RMAN backs up files in backup mode too' },
  })

  testChanges({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    verdicts,
    isOf: (statement, row) => statement === 'rman' && row['kind'] === 'backup-mode',
  })
})
