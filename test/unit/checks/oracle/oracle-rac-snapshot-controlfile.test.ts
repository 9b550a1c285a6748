import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-rac-snapshot-controlfile.ts'
import {
  type OracleFacts,
  cluster,
  database,
  oracleFacts,
  rman,
  setting,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  racGuide:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/racad/configuring-rman-and-archiving.html',
  error: 'https://docs.oracle.com/en/error-help/db/ora-00245/',
  configurationView: 'Oracle Database Reference, V$RMAN_CONFIGURATION',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const on = 'instance ORCL'
const ofData = ['full', 'incremental'] as const
const two = cluster({}, {})

const verdicts: readonly Row[] = [
  {
    when: 'a single instance with the default',
    facts: { rman: [setting('snapshot', null)] },
    status: 'passed',
    findings: [],
    observed: { cluster: false, snapshot: null },
    manual: 'error',
  },
  {
    when: 'a RAC with a disk group',
    facts: { instances: two },
    status: 'passed',
    findings: [],
    observed: { cluster: true, snapshot: "TO '+RECO/snapcf_orcl.f'" },
    manual: 'racGuide',
  },
  ...["'+RECO/snapcf_orcl.f'", '+RECO/snapcf_orcl.f', "to  '+RECO/snapcf_orcl.f'"].map((value): Row => ({
    when: `a RAC with a disk group, in other words: ${value}`,
    facts: { instances: two, rman: [setting('snapshot', value)] },
    status: 'passed',
    findings: [],
    manual: 'racGuide',
  })),
  {
    when: 'a RAC with the default',
    facts: { instances: two, rman: [setting('snapshot', null)] },
    status: 'failed',
    findings: [{ code: 'SNAPSHOT_NOT_SHARED', on, blocks: ofData }],
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'ready', restore: 'ready' } },
    manual: 'error',
  },
  {
    when: 'a RAC with the default, of which one instance runs',
    facts: { instances: cluster({}), rman: [setting('snapshot', null)] },
    status: 'warning',
    findings: [{ code: 'SNAPSHOT_NOT_SHARED', on, degrades: ofData }],
    manual: 'error',
  },
  {
    when: 'a RAC with a file system',
    facts: { instances: two, rman: [setting('snapshot', "TO '/u01/a+b/snapcf.f'")] },
    status: 'warning',
    findings: [{ code: 'SNAPSHOT_MAY_NOT_BE_SHARED', on, degrades: ofData }],
    manual: 'racGuide',
  },
  {
    when: 'a RAC with a place that is not known',
    facts: { instances: two, rman: [rman({ kind: 'snapshot', value: null, amount: 1 })] },
    status: 'error',
    findings: [{ code: 'SNAPSHOT_UNKNOWN', on, obscures: ofData }],
    manual: 'configurationView',
  },
  {
    when: 'a RAC, and not known whether a place is set',
    facts: { instances: two, rman: [rman({ kind: 'snapshot', value: null, amount: null })] },
    status: 'error',
    findings: [{ code: 'SNAPSHOT_UNKNOWN', on, obscures: ofData }],
    manual: 'configurationView',
  },
  {
    when: 'a RAC with a disk group, and not known whether that is set',
    facts: { instances: two, rman: [rman({ kind: 'snapshot', value: "'+RECO/snap.f'", amount: null })] },
    status: 'error',
    findings: [{ code: 'SNAPSHOT_UNKNOWN', on, obscures: ofData }],
    manual: 'configurationView',
  },
  {
    when: 'a RAC, and no row of the setting',
    facts: { instances: two, rman: [] },
    status: 'error',
    findings: [{ code: 'SNAPSHOT_UNKNOWN', on, obscures: ofData }],
    manual: 'configurationView',
  },
  {
    when: 'a far sync RAC with the default',
    facts: {
      instances: two,
      database: [database({ database_role: 'FAR SYNC' })],
      rman: [setting('snapshot', null)],
    },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const verify =
  "sqlplus: SELECT name, value FROM v$rman_configuration WHERE name = 'SNAPSHOT CONTROLFILE NAME';"
const expected = { value: '+<disk group>' }

const details: readonly DetailRow[] = [
  {
    when: 'a RAC with the default',
    code: 'SNAPSHOT_NOT_SHARED',
    on,
    params: {},
    observed: { value: null, amount: 0, instances: 2 },
    expected,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'a RAC with a file system',
    code: 'SNAPSHOT_MAY_NOT_BE_SHARED',
    on,
    params: { path: "TO '/u01/a+b/snapcf.f'" },
    observed: { value: "TO '/u01/a+b/snapcf.f'", amount: 1, instances: 2 },
    expected,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'a RAC, and no row of the setting',
    code: 'SNAPSHOT_UNKNOWN',
    on,
    params: {},
    observed: { value: null, amount: null, instances: 2 },
    expected,
    steps: [],
  },
]

describe('ORACLE_RAC_SNAPSHOT_CONTROLFILE', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': ofData, native: ofData },
    verdicts,
    details,
  })
})
