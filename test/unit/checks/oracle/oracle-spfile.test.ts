import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-spfile.ts'
import {
  type OracleFacts,
  onServer,
  oracleFacts,
  serverOf,
  serverWith,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  parameter: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/SPFILE.html',
  autobackup:
    'Oracle Database Backup and Recovery User’s Guide, Control File and Server Parameter File Autobackups',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const spfile = (value: string | null) => onServer({ kind: 'PARAMETER', name: 'spfile', value })

const verdicts: readonly Row[] = [
  { when: 'a server parameter file', status: 'passed', findings: [], manual: 'parameter' },
  {
    when: 'no server parameter file',
    facts: { server: serverWith(spfile('NONE')) },
    status: 'warning',
    findings: [{ code: 'SPFILE_UNUSED', on: 'instance orcl1', degrades: ['restore'] }],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'degraded' } },
    manual: 'autobackup',
  },
  {
    when: 'no server parameter file on the first of two instances',
    facts: { server: [...serverWith(spfile('NONE')), ...serverOf(2)] },
    status: 'warning',
    findings: [{ code: 'SPFILE_UNUSED', on: 'instance orcl1', degrades: ['restore'] }],
    manual: 'parameter',
  },
  {
    when: 'a parameter of no value',
    facts: { server: serverWith(spfile(null)) },
    status: 'error',
    findings: [{ code: 'SPFILE_UNKNOWN', on: 'instance orcl1', obscures: ['restore'] }],
    manual: 'parameter',
  },
  {
    when: 'no parameter',
    facts: { server: serverOf(1).filter(({ name }) => name !== 'spfile') },
    status: 'error',
    findings: [{ code: 'SPFILE_UNKNOWN', on: 'instance orcl1', obscures: ['restore'] }],
    manual: 'parameter',
  },
]

const about = { on: 'instance orcl1', params: { instance: 'orcl1' }, expected: { spfile: 'set' } } as const

const details: readonly DetailRow[] = [
  {
    ...about,
    when: 'no server parameter file',
    code: 'SPFILE_UNUSED',
    observed: { spfile: 'NONE' },
    steps: ['online sqlplus: CREATE SPFILE FROM MEMORY;', 'downtime manual'],
    verify: "sqlplus: SELECT inst_id, value FROM gv$parameter WHERE name = 'spfile';",
  },
  { ...about, when: 'no parameter', code: 'SPFILE_UNKNOWN', observed: { spfile: null }, steps: [] },
]

describe('ORACLE_SPFILE', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': ['restore'], native: ['restore'] },
    verdicts,
    details,
    never: { failed: 'parameters can be written anew by hand' },
  })
})
