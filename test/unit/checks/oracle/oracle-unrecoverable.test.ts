import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-unrecoverable.ts'
import { type OracleFacts, database, files, filesWith, oracleFacts } from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  datafileView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATAFILE.html',
  report: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/rcmrf/REPORT.html',
  forceLogging: 'Oracle Database Administrator’s Guide, Specifying FORCE LOGGING Mode',
  nonlogged: 'Oracle Data Guard Concepts and Administration, Recovering Nonlogged Blocks',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const whole = ['full', 'incremental', 'restore'] as const
const file = '/u01/oradata/ORCL/3/users01.dbf'
const sales = 'pluggable-database SALES'

const changed = (kind: 'UNRECOVERABLE' | 'NONLOGGED', con_id = 3) =>
  files(con_id, { kind, status: 'CHANGED', detail: '-', amount: 2 })

const logging = (force_logging: string | null) =>
  files(0, { kind: 'DATABASE', name: '1544321098', status: force_logging, detail: '1490582', amount: 1 })

const standby = database({ database_role: 'PHYSICAL STANDBY', open_mode: 'READ ONLY WITH APPLY' })

const verdicts: readonly Row[] = [
  {
    when: 'no changes without redo',
    status: 'passed',
    findings: [],
    observed: { force_logging: 'YES' },
    databases: ['ORCL', 'SALES'],
    manual: 'report',
  },
  {
    when: 'no changes without redo, which are allowed',
    facts: { files: [files(3), logging('NO')] },
    status: 'passed',
    findings: [],
    observed: { force_logging: 'NO' },
    manual: 'forceLogging',
  },
  {
    when: 'changes without redo that no backup has',
    facts: { files: [logging('NO'), files(3), changed('UNRECOVERABLE')] },
    status: 'warning',
    findings: [{ code: 'CHANGED_WITHOUT_REDO', on: sales, degrades: ['restore'] }],
    readiness: { SALES: { full: 'ready', restore: 'degraded' }, ORCL: { restore: 'ready' } },
    manual: 'report',
  },
  {
    when: 'changes without redo that no backup has, from before redo was forced',
    facts: { files: filesWith(files(3), changed('UNRECOVERABLE')) },
    status: 'warning',
    findings: [{ code: 'CHANGED_WITHOUT_REDO', on: sales, degrades: ['restore'] }],
    manual: 'forceLogging',
  },
  {
    when: 'changes without redo that no backup has, only log backup planned',
    facts: { files: filesWith(files(3), changed('UNRECOVERABLE', 1)) },
    registered: { operations: ['log'] },
    status: 'warning',
    findings: [{ code: 'CHANGED_WITHOUT_REDO', on: 'instance ORCL', degrades: ['restore'] }],
    manual: 'report',
  },
  {
    when: 'changes without redo, and nobody knows whether redo is forced',
    facts: { files: [logging(null), files(3), changed('UNRECOVERABLE')] },
    status: 'warning',
    findings: [{ code: 'CHANGED_WITHOUT_REDO', on: sales, degrades: ['restore'] }],
    manual: 'report',
  },
  {
    when: 'a primary that was a standby and lacked changes then',
    facts: { files: filesWith(files(3), changed('NONLOGGED')) },
    status: 'passed',
    findings: [],
    manual: 'datafileView',
  },
  {
    when: 'a standby whose control file has old changes of the primary',
    facts: { database: [standby], files: filesWith(files(3), changed('UNRECOVERABLE')) },
    status: 'passed',
    findings: [],
    manual: 'nonlogged',
  },
  {
    when: 'a standby that lacks changes',
    facts: { database: [standby], files: filesWith(files(3), changed('NONLOGGED')) },
    status: 'warning',
    findings: [{ code: 'STANDBY_LACKS_CHANGES', on: sales, degrades: whole }],
    manual: 'nonlogged',
  },
  {
    when: 'in a role nobody knows, changes of both kinds',
    facts: {
      database: [database({ database_role: 'UNDERSTUDY' })],
      files: filesWith(files(3), changed('UNRECOVERABLE'), changed('NONLOGGED')),
    },
    status: 'warning',
    findings: [
      { code: 'CHANGED_WITHOUT_REDO', on: sales, degrades: ['restore'] },
      { code: 'STANDBY_LACKS_CHANGES', on: sales, degrades: whole },
    ],
    manual: 'datafileView',
  },
  {
    when: 'a far sync, which has no data files',
    facts: { database: [database({ database_role: 'FAR SYNC' })], files: filesWith(changed('NONLOGGED')) },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const verify =
  'sqlplus: SELECT con_id, file#, name, unrecoverable_time, first_nonlogged_time FROM v$datafile WHERE unrecoverable_change# > 0 OR first_nonlogged_scn > 0;'
const backsUp = 'online rman: BACKUP INCREMENTAL LEVEL 1 DATABASE;'
const forces = 'online sqlplus: ALTER DATABASE FORCE LOGGING;'
const about = { on: sales, params: { count: 2, file }, expected: { files: 0 }, verify } as const

const details: readonly DetailRow[] = [
  {
    ...about,
    when: 'changes without redo that no backup has',
    code: 'CHANGED_WITHOUT_REDO',
    observed: { files: 2, force_logging: 'NO' },
    steps: [backsUp, forces],
  },
  {
    ...about,
    when: 'changes without redo that no backup has, from before redo was forced',
    code: 'CHANGED_WITHOUT_REDO',
    observed: { files: 2, force_logging: 'YES' },
    steps: [backsUp],
  },
  {
    ...about,
    when: 'changes without redo, and nobody knows whether redo is forced',
    code: 'CHANGED_WITHOUT_REDO',
    observed: { files: 2, force_logging: null },
    steps: [backsUp, forces],
  },
  {
    ...about,
    when: 'a standby that lacks changes',
    code: 'STANDBY_LACKS_CHANGES',
    observed: { files: 2, force_logging: 'YES' },
    steps: ['online rman: RECOVER DATABASE NONLOGGED BLOCK;', 'online manual'],
  },
]

describe('ORACLE_UNRECOVERABLE', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': whole, native: whole },
    verdicts,
    details,
    never: {
      failed: 'no backup fails for it: what it loses was written without redo',
      error: 'rows that are there say it; an answer without them is refused as a whole',
    },
  })
})
