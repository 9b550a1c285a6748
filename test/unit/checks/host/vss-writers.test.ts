import { describe, expect, it } from 'vitest'
import type { WriterFacts } from '../../../../shared/checks/host/host-facts.ts'
import check from '../../../../shared/checks/host/vss-writers.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { windowsHost, writers } from '../../../support/facts/host.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  service: 'https://learn.microsoft.com/sql/database-engine/configure-windows/sql-writer-service',
  states: 'https://learn.microsoft.com/windows/win32/api/vss/ne-vss-vss_writer_state',
  vssadmin:
    'https://learn.microsoft.com/windows-server/administration/windows-commands/vssadmin-list-writers',
} as const
type Row = VerdictRow<Partial<WriterFacts>, keyof typeof manuals>

const on = 'instance SqlServerWriter'
const native = { profile: 'native', host: windowsHost } as const
const degrading = (code: string) => [{ code, on, degrades: ['full'] as const }]
const unknown = [{ code: 'WRITER_UNKNOWN', on, obscures: ['full'] as const }]
const inState = (state: number | null, lastError = '') => ({ writers: [{ state, lastError }] })

const verdicts: readonly Row[] = [
  {
    when: 'it is stable',
    status: 'passed',
    findings: [],
    observed: { writers: 1, listed: 24 },
    readiness: { instance: { full: 'ready' } },
    manual: 'vssadmin',
  },
  {
    when: 'it is stable again after an error, in words of another language',
    facts: inState(1, '上一个错误: 超时'),
    status: 'passed',
    findings: [],
    manual: 'vssadmin',
  },
  ...[2, 3, 4, 5].map((state): Row => ({
    when: `it is in a snapshot, state ${state}`,
    facts: inState(state),
    status: 'warning',
    findings: degrading('WRITER_BUSY'),
    manual: 'states',
  })),
  ...[6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((state): Row => ({
    when: `it failed, state ${state}`,
    facts: inState(state, 'Last error: Timed out'),
    status: 'warning',
    findings: degrading('WRITER_FAILED'),
    readiness: { instance: { full: 'degraded', log: 'ready' } },
    manual: 'states',
  })),
  ...[0, 16, null].map((state): Row => ({
    when: `its state is ${state}, which says nothing`,
    facts: inState(state),
    status: 'error',
    findings: unknown,
    readiness: { instance: { full: 'unknown', log: 'ready' } },
    manual: 'states',
  })),
  {
    when: 'one of two writers failed',
    facts: { writers: [...writers().writers, { state: 8, lastError: 'x' }] },
    status: 'warning',
    findings: degrading('WRITER_FAILED'),
    manual: 'states',
  },
  {
    when: 'it failed, native: the engine needs no snapshot',
    facts: inState(8, 'Last error: Timed out'),
    registered: native,
    status: 'passed',
    findings: [{ code: 'WRITER_FAILED', on }],
    manual: 'service',
  },
  {
    when: 'its state is not known, native',
    facts: inState(null),
    registered: native,
    status: 'passed',
    findings: [{ code: 'WRITER_UNKNOWN', on }],
    manual: 'service',
  },
  {
    when: 'SQL Writer stopped',
    facts: { service: { running: false, automatic: false }, writers: [] },
    status: 'warning',
    findings: degrading('WRITER_SERVICE_STOPPED'),
    manual: 'service',
  },
  {
    when: 'there is no SQL Writer',
    facts: { service: null, writers: [] },
    status: 'warning',
    findings: degrading('WRITER_SERVICE_MISSING'),
    manual: 'service',
  },
  {
    when: 'VSS lists others only',
    facts: { writers: [] },
    status: 'warning',
    findings: degrading('WRITER_NOT_LISTED'),
    manual: 'vssadmin',
  },
  {
    when: 'VSS lists nobody at all',
    facts: { writers: [], listed: 0 },
    status: 'error',
    findings: unknown,
    manual: 'vssadmin',
  },
  {
    when: 'VSS lists others only, and nobody knows whether SQL Writer runs',
    facts: { service: { running: null, automatic: null }, writers: [] },
    status: 'error',
    findings: unknown,
    manual: 'vssadmin',
  },
  {
    when: 'one of two writers failed, and nobody knows the state of the other',
    facts: {
      writers: [
        { state: 8, lastError: 'x' },
        { state: null, lastError: '' },
      ],
    },
    status: 'error',
    findings: unknown,
    manual: 'states',
  },
]

const expected = { running: true, state: 1 }
const observed = { running: true, automatic: true, state: null, lastError: '', listed: 24 }
const verify = 'powershell: vssadmin list writers'
const restart = "online powershell: Restart-Service -Name 'SQLWriter'"

const details: readonly DetailRow[] = [
  {
    when: 'it failed, state 8',
    code: 'WRITER_FAILED',
    on,
    params: { state: 8, lastError: 'Last error: Timed out' },
    observed: { ...observed, state: 8, lastError: 'Last error: Timed out' },
    expected,
    steps: [restart],
    verify,
  },
  {
    when: 'it is in a snapshot, state 5',
    code: 'WRITER_BUSY',
    on,
    params: { state: 5 },
    observed: { ...observed, state: 5 },
    expected,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'SQL Writer stopped',
    code: 'WRITER_SERVICE_STOPPED',
    on,
    params: {},
    observed: { ...observed, running: false, automatic: false },
    expected,
    steps: ["online powershell: Set-Service -Name 'SQLWriter' -StartupType Automatic -Status Running"],
    verify,
  },
  {
    when: 'there is no SQL Writer',
    code: 'WRITER_SERVICE_MISSING',
    on,
    params: {},
    observed: { ...observed, running: null, automatic: null },
    expected,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'VSS lists others only',
    code: 'WRITER_NOT_LISTED',
    on,
    params: {},
    observed,
    expected,
    steps: [restart],
    verify,
  },
  {
    when: 'VSS lists nobody at all',
    code: 'WRITER_UNKNOWN',
    on,
    params: { state: 'NULL', listed: 0 },
    observed: { ...observed, listed: 0 },
    expected,
    steps: [],
  },
  {
    when: 'one of two writers failed',
    code: 'WRITER_FAILED',
    on,
    params: { state: 8, lastError: 'x' },
    observed: { ...observed, state: 8, lastError: 'x' },
    expected,
    steps: [restart],
    verify,
  },
]

describe('VSS_WRITERS', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: writers,
    manuals,
    affects: { 'cloud-backup': ['full'], native: ['full'] },
    verdicts,
    details,
    never: { failed: 'a backup by the interface of the engine needs no snapshot' },
  })

  it.each([
    [
      'WRITER_SERVICE_STOPPED',
      { running: true, automatic: true },
      { service: { running: false, automatic: false } },
    ],
    ['WRITER_FAILED', { state: 1 }, inState(8)],
    ['WRITER_BUSY', {}, inState(2)],
  ])('says what is different after the steps of %s', (code, changes, facts) => {
    const { findings } = judged(check, { answer: writers(facts) }, contextFor('sqlserver'))
    const said = findings.map(({ message, remediation }) => [message.code, remediation?.changes])
    expect(said).toEqual([[code, changes]])
  })
})
