import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-tde-keystore.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type OracleFacts,
  database,
  isOfObject,
  onServer,
  oracleFacts,
  serverWith,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  walletView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ENCRYPTION_WALLET.html',
  tablespacesView:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ENCRYPTED_TABLESPACES.html',
  closedKeystore: 'Oracle Database Advanced Security Guide, Closing Keystores and Encrypted Tablespaces',
  autoLogin: 'Oracle Database Advanced Security Guide, Creating a Software Auto-Login Keystore',
  keystoreBackup: 'Oracle Database Advanced Security Guide, Backing Up Password-Protected Software Keystores',
  containerId: 'Oracle Multitenant Administrator’s Guide, Data Dictionary Architecture in a CDB',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const whole = ['full', 'incremental', 'restore'] as const
const sales = 'pluggable-database SALES'

const encrypted = (con_id = 3) =>
  onServer({ kind: 'ENCRYPTED', inst_id: 0, con_id, name: 'TABLESPACES', value: '2' })
const keystore = (value: string | null, detail: string | null, con_id = 3, inst_id = 1) =>
  onServer({ kind: 'KEYSTORE', inst_id, con_id, name: 'FILE', value, detail })

const apart = { code: 'KEYSTORE_APART', on: 'instance ORCL' } as const
const notOpen = { code: 'KEYSTORE_NOT_OPEN', blocks: ['restore'], degrades: ['full', 'incremental'] } as const
const mounted = database({ database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED' })

const unknown = (value: string | null, detail: string | null): Row => ({
  when: `encrypted tablespaces, a keystore that is ${value} and ${detail}`,
  facts: { server: serverWith(encrypted(), keystore(value, detail)) },
  status: 'error',
  findings: [{ code: 'KEYSTORE_UNKNOWN', on: sales, obscures: whole }, apart],
  manual: 'walletView',
})

const verdicts: readonly Row[] = [
  {
    when: 'no encrypted tablespaces',
    status: 'passed',
    findings: [],
    observed: { encrypted_containers: 0 },
    databases: ['ORCL', 'SALES'],
    manual: 'tablespacesView',
  },
  {
    when: 'no encrypted tablespaces, and a keystore that is missing',
    facts: { server: serverWith(keystore('NOT_AVAILABLE', 'UNKNOWN', 1)) },
    status: 'passed',
    findings: [],
    manual: 'tablespacesView',
  },
  ...['AUTOLOGIN', 'LOCAL_AUTOLOGIN', 'HSM', 'OKV', 'UNKNOWN'].map((type): Row => ({
    when: `encrypted tablespaces, and a keystore that is open: ${type}`,
    facts: { server: serverWith(encrypted(), keystore('OPEN', type)) },
    status: 'passed',
    findings: [apart],
    observed: { encrypted_containers: 1 },
    manual: 'keystoreBackup',
  })),
  {
    when: 'encrypted tablespaces, and the keystore of the whole is open',
    facts: { server: serverWith(encrypted(), keystore('OPEN', 'AUTOLOGIN', 0)) },
    status: 'passed',
    findings: [apart],
    manual: 'containerId',
  },
  ...['CLOSED', 'NOT_AVAILABLE', 'OPEN_NO_MASTER_KEY'].map((status): Row => ({
    when: `encrypted tablespaces, and a keystore that is ${status}`,
    facts: { server: serverWith(encrypted(), keystore(status, 'UNKNOWN')) },
    status: 'failed',
    findings: [{ ...notOpen, on: sales }, apart],
    readiness: {
      SALES: { full: 'degraded', incremental: 'degraded', log: 'ready', restore: 'blocked' },
      ORCL: { restore: 'ready' },
    },
    manual: 'closedKeystore',
  })),
  {
    when: 'encrypted tablespaces in the root too, the keystore of the root alone open',
    facts: {
      server: serverWith(
        encrypted(1),
        encrypted(),
        keystore('OPEN', 'AUTOLOGIN', 1),
        keystore('CLOSED', 'UNKNOWN'),
      ),
    },
    status: 'failed',
    findings: [{ ...notOpen, on: sales }, apart],
    observed: { encrypted_containers: 2 },
    manual: 'containerId',
  },
  {
    when: 'encrypted tablespaces in the root too, both keystores closed',
    facts: {
      server: serverWith(
        encrypted(1),
        encrypted(),
        keystore('CLOSED', 'UNKNOWN', 1),
        keystore('CLOSED', 'UNKNOWN'),
      ),
    },
    status: 'failed',
    findings: [{ ...notOpen, on: 'instance ORCL' }, { ...notOpen, on: sales }, apart],
    manual: 'containerId',
  },
  {
    when: 'encrypted tablespaces, the keystore closed on both instances of a RAC',
    facts: {
      server: serverWith(
        encrypted(),
        keystore('CLOSED', 'UNKNOWN', 3, 1),
        keystore('CLOSED', 'UNKNOWN', 3, 2),
      ),
    },
    status: 'failed',
    findings: [{ ...notOpen, on: sales }, apart],
    manual: 'closedKeystore',
  },
  {
    when: 'encrypted tablespaces, the keystore closed on the second instance of a RAC',
    facts: {
      server: serverWith(
        encrypted(),
        keystore('OPEN', 'PASSWORD', 3, 1),
        keystore('CLOSED', 'UNKNOWN', 3, 2),
      ),
    },
    status: 'failed',
    findings: [
      { code: 'KEYSTORE_PASSWORD', on: sales, degrades: ['restore'] },
      { ...notOpen, on: sales },
      apart,
    ],
    manual: 'closedKeystore',
  },
  {
    when: 'encrypted tablespaces, and a keystore that takes a password',
    facts: { server: serverWith(encrypted(), keystore('OPEN', 'PASSWORD')) },
    status: 'warning',
    findings: [{ code: 'KEYSTORE_PASSWORD', on: sales, degrades: ['restore'] }, apart],
    manual: 'autoLogin',
  },
  unknown('UNDEFINED', 'UNKNOWN'),
  unknown('UNDEFINED', 'PASSWORD'),
  unknown('OPEN_UNKNOWN_MASTER_KEY_STATUS', 'HSM'),
  unknown(null, 'AUTOLOGIN'),
  unknown('OPEN', null),
  unknown('OPEN', 'SESAME'),
  {
    when: 'encrypted tablespaces, and no keystore to be seen',
    facts: { server: serverWith(encrypted(), keystore('OPEN', 'AUTOLOGIN', 4)) },
    status: 'error',
    findings: [{ code: 'KEYSTORE_UNKNOWN', on: sales, obscures: whole }, apart],
    manual: 'walletView',
  },
  {
    when: 'a standby that is mounted, of which nobody knows what is encrypted',
    facts: { database: [mounted], server: serverWith(keystore('CLOSED', 'UNKNOWN', 0)) },
    status: 'passed',
    findings: [{ code: 'ENCRYPTION_UNSEEN', on: 'instance ORCL' }],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'tablespacesView',
  },
  {
    when: 'a standby that is mounted, of which encrypted tablespaces are seen',
    facts: { database: [mounted], server: serverWith(encrypted(1), keystore('OPEN', 'AUTOLOGIN', 1)) },
    status: 'passed',
    findings: [apart],
    manual: 'tablespacesView',
  },
  {
    when: 'a far sync, which has no data files',
    facts: {
      database: [database({ database_role: 'FAR SYNC', open_mode: 'MOUNTED' })],
      server: serverWith(encrypted(), keystore('CLOSED', 'UNKNOWN')),
    },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const verify = 'sqlplus: SELECT inst_id, con_id, wrl_type, status, wallet_type FROM gv$encryption_wallet;'
const expected = { status: 'OPEN', wallet_type: 'AUTOLOGIN' }
const closed = (status: string) => ({
  code: 'KEYSTORE_NOT_OPEN',
  when: `encrypted tablespaces, and a keystore that is ${status}`,
  on: sales,
  params: { database: 'SALES', status },
  observed: { status, wallet_type: 'UNKNOWN' },
  expected,
  verify,
  changes: { value: 'OPEN' },
})

const details: readonly DetailRow[] = [
  { ...closed('CLOSED'), steps: ['online manual'] },
  { ...closed('NOT_AVAILABLE'), steps: ['online manual', 'online manual'] },
  { ...closed('OPEN_NO_MASTER_KEY'), steps: ['online manual'] },
  {
    when: 'encrypted tablespaces, and a keystore that takes a password',
    code: 'KEYSTORE_PASSWORD',
    on: sales,
    params: { database: 'SALES' },
    observed: { status: 'OPEN', wallet_type: 'PASSWORD' },
    expected,
    steps: ['online manual'],
    verify,
    changes: { detail: 'LOCAL_AUTOLOGIN' },
  },
  {
    when: 'encrypted tablespaces, and no keystore to be seen',
    code: 'KEYSTORE_UNKNOWN',
    on: sales,
    params: { database: 'SALES', status: 'NULL, NULL' },
    observed: { status: null, wallet_type: null },
    expected,
    steps: [],
  },
  {
    when: 'encrypted tablespaces, and a keystore that takes a password',
    code: 'KEYSTORE_APART',
    on: 'instance ORCL',
    params: {},
    observed: {},
    expected: {},
    steps: ['online manual'],
  },
  {
    when: 'a standby that is mounted, of which nobody knows what is encrypted',
    code: 'ENCRYPTION_UNSEEN',
    on: 'instance ORCL',
    params: {},
    observed: {},
    expected: {},
    steps: [],
  },
]

describe('ORACLE_TDE_KEYSTORE', () => {
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
})
