import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-datafiles.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  database,
  files,
  filesWith,
  isOfObject,
  oracleFacts,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  datafileView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATAFILE.html',
  recoverFileView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RECOVER_FILE.html',
  rman: 'Oracle Database Backup and Recovery User’s Guide, RMAN Backup Errors',
  recovery: 'Oracle Database Backup and Recovery User’s Guide, Performing Complete Database Recovery',
  dataGuard: 'Oracle Data Guard Concepts and Administration, Apply Services',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
  containerId: 'Oracle Multitenant Administrator’s Guide, Data Dictionary Architecture in a CDB',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const [full, whole] = [
  ['full', 'incremental'],
  ['full', 'incremental', 'restore'],
] as const
const file = '/u01/oradata/ORCL/3/users01.dbf'

/** A standby that applies redo while it is mounted. */
const standby = database({
  database_role: 'PHYSICAL STANDBY',
  open_mode: 'MOUNTED',
  controlfile_type: 'STANDBY',
})

const verdicts: readonly Row[] = [
  {
    when: 'all data files online',
    status: 'passed',
    findings: [],
    observed: { data_files: 12, dbid: '1544321098', resetlogs_change: '1490582' },
    databases: ['ORCL', 'SALES'],
    manual: 'datafileView',
  },
  {
    when: 'all data files online, in rows of another order',
    facts: { files: filesWith(files(3)).toReversed() },
    status: 'passed',
    findings: [],
    observed: { data_files: 12, dbid: '1544321098', resetlogs_change: '1490582' },
    manual: 'datafileView',
  },
  {
    when: 'data files, and no row of the database',
    facts: { files: [files(1), files(3)] },
    status: 'error',
    because: 'UNEXPECTED_ANSWER',
    findings: [],
    manual: 'datafileView',
  },
  {
    when: 'a tablespace that was taken offline in order',
    facts: { files: filesWith(files(3, { status: 'OFFLINE', detail: 'OFFLINE NORMAL' }), files(3)) },
    status: 'passed',
    findings: [],
    manual: 'recoverFileView',
  },
  {
    when: 'a tablespace that is offline and that the server does not want recovered',
    facts: { files: filesWith(files(3, { status: 'OFFLINE' })) },
    status: 'passed',
    findings: [],
    manual: 'recoverFileView',
  },
  {
    when: 'a data file that was taken offline alone',
    facts: { files: filesWith(files(3), files(3, { status: 'RECOVER', detail: 'NOT STATED', amount: 1 })) },
    status: 'warning',
    findings: [{ code: 'DATAFILE_NEEDS_RECOVERY', on: 'pluggable-database SALES', degrades: whole }],
    readiness: {
      SALES: { full: 'degraded', incremental: 'degraded', log: 'ready', restore: 'degraded' },
      ORCL: { full: 'ready' },
    },
    manual: 'recovery',
  },
  {
    when: 'two data files that need recovery, for two reasons',
    facts: {
      files: filesWith(
        files(3, { status: 'RECOVER', detail: 'NOT STATED', amount: 1 }),
        files(3, { status: 'OFFLINE', detail: 'NOT STATED', amount: 1 }),
      ),
    },
    status: 'warning',
    findings: [{ code: 'DATAFILE_NEEDS_RECOVERY', on: 'pluggable-database SALES', degrades: whole }],
    manual: 'recovery',
  },
  {
    when: 'a data file of the root that needs recovery',
    facts: { files: filesWith(files(1, { status: 'SYSOFF', detail: 'NONE', amount: 1 })) },
    status: 'warning',
    findings: [{ code: 'DATAFILE_NEEDS_RECOVERY', on: 'instance ORCL', degrades: whole }],
    manual: 'datafileView',
  },
  {
    when: 'a data file online that needs recovery, on a primary',
    facts: { files: filesWith(files(3, { detail: 'NOT STATED', amount: 1 })) },
    status: 'warning',
    findings: [{ code: 'DATAFILE_NEEDS_RECOVERY', on: 'pluggable-database SALES', degrades: whole }],
    manual: 'recoverFileView',
  },
  {
    when: 'a data file that is gone',
    facts: { files: filesWith(files(3), files(3, { detail: 'FILE NOT FOUND', amount: 1 })) },
    status: 'failed',
    findings: [
      { code: 'DATAFILE_UNREADABLE', on: 'pluggable-database SALES', blocks: full, degrades: ['restore'] },
    ],
    readiness: { SALES: { full: 'blocked', incremental: 'blocked', log: 'ready', restore: 'degraded' } },
    manual: 'rman',
  },
  {
    when: 'a data file that is gone and offline',
    facts: { files: filesWith(files(3, { status: 'RECOVER', detail: 'CANNOT OPEN FILE', amount: 1 })) },
    status: 'failed',
    findings: [
      { code: 'DATAFILE_UNREADABLE', on: 'pluggable-database SALES', blocks: full, degrades: ['restore'] },
    ],
    manual: 'rman',
  },
  {
    when: 'a data file that is gone, only log backup planned',
    facts: { files: filesWith(files(3, { detail: 'FILE NOT FOUND' })) },
    registered: { operations: ['log'] },
    status: 'warning',
    findings: [
      { code: 'DATAFILE_UNREADABLE', on: 'pluggable-database SALES', blocks: full, degrades: ['restore'] },
    ],
    manual: 'rman',
  },
  {
    when: 'a data file of no container database that is gone',
    facts: {
      database: [database({ cdb: 'NO', con_id: 0 })],
      pluggables: [],
      files: filesWith(files(0, { detail: 'FILE NOT FOUND' })),
    },
    status: 'failed',
    findings: [{ code: 'DATAFILE_UNREADABLE', on: 'database ORCL', blocks: full, degrades: ['restore'] }],
    manual: 'rman',
  },
  {
    when: 'a data file of a container that the login does not see',
    facts: { files: filesWith(files(7, { status: 'RECOVER' })) },
    status: 'warning',
    findings: [{ code: 'DATAFILE_NEEDS_RECOVERY', on: 'instance ORCL', degrades: whole }],
    manual: 'containerId',
  },
  {
    when: 'a standby whose data files wait for redo',
    facts: { database: [standby], files: filesWith(files(3, { detail: 'NOT STATED' })) },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
  {
    when: 'a standby that lacks a data file',
    facts: { database: [standby], files: filesWith(files(3, { detail: 'FILE NOT FOUND' })) },
    status: 'failed',
    findings: [
      { code: 'DATAFILE_UNREADABLE', on: 'pluggable-database SALES', blocks: full, degrades: ['restore'] },
    ],
    manual: 'dataGuard',
  },
  {
    when: 'a standby whose data file gets no redo',
    facts: { database: [standby], files: filesWith(files(3, { status: 'RECOVER', detail: 'NOT STATED' })) },
    status: 'warning',
    findings: [{ code: 'DATAFILE_NEEDS_RECOVERY', on: 'pluggable-database SALES', degrades: whole }],
    manual: 'dataGuard',
  },
  {
    when: 'a logical standby with a data file online that needs recovery',
    facts: {
      database: [database({ database_role: 'LOGICAL STANDBY' })],
      files: filesWith(files(3, { detail: 'NOT STATED' })),
    },
    status: 'warning',
    findings: [{ code: 'DATAFILE_NEEDS_RECOVERY', on: 'pluggable-database SALES', degrades: whole }],
    manual: 'dataGuard',
  },
  {
    when: 'in a role nobody knows, a data file online that needs recovery',
    facts: {
      database: [database({ database_role: 'UNDERSTUDY' })],
      files: filesWith(files(3, { detail: 'NOT STATED' })),
    },
    status: 'warning',
    findings: [{ code: 'DATAFILE_NEEDS_RECOVERY', on: 'pluggable-database SALES', degrades: whole }],
    manual: 'recoverFileView',
  },
  {
    when: 'a far sync, which has no data files',
    facts: {
      database: [database({ database_role: 'FAR SYNC', open_mode: 'MOUNTED' })],
      files: filesWith().filter(({ kind }) => kind === 'DATABASE'),
    },
    status: 'passed',
    findings: [],
    observed: { data_files: 0, dbid: '1544321098', resetlogs_change: '1490582' },
    manual: 'farSync',
  },
  {
    when: 'a status that nobody knows',
    facts: { files: filesWith(files(3, { status: 'ASLEEP' })) },
    status: 'error',
    findings: [{ code: 'DATAFILE_STATUS_UNKNOWN', on: 'pluggable-database SALES', obscures: whole }],
    manual: 'datafileView',
  },
  {
    when: 'no status, and no word on recovery',
    facts: { files: filesWith(files(3, { status: null, detail: null })) },
    status: 'error',
    findings: [{ code: 'DATAFILE_STATUS_UNKNOWN', on: 'pluggable-database SALES', obscures: whole }],
    manual: 'datafileView',
  },
  {
    when: 'online, and no word on recovery',
    facts: { files: filesWith(files(3, { detail: null })) },
    status: 'error',
    findings: [{ code: 'DATAFILE_STATUS_UNKNOWN', on: 'pluggable-database SALES', obscures: whole }],
    manual: 'recoverFileView',
  },
  {
    when: 'no data files at all',
    facts: { files: filesWith().slice(0, 1) },
    status: 'error',
    findings: [{ code: 'DATAFILES_UNSEEN', on: 'instance ORCL', obscures: whole }],
    manual: 'datafileView',
  },
]

const verify =
  'sqlplus: SELECT f.con_id, f.file#, f.name, f.status, r.error FROM v$datafile f JOIN v$recover_file r ON r.file# = f.file#;'
const shows = verify.replace('sqlplus', 'online sqlplus')
const expected = { status: 'ONLINE', error: 'NONE' }

const details: readonly DetailRow[] = [
  {
    when: 'two data files that need recovery, for two reasons',
    code: 'DATAFILE_NEEDS_RECOVERY',
    on: 'pluggable-database SALES',
    params: { count: 2, file, status: 'RECOVER, OFFLINE' },
    observed: { status: 'RECOVER, OFFLINE', error: 'NOT STATED', files: 2 },
    expected,
    steps: [
      shows,
      `online rman: RECOVER DATAFILE '${file}';`,
      'online sqlplus: ALTER SESSION SET CONTAINER = "SALES";',
      `online sqlplus: ALTER DATABASE DATAFILE '${file}' ONLINE;`,
      'online sqlplus: ALTER SESSION SET CONTAINER = CDB$ROOT;',
    ],
    verify,
  },
  {
    when: 'a data file of no container database that is gone',
    code: 'DATAFILE_UNREADABLE',
    on: 'database ORCL',
    params: { count: 4, file: '/u01/oradata/ORCL/0/users01.dbf', error: 'FILE NOT FOUND' },
    observed: { status: 'ONLINE', error: 'FILE NOT FOUND', files: 4 },
    expected,
    steps: [
      shows,
      'online manual',
      "downtime rman: RESTORE DATAFILE '/u01/oradata/ORCL/0/users01.dbf';",
      "online rman: RECOVER DATAFILE '/u01/oradata/ORCL/0/users01.dbf';",
      "online sqlplus: ALTER DATABASE DATAFILE '/u01/oradata/ORCL/0/users01.dbf' ONLINE;",
    ],
    verify,
  },
  {
    when: 'a standby that lacks a data file',
    code: 'DATAFILE_UNREADABLE',
    on: 'pluggable-database SALES',
    params: { count: 4, file, error: 'FILE NOT FOUND' },
    observed: { status: 'ONLINE', error: 'FILE NOT FOUND', files: 4 },
    expected,
    steps: [shows, 'online manual', 'online manual'],
    verify,
  },
  {
    when: 'a standby whose data file gets no redo',
    code: 'DATAFILE_NEEDS_RECOVERY',
    on: 'pluggable-database SALES',
    params: { count: 4, file, status: 'RECOVER' },
    observed: { status: 'RECOVER', error: 'NOT STATED', files: 4 },
    expected,
    steps: [shows, 'online manual'],
    verify,
  },
  {
    when: 'no status, and no word on recovery',
    code: 'DATAFILE_STATUS_UNKNOWN',
    on: 'pluggable-database SALES',
    params: { count: 4, file, status: 'NULL', error: 'NULL' },
    observed: { status: 'NULL', error: 'NULL', files: 4 },
    expected,
    steps: [],
  },
  {
    when: 'no data files at all',
    code: 'DATAFILES_UNSEEN',
    on: 'instance ORCL',
    params: {},
    observed: { files: 0 },
    expected: { files: '1 or more' },
    steps: [],
  },
]

describe('ORACLE_DATAFILES', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': whole, native: whole },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'oracle', answer: oracleFacts, verdicts, isOf: isOfObject })

  it.each([
    ['is missing', ({ detail: _detail, ...row }: ReturnType<typeof files>) => row],
    ['is undefined', (row: ReturnType<typeof files>) => ({ ...row, detail: undefined })],
  ])('refuses rows of which a column %s, though it may be null', (_what, without) => {
    const answer = { ...oracleFacts(), files: filesWith(files(3)).map(without) }
    const { status, reason } = judged(check, { answer }, contextFor('oracle'))
    expect([status, reason?.code]).toEqual(['error', 'UNEXPECTED_ANSWER'])
  })
})
