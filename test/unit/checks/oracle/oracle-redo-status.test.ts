import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-redo-status.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { type OracleFacts, database, oracleFacts, redoMember } from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  memberView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-LOGFILE.html',
  redoLog: 'Oracle Database Administrator’s Guide, Multiplexing Redo Log Files',
  dataGuard: 'Oracle Data Guard Concepts and Administration, Redo Transport Services',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const affected = ['log', 'restore'] as const
const unknown = { code: 'MEMBER_UNKNOWN', on: 'instance ORCL', obscures: affected } as const
const impaired = (group: number) =>
  ({ code: 'MEMBER_NOT_IN_USE', on: `instance ORCL group ${group}`, degrades: affected }) as const

/** Members of group 1 of these statuses, beside a sound group 2. */
const members = (...statuses: readonly (string | null)[]) => [
  ...statuses.map((status, index) => redoMember(1, `/redo/1${index}`, status)),
  redoMember(2, '/redo/20'),
  redoMember(2, '/redo/21'),
]

const verdicts: readonly Row[] = [
  {
    when: 'two groups of two members',
    status: 'passed',
    findings: [],
    observed: { members: 4 },
    manual: 'memberView',
  },
  {
    when: 'one of two members is INVALID',
    facts: { rman: members('IN USE', 'INVALID') },
    status: 'warning',
    findings: [impaired(1)],
    manual: 'memberView',
  },
  {
    when: 'one of two members is STALE',
    facts: { rman: members('STALE', 'IN USE') },
    status: 'warning',
    findings: [impaired(1)],
    manual: 'memberView',
  },
  {
    when: 'a member is INVALID, the other STALE',
    facts: { rman: members('INVALID', 'STALE') },
    status: 'warning',
    findings: [impaired(1)],
    manual: 'memberView',
  },
  {
    when: 'a member without a name is STALE',
    facts: { rman: [redoMember(1, null, 'STALE'), redoMember(1, '/redo/11')] },
    status: 'warning',
    findings: [impaired(1)],
    manual: 'memberView',
  },
  {
    when: 'both members are INVALID',
    facts: { rman: members('INVALID', 'INVALID') },
    status: 'failed',
    findings: [
      { code: 'GROUP_INVALID', on: 'instance ORCL group 1', blocks: ['log'], degrades: ['restore'] },
    ],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'blocked', restore: 'degraded' } },
    manual: 'redoLog',
  },
  {
    when: 'groups of one member',
    facts: { rman: [redoMember(1, '/redo/1'), redoMember(2, '/redo/2')] },
    status: 'passed',
    findings: [{ code: 'SINGLE_MEMBER', on: 'instance ORCL' }],
    manual: 'redoLog',
  },
  {
    when: 'a member that was dropped beside another one',
    facts: { rman: members('IN USE', 'DELETED') },
    status: 'passed',
    findings: [{ code: 'SINGLE_MEMBER', on: 'instance ORCL' }],
    manual: 'memberView',
  },
  {
    when: 'a group whose members were all dropped',
    facts: { rman: members('DELETED', 'DELETED') },
    status: 'passed',
    findings: [],
    manual: 'memberView',
  },
  {
    when: 'a status nobody knows',
    facts: { rman: members('IN USE', 'LOST') },
    status: 'error',
    findings: [unknown],
    manual: 'memberView',
  },
  {
    when: 'two members without a status',
    facts: { rman: members(null, null) },
    status: 'error',
    findings: [unknown],
    manual: 'memberView',
  },
  {
    when: 'a member of a group that is not known',
    facts: { rman: [redoMember(null, '/redo/1', 'INVALID'), ...members('IN USE', 'IN USE')] },
    status: 'error',
    findings: [unknown],
    manual: 'memberView',
  },
  {
    when: 'no member at all',
    facts: { rman: [] },
    status: 'error',
    findings: [unknown],
    manual: 'memberView',
  },
  {
    when: 'a physical standby, whose own logs are INVALID',
    facts: {
      database: [database({ database_role: 'PHYSICAL STANDBY' })],
      rman: members('INVALID', 'INVALID'),
    },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
]

const verify = 'sqlplus: SELECT group#, status, member FROM v$logfile ORDER BY group#;'
const expected = { value: 'IN USE' }

const details: readonly DetailRow[] = [
  {
    when: 'one of two members is INVALID',
    code: 'MEMBER_NOT_IN_USE',
    on: 'instance ORCL group 1',
    params: { group: 1, status: 'INVALID', member: '/redo/11' },
    observed: { value: 'INVALID', impaired_members: 1 },
    expected,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'a member without a name is STALE',
    code: 'MEMBER_NOT_IN_USE',
    on: 'instance ORCL group 1',
    params: { group: 1, status: 'STALE', member: '-' },
    observed: { value: 'STALE', impaired_members: 1 },
    expected,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'both members are INVALID',
    code: 'GROUP_INVALID',
    on: 'instance ORCL group 1',
    params: { group: 1 },
    observed: { invalid_members: 2 },
    expected,
    steps: ['online manual'],
    verify,
    changes: { value: 'IN USE' },
  },
  {
    when: 'groups of one member',
    code: 'SINGLE_MEMBER',
    on: 'instance ORCL',
    params: { groups: '1, 2' },
    observed: { groups_of_one_member: 2 },
    expected: { groups_of_one_member: 0 },
    steps: [],
  },
  {
    when: 'a status nobody knows',
    code: 'MEMBER_UNKNOWN',
    on: 'instance ORCL',
    params: { status: 'LOST' },
    observed: { value: 'LOST' },
    expected,
    steps: [],
  },
  {
    when: 'no member at all',
    code: 'MEMBER_UNKNOWN',
    on: 'instance ORCL',
    params: { status: '-' },
    observed: { value: null },
    expected,
    steps: [],
  },
]

describe('ORACLE_REDO_STATUS', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': affected, native: affected },
    verdicts,
    details,
  })

  testChanges({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    verdicts,
    isOf: (statement, row, { name }) =>
      statement === 'rman' && row['kind'] === 'redo-member' && name === `ORCL group ${String(row['amount'])}`,
  })
})
