import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-version.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { type OracleFacts, onServer, oracleFacts } from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  policy: 'https://www.oracle.com/us/assets/lifetime-support-technology-069183.pdf',
  schedule: 'Release Schedule of Current Database Releases (Doc ID 742060.1)',
  instanceView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-INSTANCE.html',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const runs = (value: string | null): Partial<OracleFacts> => ({ server: [onServer({ value })] })

/** It is 21 November 2026. */
const verdicts: readonly Row[] = [
  {
    when: 'rows of no instance at all',
    facts: { server: [onServer({ kind: 'PARAMETER', name: 'spfile' })] },
    status: 'error',
    because: 'UNEXPECTED_ANSWER',
    findings: [],
    manual: 'instanceView',
  },
  {
    when: 'Oracle 19',
    status: 'passed',
    findings: [],
    observed: { version: '19.0.0.0.0' },
    manual: 'schedule',
  },
  ...['19.22', '21.0.0.0.0', '23.0.0.0.0', '23.26.1.0.0', '23.26.10.0.0'].map((version): Row => ({
    when: `Oracle ${version}`,
    facts: runs(version),
    status: 'passed',
    findings: [],
    observed: { version },
    manual: 'schedule',
  })),
  ...['12.1.0.2.0', '12.2.0.1.0'].map((version): Row => ({
    when: `Oracle ${version}`,
    facts: runs(version),
    status: 'warning',
    findings: [{ code: 'VERSION_OUT_OF_SUPPORT', on: 'instance orcl1', degrades: all }],
    readiness: { instance: { full: 'degraded', restore: 'degraded' } },
    manual: 'policy',
  })),
  {
    when: 'Oracle 18, on one of two instances',
    facts: { server: [onServer(), onServer({ inst_id: 2, name: 'orcl2', value: '18.0.0.0.0' })] },
    status: 'warning',
    findings: [{ code: 'VERSION_OUT_OF_SUPPORT', on: 'instance orcl2', degrades: all }],
    observed: { version: '19.0.0.0.0, 18.0.0.0.0' },
    manual: 'schedule',
  },
  {
    when: 'a newer Oracle',
    facts: runs('29.1.0.0.0'),
    status: 'passed',
    findings: [{ code: 'VERSION_NOT_LISTED', on: 'instance orcl1' }],
    manual: 'schedule',
  },
  ...[
    null,
    '',
    'nineteen',
    '19',
    'v19.0.0.0.0',
    ' 29.1.0.0.0',
    '19.0.0.0.0-beta',
    '9.2.0.8.0',
    '20.0.0.0.0',
  ].map((version): Row => ({
    when: `a version that nobody knows: ${version}`,
    facts: runs(version),
    status: 'error',
    findings: [{ code: 'VERSION_UNKNOWN', on: 'instance orcl1', obscures: all }],
    observed: { version: version ?? 'NULL' },
    manual: 'instanceView',
  })),
]

const about = { on: 'instance orcl1', expected: { version: 'supported' } } as const

const details: readonly DetailRow[] = [
  {
    ...about,
    when: 'Oracle 12.1.0.2.0',
    code: 'VERSION_OUT_OF_SUPPORT',
    params: { instance: 'orcl1', version: '12.1.0.2.0', end: '2022-07-31' },
    observed: { version: '12.1.0.2.0' },
    steps: ['downtime manual'],
    verify: 'sqlplus: SELECT inst_id, instance_name, version FROM gv$instance;',
  },
  {
    ...about,
    when: 'a newer Oracle',
    code: 'VERSION_NOT_LISTED',
    params: { instance: 'orcl1', version: '29.1.0.0.0' },
    observed: { version: '29.1.0.0.0' },
    steps: [],
  },
  {
    ...about,
    when: 'a version that nobody knows: null',
    code: 'VERSION_UNKNOWN',
    params: { instance: 'orcl1', version: 'NULL' },
    observed: { version: null },
    steps: [],
  },
]

describe('ORACLE_VERSION', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { failed: 'a version that is not supported goes on taking backups' },
  })

  it.each([
    ['2027-07-31T23:59:59Z', 'passed'],
    ['2027-08-01T00:00:00Z', 'warning'],
  ])('goes by the last day of support, of Oracle 21 at %s: %s', (now, status) => {
    const context = { ...contextFor('oracle'), now: new Date(now) }
    expect(judged(check, { answer: oracleFacts(runs('21.0.0.0.0')) }, context).status).toBe(status)
  })
})
