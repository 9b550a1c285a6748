import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-backup-rights.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type MySqlFacts,
  accountsWith,
  backupAccount,
  isOfObject,
  mariaDb,
  mysqlFacts,
  reader,
  settings,
} from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  mariaDbDump: 'https://mariadb.com/kb/en/mariadb-dump/',
  mariaBackup: 'https://mariadb.com/kb/en/mariabackup-overview/',
  mysqldump: 'https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html',
  xtraBackup: 'https://docs.percona.com/percona-xtrabackup/8.0/privileges.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'it has every right',
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { backup_account: 'backup' },
    manual: 'mariaDbDump',
  },
  {
    when: 'no backup account in the registration',
    status: 'passed',
    findings: [],
    observed: { backup_account: null },
    manual: 'mariaDbDump',
  },
  {
    when: 'it lacks SELECT',
    facts: { accounts: accountsWith({ select_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full'] }],
    manual: 'mariaDbDump',
  },
  {
    when: 'it lacks SHOW VIEW',
    facts: { accounts: accountsWith({ show_view_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full'] }],
    manual: 'mariaDbDump',
  },
  {
    when: 'it lacks TRIGGER',
    facts: { accounts: accountsWith({ trigger_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full'] }],
    manual: 'mysqldump',
  },
  {
    when: 'it lacks EVENT',
    facts: { accounts: accountsWith({ event_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full'] }],
    manual: 'mysqldump',
  },
  {
    when: 'it lacks RELOAD',
    facts: { accounts: accountsWith({ reload_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full', 'incremental'] }],
    manual: 'mariaBackup',
  },
  {
    when: 'it lacks PROCESS',
    facts: { accounts: accountsWith({ process_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full', 'incremental'] }],
    manual: 'mariaBackup',
  },
  {
    when: 'it lacks REPLICATION CLIENT',
    facts: { accounts: accountsWith({ repl_client_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full', 'incremental'] }],
    manual: 'mariaBackup',
  },
  {
    when: 'it lacks REPLICATION SLAVE',
    facts: { accounts: accountsWith({ repl_slave_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['log'] }],
    manual: 'mysqldump',
  },
  {
    when: 'it lacks LOCK TABLES, which none of the tools here takes',
    facts: { accounts: accountsWith({ lock_tables_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'passed',
    findings: [],
    manual: 'mariaDbDump',
  },
  {
    when: 'it lacks RELOAD and REPLICATION SLAVE',
    facts: { accounts: accountsWith({ reload_priv: 'N', repl_slave_priv: 'N' }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full', 'incremental', 'log'] }],
    manual: 'mariaBackup',
  },
  {
    when: 'it may have RELOAD by a role',
    facts: { accounts: accountsWith({ reload_priv: 'N', has_roles: 1 }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'error',
    findings: [{ code: 'RIGHTS_UNKNOWN', on, obscures: ['full', 'incremental'] }],
    readiness: { instance: { full: 'unknown', log: 'ready' } },
    manual: 'mariaBackup',
  },
  {
    when: 'whether it has TRIGGER is not known',
    facts: { accounts: accountsWith({ trigger_priv: null }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'error',
    findings: [{ code: 'RIGHTS_UNKNOWN', on, obscures: ['full'] }],
    manual: 'mysqldump',
  },
  {
    when: 'it lacks BACKUP_ADMIN on MySQL 8',
    facts: { accounts: accountsWith({ backup_admin: 0 }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'warning',
    findings: [{ code: 'BACKUP_ADMIN_MISSING', on, degrades: ['full', 'incremental'] }],
    manual: 'xtraBackup',
  },
  {
    when: 'MariaDB has no BACKUP_ADMIN',
    facts: { settings: settings(mariaDb('10.11.19')), accounts: accountsWith({ backup_admin: 0 }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'passed',
    findings: [],
    manual: 'mariaBackup',
  },
  {
    when: 'it may have BACKUP_ADMIN by a role',
    facts: { accounts: accountsWith({ backup_admin: 0, has_roles: 1 }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'passed',
    findings: [],
    manual: 'xtraBackup',
  },
  {
    when: 'one of two accounts of that name lacks RELOAD',
    facts: {
      accounts: [reader(), backupAccount(), backupAccount({ account_host: 'localhost', reload_priv: 'N' })],
    },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full', 'incremental'] }],
    manual: 'mariaBackup',
  },
  {
    when: 'one of two accounts of that name lacks TRIGGER, and the other one RELOAD',
    facts: {
      accounts: [
        reader(),
        backupAccount({ trigger_priv: 'N' }),
        backupAccount({ account_host: 'localhost', reload_priv: 'N' }),
      ],
    },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full', 'incremental'] }],
    manual: 'mariaBackup',
  },
  {
    when: 'of two accounts of that name, one may have TRIGGER by a role, and the other one lacks RELOAD',
    facts: {
      accounts: [
        reader(),
        backupAccount({ trigger_priv: 'N', repl_slave_priv: 'N', has_roles: 1 }),
        backupAccount({ account_host: 'localhost', reload_priv: 'N' }),
      ],
    },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RIGHTS_MISSING', on, blocks: ['full', 'incremental'], obscures: ['log'] }],
    manual: 'mariaBackup',
  },
  {
    when: 'the other one is registered with its host',
    facts: {
      accounts: [reader(), backupAccount(), backupAccount({ account_host: 'localhost', reload_priv: 'N' })],
    },
    registered: { backupAccount: 'backup@%' },
    status: 'passed',
    findings: [],
    manual: 'mariaBackup',
  },
  {
    when: 'there is no such account',
    facts: { accounts: [reader()] },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'failed',
    findings: [{ code: 'ACCOUNT_MISSING', on, blocks: all }],
    readiness: { instance: { full: 'blocked', restore: 'blocked' } },
    manual: 'mariaDbDump',
  },
  {
    when: 'accounts may not be read',
    facts: { accounts: null },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'error',
    findings: [{ code: 'ACCOUNTS_HIDDEN', on, obscures: all }],
    manual: 'mariaDbDump',
  },
  {
    when: 'MySQL 5.7 has no BACKUP_ADMIN',
    facts: { settings: settings({ version: '5.7.44-log' }), accounts: accountsWith({ backup_admin: 0 }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'passed',
    findings: [],
    manual: 'xtraBackup',
  },
  {
    when: 'it lacks RELOAD, and whether it has TRIGGER is not known',
    facts: { accounts: accountsWith({ reload_priv: 'N', trigger_priv: null }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'error',
    findings: [{ code: 'RIGHTS_UNKNOWN', on, obscures: ['full', 'incremental'] }],
    manual: 'mysqldump',
  },
  {
    when: 'it is not among as many accounts as are read',
    facts: {
      accounts: Array.from({ length: 1000 }, (_, index) => reader({ account_user: `user${index}` })),
    },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'error',
    findings: [{ code: 'ACCOUNTS_HIDDEN', on, obscures: all }],
    manual: 'mariaDbDump',
  },
  {
    when: 'it lacks BACKUP_ADMIN, and nobody knows what the server is',
    facts: { settings: settings({ version: null }), accounts: accountsWith({ backup_admin: 0 }) },
    registered: { backupAccount: 'backup', profile: 'native' },
    status: 'passed',
    findings: [],
    manual: 'xtraBackup',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'it lacks SELECT',
    code: 'RIGHTS_MISSING',
    on: 'instance db1',
    params: { account: 'backup@%', rights: ['SELECT'] },
    observed: { select_priv: 'N' },
    expected: { select_priv: 'Y' },
    steps: ["online mysql: GRANT SELECT ON *.* TO 'backup'@'%';"],
    verify:
      "mysql: SELECT privilege_type FROM information_schema.USER_PRIVILEGES WHERE grantee = '''backup''@''%''';",
  },
  {
    when: 'it may have RELOAD by a role',
    code: 'RIGHTS_UNKNOWN',
    on: 'instance db1',
    params: { account: 'backup@%', rights: ['RELOAD'] },
    observed: { reload_priv: 'N' },
    expected: { reload_priv: 'Y' },
    steps: ["online mysql: GRANT RELOAD ON *.* TO 'backup'@'%';"],
    verify:
      "mysql: SELECT privilege_type FROM information_schema.USER_PRIVILEGES WHERE grantee = '''backup''@''%''';",
  },
  {
    when: 'it lacks BACKUP_ADMIN on MySQL 8',
    code: 'BACKUP_ADMIN_MISSING',
    on: 'instance db1',
    params: { account: 'backup@%' },
    observed: { backup_admin: 0 },
    expected: { backup_admin: 1 },
    steps: ["online mysql: GRANT BACKUP_ADMIN ON *.* TO 'backup'@'%';"],
    verify:
      "mysql: SELECT privilege_type FROM information_schema.USER_PRIVILEGES WHERE grantee = '''backup''@''%''';",
  },
  {
    when: 'there is no such account',
    code: 'ACCOUNT_MISSING',
    on: 'instance db1',
    params: { account: 'backup' },
    observed: { backup_account: null },
    expected: { backup_account: 'backup' },
    steps: ['online manual'],
  },
  {
    when: 'accounts may not be read',
    code: 'ACCOUNTS_HIDDEN',
    on: 'instance db1',
    params: { account: 'backup' },
    observed: { backup_account: null },
    expected: { backup_account: 'backup' },
    steps: ["online mysql: GRANT SELECT ON *.* TO 'precheck'@'%';"],
  },
  {
    when: 'it lacks RELOAD and REPLICATION SLAVE',
    code: 'RIGHTS_MISSING',
    on: 'instance db1',
    params: { account: 'backup@%', rights: ['RELOAD', 'REPLICATION SLAVE'] },
    observed: { reload_priv: 'N', repl_slave_priv: 'N' },
    expected: { reload_priv: 'Y', repl_slave_priv: 'Y' },
    steps: ["online mysql: GRANT RELOAD, REPLICATION SLAVE ON *.* TO 'backup'@'%';"],
    verify:
      "mysql: SELECT privilege_type FROM information_schema.USER_PRIVILEGES WHERE grantee = '''backup''@''%''';",
  },
]

describe('MYSQL_BACKUP_RIGHTS', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})
