import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-account-expiry.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  account,
  database,
  isOfObject,
  oracleFacts,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  usersView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/DBA_USERS.html',
  passwords: 'Oracle Database Security Guide, Configuring Password Protection',
  passwordFile: 'Oracle Database Administrator’s Guide, Creating and Maintaining a Database Password File',
  fixedViews: 'Oracle Database Error Messages, ORA-01219',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const registered = { backupAccount: 'c##rman' } as const
const [login, backups] = ['instance PRECHECK', 'instance C##RMAN'] as const

const rman = (changes: Parameters<typeof account>[0]): Partial<OracleFacts> => ({
  accounts: [account(), account({ username: 'C##RMAN', ...changes })],
})
const precheck = (changes: Parameters<typeof account>[0]): Partial<OracleFacts> => ({
  accounts: [account(changes)],
})

const verdicts: readonly Row[] = [
  {
    when: 'passwords that do not expire, or not soon',
    registered,
    status: 'passed',
    findings: [],
    observed: { readable: true },
    manual: 'usersView',
  },
  {
    when: 'the backup account is locked, and is not registered',
    facts: rman({ account_status: 'LOCKED' }),
    status: 'passed',
    findings: [],
    manual: 'usersView',
  },
  ...['OPEN & IN ROLLOVER', 'OPEN'].map((account_status): Row => ({
    when: `${account_status}, with fifteen days left`,
    facts: rman({ account_status, days_left: 15 }),
    registered,
    status: 'passed',
    findings: [],
    manual: 'usersView',
  })),
  ...['OPEN', 'EXPIRED(GRACE)', 'EXPIRED(GRACE) & IN ROLLOVER'].map((account_status): Row => ({
    when: `${account_status}, with fourteen days left`,
    facts: rman({ account_status, days_left: 14 }),
    registered,
    status: 'warning',
    findings: [{ code: 'ACCOUNT_EXPIRES', on: backups, degrades: all }],
    manual: 'passwords',
  })),
  {
    when: 'the password of the registration expires within a day',
    facts: precheck({ days_left: 0.4 }),
    status: 'warning',
    findings: [{ code: 'ACCOUNT_EXPIRES', on: login, degrades: all }],
    manual: 'passwords',
  },
  {
    when: 'the password of the registration should have expired yesterday',
    facts: precheck({ days_left: -1 }),
    status: 'warning',
    findings: [{ code: 'ACCOUNT_EXPIRES', on: login, degrades: all }],
    manual: 'passwords',
  },
  ...['LOCKED', 'LOCKED(TIMED)', 'EXPIRED & LOCKED', 'EXPIRED(GRACE) & LOCKED(TIMED)'].map(
    (account_status): Row => ({
      when: `the backup account is ${account_status}`,
      facts: rman({ account_status }),
      registered,
      status: 'failed',
      findings: [{ code: 'ACCOUNT_LOCKED', on: backups, blocks: all }],
      manual: 'passwordFile',
    }),
  ),
  {
    when: 'the backup account is EXPIRED',
    facts: rman({ account_status: 'EXPIRED', days_left: -3 }),
    registered,
    status: 'failed',
    findings: [{ code: 'ACCOUNT_EXPIRED', on: backups, blocks: all }],
    readiness: { instance: { full: 'blocked', restore: 'blocked' } },
    manual: 'passwordFile',
  },
  {
    when: 'one account for all is EXPIRED',
    facts: precheck({ account_status: 'EXPIRED & IN ROLLOVER' }),
    registered: { backupAccount: 'PreCheck' },
    status: 'failed',
    findings: [{ code: 'ACCOUNT_EXPIRED', on: login, blocks: all }],
    manual: 'passwordFile',
  },
  {
    when: 'the account of the registration was locked after it logged in',
    facts: precheck({ account_status: 'LOCKED' }),
    status: 'warning',
    findings: [{ code: 'ACCOUNT_LOCKED', on: login, degrades: all }],
    manual: 'usersView',
  },
  {
    when: 'the account of the registration was locked, another one takes the backups',
    facts: { accounts: [account({ account_status: 'LOCKED' }), account({ username: 'C##RMAN' })] },
    registered,
    status: 'warning',
    findings: [{ code: 'ACCOUNT_LOCKED', on: login, degrades: all }],
    manual: 'usersView',
  },
  ...['/', '/@ORCL'].map((backupAccount): Row => ({
    when: `an account of the system takes the backups: ${backupAccount}`,
    registered: { backupAccount },
    status: 'passed',
    findings: [],
    manual: 'passwords',
  })),
  ...[null, 'SNOOZING', 'UNLOCKED'].map((account_status): Row => ({
    when: `a status that nobody knows: ${account_status}`,
    facts: rman({ account_status }),
    registered,
    status: 'error',
    findings: [{ code: 'ACCOUNT_UNKNOWN', on: backups, obscures: all }],
    manual: 'usersView',
  })),
  {
    when: 'no accounts to be seen',
    facts: { accounts: [] },
    registered,
    status: 'error',
    findings: [
      { code: 'ACCOUNT_UNKNOWN', on: login, obscures: all },
      { code: 'ACCOUNT_UNKNOWN', on: backups, obscures: all },
    ],
    manual: 'usersView',
  },
  {
    when: 'accounts that cannot be read',
    facts: { accounts: null },
    status: 'error',
    findings: [{ code: 'ACCOUNTS_UNREADABLE', on: 'instance ORCL', obscures: all }],
    observed: { readable: false },
    manual: 'usersView',
  },
  {
    when: 'a standby that is mounted, which has no dictionary',
    facts: {
      database: [database({ database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED' })],
      accounts: null,
    },
    registered,
    status: 'passed',
    findings: [],
    observed: { readable: false },
    manual: 'fixedViews',
  },
  {
    when: 'a far sync, which nobody backs up',
    facts: { database: [database({ database_role: 'FAR SYNC', open_mode: 'MOUNTED' })], accounts: [] },
    registered,
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const shows = (name: string): string =>
  `sqlplus: SELECT username, account_status, expiry_date FROM dba_users WHERE username = '${name}';`
const expected = { account_status: 'OPEN', days_left: 'more than 14' }
const ofBackups = { on: backups, expected, verify: shows('C##RMAN') } as const
const unlocks = 'online sqlplus: ALTER USER "C##RMAN" ACCOUNT UNLOCK;'

const details: readonly DetailRow[] = [
  {
    ...ofBackups,
    when: 'EXPIRED(GRACE), with fourteen days left',
    code: 'ACCOUNT_EXPIRES',
    params: { account: 'C##RMAN', days: 14 },
    observed: { account_status: 'EXPIRED(GRACE)', days_left: 14 },
    steps: ['online manual'],
  },
  {
    ...ofBackups,
    when: 'the backup account is LOCKED',
    code: 'ACCOUNT_LOCKED',
    params: { account: 'C##RMAN', status: 'LOCKED' },
    observed: { account_status: 'LOCKED', days_left: null },
    steps: ['online manual', unlocks],
    changes: { account_status: 'OPEN' },
  },
  {
    ...ofBackups,
    when: 'the backup account is EXPIRED & LOCKED',
    code: 'ACCOUNT_LOCKED',
    params: { account: 'C##RMAN', status: 'EXPIRED & LOCKED' },
    observed: { account_status: 'EXPIRED & LOCKED', days_left: null },
    steps: ['online manual', unlocks, 'online manual'],
  },
  {
    ...ofBackups,
    when: 'the backup account is EXPIRED',
    code: 'ACCOUNT_EXPIRED',
    params: { account: 'C##RMAN', status: 'EXPIRED' },
    observed: { account_status: 'EXPIRED', days_left: -3 },
    steps: ['online manual'],
    changes: { account_status: 'OPEN' },
  },
  {
    when: 'the password of the registration expires within a day',
    code: 'ACCOUNT_EXPIRES',
    on: login,
    params: { account: 'PRECHECK', days: 0 },
    observed: { account_status: 'OPEN', days_left: 0.4 },
    expected,
    steps: ['online manual'],
    verify: shows('PRECHECK'),
  },
  {
    when: 'no accounts to be seen',
    code: 'ACCOUNT_UNKNOWN',
    on: login,
    params: { account: 'PRECHECK', status: 'NULL' },
    observed: { account_status: null, days_left: null },
    expected,
    steps: [],
  },
  {
    when: 'accounts that cannot be read',
    code: 'ACCOUNTS_UNREADABLE',
    on: 'instance ORCL',
    params: {},
    observed: { readable: false },
    expected: { readable: true },
    steps: [
      'online sqlplus: GRANT SELECT ON SYS.DBA_USERS TO "PRECHECK";',
      'online sqlplus: GRANT SELECT ON SYS.GV_$PWFILE_USERS TO "PRECHECK";',
    ],
  },
]

describe('ORACLE_ACCOUNT_EXPIRY', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'oracle', answer: oracleFacts, verdicts, isOf: isOfObject })

  it('observes the days that are left, where a password expires', () => {
    const context = contextFor('oracle', registered)
    const { observations } = judged(check, { answer: oracleFacts() }, context)
    const object = { type: 'instance', name: 'C##RMAN' }
    expect(observations).toEqual([{ name: 'password-days-left', object, value: 120.5 }])
  })
})
