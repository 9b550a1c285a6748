import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-data-guard-lag.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  database,
  onServer,
  oracleFacts,
  serverWith,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  statsView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATAGUARD_STATS.html',
  monitoring:
    'Oracle Data Guard Concepts and Administration, Monitoring Apply Lag in a Real-time Query Environment',
  snapshot: 'Oracle Data Guard Concepts and Administration, Managing a Snapshot Standby Database',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const heardNow = '11/21/2026 10:00:05 11/21/2026 10:00:04'
const lag = (
  name: 'transport lag' | 'apply lag',
  value: string | null,
  detail: string | null = heardNow,
  inst_id = 1,
) => onServer({ kind: 'LAG', inst_id, name, value, detail })

const none = '+00 00:00:00'

/** A standby in that role, with those lags. */
const standby = (
  rows: readonly ReturnType<typeof lag>[],
  database_role = 'PHYSICAL STANDBY',
): Partial<OracleFacts> => ({
  database: [database({ database_role, open_mode: 'MOUNTED' })],
  server: serverWith(...rows),
})

const [transport, apply] = ['instance ORCL transport lag', 'instance ORCL apply lag'] as const
const transportLags = { code: 'TRANSPORT_LAGS', on: transport, degrades: backups } as const
const applyLags = { code: 'APPLY_LAGS', on: apply, degrades: backups } as const
const unknown = { code: 'LAG_UNKNOWN', on: apply, obscures: backups } as const

const verdicts: readonly Row[] = [
  { when: 'a primary', status: 'passed', findings: [], observed: {}, manual: 'statsView' },
  {
    when: 'a standby that keeps up',
    facts: standby([lag('transport lag', none), lag('apply lag', '+00 00:00:04')]),
    status: 'passed',
    findings: [],
    observed: { 'transport lag': 0, 'apply lag': 0 },
    manual: 'monitoring',
  },
  {
    when: 'a standby that is an hour behind',
    facts: standby([lag('transport lag', none), lag('apply lag', '+00 01:00:58')]),
    status: 'passed',
    findings: [],
    observed: { 'transport lag': 0, 'apply lag': 60 },
    manual: 'monitoring',
  },
  {
    when: 'a standby that applies redo a day late',
    facts: standby([lag('transport lag', none), lag('apply lag', '+01 02:03:04.567')]),
    status: 'warning',
    findings: [applyLags],
    observed: { 'transport lag': 0, 'apply lag': 1563 },
    manual: 'monitoring',
  },
  {
    when: 'a logical standby that is behind in both',
    facts: standby(
      [lag('transport lag', '+00 02:00:00'), lag('apply lag', '+00 03:00:00')],
      'LOGICAL STANDBY',
    ),
    status: 'warning',
    findings: [transportLags, applyLags],
    manual: 'monitoring',
  },
  {
    when: 'a standby that has not heard of its primary since yesterday, and had no lag then',
    facts: standby([
      lag('transport lag', none, '11/21/2026 10:00:00 11/20/2026 10:00:00'),
      lag('apply lag', none, '11/21/2026 10:00:00 11/20/2026 10:00:00'),
    ]),
    status: 'warning',
    findings: [transportLags, applyLags],
    observed: { 'transport lag': 1440, 'apply lag': 1440 },
    manual: 'statsView',
  },
  {
    when: 'a standby whose clock was set back, and whose lag is negative',
    facts: standby([
      lag('transport lag', '-00 05:00:00'),
      lag('apply lag', none, '11/21/2026 09:00:00 11/21/2026 10:00:00'),
    ]),
    status: 'passed',
    findings: [],
    observed: { 'transport lag': 0, 'apply lag': 0 },
    manual: 'statsView',
  },
  {
    when: 'a standby on a RAC, of which one instance applies',
    facts: standby([
      lag('transport lag', none),
      lag('apply lag', null),
      lag('apply lag', '+02 00:00:00'),
      lag('apply lag', none, heardNow, 2),
    ]),
    status: 'passed',
    findings: [],
    manual: 'statsView',
  },
  {
    when: 'a snapshot standby, which applies nothing',
    facts: standby([lag('transport lag', none), lag('apply lag', '+09 00:00:00')], 'SNAPSHOT STANDBY'),
    status: 'passed',
    findings: [],
    observed: { 'transport lag': 0 },
    manual: 'snapshot',
  },
  {
    when: 'a snapshot standby that receives nothing',
    facts: standby([lag('transport lag', '+01 00:00:00')], 'SNAPSHOT STANDBY'),
    status: 'warning',
    findings: [transportLags],
    manual: 'snapshot',
  },
  {
    when: 'a far sync, which nobody backs up',
    facts: standby([lag('transport lag', '+01 00:00:00')], 'FAR SYNC'),
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
  {
    when: 'a standby that gives no lags',
    facts: standby([]),
    status: 'error',
    findings: [{ ...unknown, on: transport }, unknown],
    manual: 'statsView',
  },
  ...(
    [
      [null, heardNow],
      ['', heardNow],
      ['a while', heardNow],
      [`about ${none}`, heardNow],
      [`${none} or more`, heardNow],
      [none, null],
      [none, ' '],
      [none, '11/21/2026 10:00:05 '],
      [none, '21-NOV-2026 10:00:05 21-NOV-2026 10:00:04'],
      [none, '13/41/2026 10:00:05 13/41/2026 10:00:04'],
    ] as const
  ).map(([value, detail]): Row => ({
    when: `a standby whose lag nobody knows: ${value}, ${detail}`,
    facts: standby([lag('transport lag', none), lag('apply lag', value, detail)]),
    status: 'error',
    findings: [unknown],
    manual: 'statsView',
  })),
]

const verify = 'sqlplus: SELECT inst_id, name, value, time_computed, datum_time FROM gv$dataguard_stats;'
const about = {
  on: apply,
  expected: { minutes: 'at most 60' },
  steps: ['online manual'],
  verify,
} as const

const details: readonly DetailRow[] = [
  {
    ...about,
    when: 'a logical standby that is behind in both',
    code: 'TRANSPORT_LAGS',
    on: transport,
    params: { database: 'ORCL', minutes: 120 },
    observed: { metric: 'transport lag', minutes: 120 },
  },
  {
    ...about,
    when: 'a logical standby that is behind in both',
    code: 'APPLY_LAGS',
    params: { database: 'ORCL', minutes: 180 },
    observed: { metric: 'apply lag', minutes: 180 },
  },
  {
    ...about,
    when: 'a standby whose lag nobody knows: a while, 11/21/2026 10:00:05 11/21/2026 10:00:04',
    code: 'LAG_UNKNOWN',
    params: { database: 'ORCL', metric: 'apply lag' },
    observed: { metric: 'apply lag', minutes: null },
  },
]

describe('ORACLE_DATA_GUARD_LAG', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts,
    details,
    never: { failed: 'a backup of a standby that is behind succeeds' },
  })

  it('observes the lags in minutes, where they are known', () => {
    const answer = oracleFacts(standby([lag('transport lag', '+00 00:02:00'), lag('apply lag', null)]))
    const { observations } = judged(check, { answer }, contextFor('oracle'))
    expect(observations).toEqual([
      { name: 'transport-lag-minutes', object: { type: 'instance', name: 'ORCL' }, value: 2 },
    ])
  })
})
