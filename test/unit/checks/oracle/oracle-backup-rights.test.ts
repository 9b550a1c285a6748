import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-backup-rights.ts'
import {
  type OracleFacts,
  database,
  onServer,
  oracleFacts,
  serverOf,
  serverWith,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  passwordFileView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-PWFILE_USERS.html',
  parameter:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/REMOTE_LOGIN_PASSWORDFILE.html',
  rman: 'Oracle Database Backup and Recovery User’s Guide, Making Database Connections with RMAN',
  authentication: 'Oracle Database Administrator’s Guide, Database Administrator Authentication',
  multitenant: 'Oracle Multitenant Administrator’s Guide, Data Dictionary Architecture in a CDB',
  dataGuard: 'Oracle Data Guard Concepts and Administration, Password Files of a Standby Database',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const registered = { backupAccount: 'c##rman' } as const
const orcl1 = 'instance orcl1'

/** What the password file says of the account: whether it is SYSDBA, and SYSBACKUP. */
const account = (value: string | null, detail: string | null, name = 'C##RMAN', inst_id = 1) =>
  onServer({ kind: 'PASSWORD_FILE', inst_id, name, value, detail })
const mode = (value: string | null) =>
  onServer({ kind: 'PARAMETER', name: 'remote_login_passwordfile', value })
const withoutFile = serverOf(1).filter(({ kind }) => kind !== 'PASSWORD_FILE')

const verdicts: readonly Row[] = [
  {
    when: 'no backup account',
    status: 'passed',
    findings: [],
    observed: { backup_account: null },
    manual: 'passwordFileView',
  },
  {
    when: 'no backup account, and no password file',
    facts: { server: withoutFile },
    status: 'passed',
    findings: [],
    manual: 'passwordFileView',
  },
  {
    when: 'SYSBACKUP',
    facts: { server: serverWith(account('FALSE', 'TRUE')) },
    registered,
    status: 'passed',
    findings: [],
    observed: { backup_account: 'c##rman' },
    manual: 'rman',
  },
  {
    when: 'SYSDBA',
    facts: { server: serverWith(account('TRUE', 'FALSE')) },
    registered,
    status: 'passed',
    findings: [],
    manual: 'rman',
  },
  {
    when: 'SYSBACKUP, where one password file is shared',
    facts: { server: serverWith(account('FALSE', 'TRUE'), mode('SHARED')) },
    registered,
    status: 'passed',
    findings: [],
    manual: 'parameter',
  },
  {
    when: 'an account of mixed case',
    facts: { server: serverWith(account('FALSE', 'TRUE', 'Backup')) },
    registered: { backupAccount: '"Backup"' },
    status: 'passed',
    findings: [],
    manual: 'passwordFileView',
  },
  {
    when: 'not in the password file',
    registered,
    status: 'failed',
    findings: [{ code: 'BACKUP_RIGHT_MISSING', on: orcl1, blocks: all }],
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'blocked' } },
    manual: 'rman',
  },
  {
    when: 'in the password file with neither',
    facts: { server: serverWith(account('FALSE', 'FALSE')) },
    registered,
    status: 'failed',
    findings: [{ code: 'BACKUP_RIGHT_MISSING', on: orcl1, blocks: all }],
    manual: 'rman',
  },
  {
    when: 'not in the password file of a standby',
    facts: { database: [database({ database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED' })] },
    registered,
    status: 'failed',
    findings: [{ code: 'BACKUP_RIGHT_MISSING', on: orcl1, blocks: all }],
    manual: 'dataGuard',
  },
  {
    when: 'in the password file of the first of two nodes alone',
    facts: { server: [...serverWith(account('FALSE', 'TRUE')), ...serverOf(2)] },
    registered,
    status: 'failed',
    findings: [{ code: 'BACKUP_RIGHT_MISSING', on: 'instance orcl2', blocks: all }],
    manual: 'passwordFileView',
  },
  {
    when: 'no password file',
    facts: { server: withoutFile },
    registered,
    status: 'failed',
    findings: [{ code: 'PASSWORD_FILE_MISSING', on: orcl1, blocks: all }],
    manual: 'authentication',
  },
  {
    when: 'a password file that is not used',
    facts: { server: serverWith(mode('NONE')) },
    registered,
    status: 'failed',
    findings: [{ code: 'PASSWORD_FILE_UNUSED', on: orcl1, blocks: all }],
    manual: 'parameter',
  },
  {
    when: 'an account of the system, by the name of the database',
    facts: { server: serverWith(account('FALSE', 'TRUE')) },
    registered: { backupAccount: '/@ORCL' },
    status: 'error',
    findings: [{ code: 'BACKUP_RIGHT_UNKNOWN', on: orcl1, obscures: all }],
    manual: 'authentication',
  },
  {
    when: 'an instance that does not say whether it uses a password file',
    facts: { server: serverWith(account('FALSE', 'TRUE')).filter(({ kind }) => kind !== 'PARAMETER') },
    registered,
    status: 'error',
    findings: [{ code: 'BACKUP_RIGHT_UNKNOWN', on: orcl1, obscures: all }],
    manual: 'parameter',
  },
  ...[null, 'PERHAPS'].map((value): Row => ({
    when: `a password file of which nobody knows whether it is used: ${value}`,
    facts: { server: serverWith(account('FALSE', 'TRUE'), mode(value)) },
    registered,
    status: 'error',
    findings: [{ code: 'BACKUP_RIGHT_UNKNOWN', on: orcl1, obscures: all }],
    manual: 'parameter',
  })),
  {
    when: 'in the password file, and nobody knows with what',
    facts: { server: serverWith(account('FALSE', null)) },
    registered,
    status: 'error',
    findings: [{ code: 'BACKUP_RIGHT_UNKNOWN', on: orcl1, obscures: all }],
    manual: 'passwordFileView',
  },
  {
    when: 'looked at from a pluggable database',
    facts: { database: [database({ con_id: 3 })], server: serverWith(account('FALSE', 'TRUE')) },
    registered,
    status: 'error',
    findings: [{ code: 'BACKUP_RIGHT_UNKNOWN', on: orcl1, obscures: all }],
    manual: 'multitenant',
  },
  {
    when: 'looked at in no container database',
    facts: {
      database: [database({ cdb: 'NO', con_id: 0 })],
      server: serverWith(account('FALSE', 'TRUE', 'RMAN')),
    },
    registered: { backupAccount: 'rman' },
    status: 'passed',
    findings: [],
    manual: 'multitenant',
  },
  {
    when: 'an account of the system',
    registered: { backupAccount: '/' },
    status: 'error',
    findings: [{ code: 'BACKUP_RIGHT_UNKNOWN', on: orcl1, obscures: all }],
    manual: 'authentication',
  },
  {
    when: 'a far sync, which nobody backs up',
    facts: { database: [database({ database_role: 'FAR SYNC' })] },
    registered,
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const verify = 'sqlplus: SELECT inst_id, username, sysdba, sysbackup FROM gv$pwfile_users;'
const grants = 'online sqlplus: GRANT SYSBACKUP TO "C##RMAN";'
const about = {
  on: orcl1,
  params: { account: 'C##RMAN', instance: 'orcl1' },
  observed: { sysbackup: false },
  expected: { sysbackup: true },
  verify,
} as const

const details: readonly DetailRow[] = [
  { ...about, when: 'not in the password file', code: 'BACKUP_RIGHT_MISSING', steps: [grants] },
  {
    ...about,
    when: 'not in the password file of a standby',
    code: 'BACKUP_RIGHT_MISSING',
    steps: ['online manual'],
  },
  { ...about, when: 'no password file', code: 'PASSWORD_FILE_MISSING', steps: ['online manual', grants] },
  {
    ...about,
    when: 'a password file that is not used',
    code: 'PASSWORD_FILE_UNUSED',
    steps: [
      'restart sqlplus: ALTER SYSTEM SET remote_login_passwordfile = EXCLUSIVE SCOPE = SPFILE;',
      'downtime manual',
      grants,
    ],
  },
  {
    ...about,
    when: 'an account of the system',
    code: 'BACKUP_RIGHT_UNKNOWN',
    params: { account: '/', instance: 'orcl1' },
    observed: { sysbackup: null },
    steps: ['online manual'],
  },
]

describe('ORACLE_BACKUP_RIGHTS', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { warning: 'an account may take backups or may not' },
  })
})
