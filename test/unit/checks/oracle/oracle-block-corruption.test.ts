import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-block-corruption.ts'
import { type OracleFacts, database, files, filesWith, oracleFacts } from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  corruptionView:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATABASE_BLOCK_CORRUPTION.html',
  limit: 'https://docs.oracle.com/en/error-help/db/ora-19566/',
  blockRecovery: 'Oracle Database Backup and Recovery User’s Guide, Performing Block Media Recovery',
  nonlogged: 'Oracle Data Guard Concepts and Administration, Recovering Nonlogged Blocks',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const [full, whole] = [
  ['full', 'incremental'],
  ['full', 'incremental', 'restore'],
] as const
const file = '/u01/oradata/ORCL/3/users01.dbf'

const corrupt = (con_id: number, status: string | null, amount = 8) =>
  files(con_id, { kind: 'CORRUPTION', status, detail: '-', amount })

const physical = { code: 'BLOCKS_CORRUPT', blocks: full, degrades: ['restore'] } as const
const sales = 'pluggable-database SALES'

const verdicts: readonly Row[] = [
  {
    when: 'no corrupt blocks',
    status: 'passed',
    findings: [],
    observed: { corrupt_blocks: 0 },
    databases: ['ORCL', 'SALES'],
    manual: 'corruptionView',
  },
  ...['CHECKSUM', 'FRACTURED', 'ALL ZERO', 'CORRUPT'].map((type): Row => ({
    when: `blocks that are ${type}`,
    facts: { files: filesWith(files(3), corrupt(3, type)) },
    status: 'failed',
    findings: [{ ...physical, on: sales }],
    readiness: {
      SALES: { full: 'blocked', incremental: 'blocked', log: 'ready', restore: 'degraded' },
      ORCL: { full: 'ready' },
    },
    observed: { corrupt_blocks: 8 },
    manual: 'limit',
  })),
  {
    when: 'blocks of two types in one pluggable database, and others in the root',
    facts: {
      files: filesWith(corrupt(3, 'CHECKSUM'), corrupt(1, 'FRACTURED', 2), corrupt(3, 'ALL ZERO', 1)),
    },
    status: 'failed',
    findings: [
      { ...physical, on: sales },
      { ...physical, on: 'instance ORCL' },
    ],
    observed: { corrupt_blocks: 11 },
    manual: 'blockRecovery',
  },
  {
    when: 'blocks that are logically corrupt',
    facts: { files: filesWith(files(3), corrupt(3, 'LOGICAL')) },
    status: 'warning',
    findings: [{ code: 'BLOCKS_LOGICALLY_CORRUPT', on: sales, degrades: whole }],
    manual: 'corruptionView',
  },
  {
    when: 'blocks without redo, on a standby',
    facts: {
      database: [database({ database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED' })],
      files: filesWith(files(3), corrupt(3, 'NOLOGGING')),
    },
    status: 'warning',
    findings: [{ code: 'BLOCKS_LOGICALLY_CORRUPT', on: sales, degrades: whole }],
    manual: 'nonlogged',
  },
  {
    when: 'blocks of a type that nobody knows',
    facts: { files: filesWith(files(3), corrupt(3, 'MOULDY')) },
    status: 'error',
    findings: [{ code: 'CORRUPTION_UNKNOWN', on: sales, obscures: whole }],
    manual: 'corruptionView',
  },
  {
    when: 'blocks of no type',
    facts: { files: filesWith(files(3), corrupt(3, null)) },
    status: 'error',
    findings: [{ code: 'CORRUPTION_UNKNOWN', on: sales, obscures: whole }],
    manual: 'corruptionView',
  },
  {
    when: 'a far sync, which has no data files',
    facts: { database: [database({ database_role: 'FAR SYNC' })], files: filesWith(corrupt(1, 'CHECKSUM')) },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const verify = 'sqlplus: SELECT * FROM v$database_block_corruption;'
const shows = `online ${verify}`
const validates = 'online rman: VALIDATE DATABASE;'
const expected = { blocks: 0 }

const details: readonly DetailRow[] = [
  {
    when: 'blocks of two types in one pluggable database, and others in the root',
    code: 'BLOCKS_CORRUPT',
    on: sales,
    params: { count: 9, file, type: 'CHECKSUM, ALL ZERO' },
    observed: { corruption_type: 'CHECKSUM, ALL ZERO', blocks: 9 },
    expected,
    steps: [shows, 'online rman: RECOVER CORRUPTION LIST;', validates],
    verify,
  },
  {
    when: 'blocks that are logically corrupt',
    code: 'BLOCKS_LOGICALLY_CORRUPT',
    on: sales,
    params: { count: 8, file, type: 'LOGICAL' },
    observed: { corruption_type: 'LOGICAL', blocks: 8 },
    expected,
    steps: [shows, 'downtime manual', validates],
    verify,
  },
  {
    when: 'blocks without redo, on a standby',
    code: 'BLOCKS_LOGICALLY_CORRUPT',
    on: sales,
    params: { count: 8, file, type: 'NOLOGGING' },
    observed: { corruption_type: 'NOLOGGING', blocks: 8 },
    expected,
    steps: [shows, 'online rman: RECOVER DATABASE NONLOGGED BLOCK;', validates],
    verify,
  },
  {
    when: 'blocks of no type',
    code: 'CORRUPTION_UNKNOWN',
    on: sales,
    params: { count: 8, file, type: 'NULL' },
    observed: { corruption_type: 'NULL', blocks: 8 },
    expected,
    steps: [shows, validates],
    verify,
  },
]

describe('ORACLE_BLOCK_CORRUPTION', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': whole, native: whole },
    verdicts,
    details,
  })
})
