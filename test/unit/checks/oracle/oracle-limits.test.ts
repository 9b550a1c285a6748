import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-limits.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  onServer,
  oracleFacts,
  serverOf,
  serverWith,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  limitView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RESOURCE_LIMIT.html',
  errors: 'Oracle Database Error Messages, ORA-00020 and ORA-00018',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const limit = (name: 'processes' | 'sessions', value: string | null, detail: string | null) =>
  onServer({ kind: 'LIMIT', name, value, detail })

const unknown = (value: string | null, detail: string | null): Row => ({
  when: `sessions: ${value} of ${detail}`,
  facts: { server: serverWith(limit('sessions', value, detail)) },
  status: 'error',
  findings: [{ code: 'LIMIT_UNKNOWN', on: 'instance orcl1 sessions', obscures: backups }],
  manual: 'limitView',
})

const verdicts: readonly Row[] = [
  { when: 'few processes and sessions', status: 'passed', findings: [], manual: 'limitView' },
  {
    when: 'just below the threshold',
    facts: { server: serverWith(limit('processes', '899', '1000')) },
    status: 'passed',
    findings: [],
    manual: 'limitView',
  },
  {
    when: 'as many processes as the threshold says',
    facts: { server: serverWith(limit('processes', '900', '1000')) },
    status: 'warning',
    findings: [{ code: 'LIMIT_NEAR', on: 'instance orcl1 processes', degrades: backups }],
    manual: 'errors',
  },
  {
    when: 'all processes and sessions in use',
    facts: { server: serverWith(limit('processes', '300', '300'), limit('sessions', '472', '472')) },
    status: 'warning',
    findings: [
      { code: 'LIMIT_NEAR', on: 'instance orcl1 processes', degrades: backups },
      { code: 'LIMIT_NEAR', on: 'instance orcl1 sessions', degrades: backups },
    ],
    manual: 'errors',
  },
  {
    when: 'nearly all sessions of the second instance of a RAC in use',
    facts: {
      server: [
        ...serverOf(1),
        ...serverOf(2).map((row) => (row.name === 'sessions' ? { ...row, value: '471' } : row)),
      ],
    },
    status: 'warning',
    findings: [{ code: 'LIMIT_NEAR', on: 'instance orcl2 sessions', degrades: backups }],
    manual: 'limitView',
  },
  {
    when: 'no limit',
    facts: { server: serverWith(limit('sessions', '5000', 'UNLIMITED')) },
    status: 'passed',
    findings: [],
    manual: 'limitView',
  },
  unknown(null, '472'),
  unknown('102', null),
  unknown('102', '0'),
  unknown('many', '472'),
  unknown('-102', '472'),
  unknown('102.5', '472'),
  {
    when: 'no limits to be seen',
    facts: { server: serverOf(1).filter(({ kind }) => kind !== 'LIMIT') },
    status: 'error',
    findings: [
      { code: 'LIMIT_UNKNOWN', on: 'instance orcl1 processes', obscures: backups },
      { code: 'LIMIT_UNKNOWN', on: 'instance orcl1 sessions', obscures: backups },
    ],
    manual: 'limitView',
  },
]

const shows =
  "SELECT inst_id, resource_name, current_utilization, max_utilization, limit_value FROM gv$resource_limit WHERE resource_name IN ('processes', 'sessions');"

const details: readonly DetailRow[] = [
  {
    when: 'as many processes as the threshold says',
    code: 'LIMIT_NEAR',
    on: 'instance orcl1 processes',
    params: { instance: 'orcl1', resource: 'processes', percent: 90, used: 900, limit: 1000 },
    observed: { percent: 90, used: 900, limit: 1000 },
    expected: { percent: 'below 90' },
    steps: [`online sqlplus: ${shows}`, 'restart manual'],
    verify: `sqlplus: ${shows}`,
  },
  {
    when: 'sessions: many of 472',
    code: 'LIMIT_UNKNOWN',
    on: 'instance orcl1 sessions',
    params: { instance: 'orcl1', resource: 'sessions' },
    observed: { used: null },
    expected: { percent: 'below 90' },
    steps: [],
  },
]

describe('ORACLE_LIMITS', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts,
    details,
    never: { failed: 'whether a backup is let in is seen when it comes' },
  })

  it('observes what is used of each, in percent', () => {
    const { observations } = judged(check, { answer: oracleFacts() }, contextFor('oracle'))
    const object = { type: 'instance', name: 'orcl1' }
    expect(observations).toEqual([
      { name: 'processes-used-percent', object, value: 28, limit: 100 },
      { name: 'sessions-used-percent', object, value: 22, limit: 100 },
    ])
  })
})
