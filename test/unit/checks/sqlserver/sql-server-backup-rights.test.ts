import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-backup-rights.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type SqlServerFacts,
  isOfObject,
  login,
  server,
  sqlServerFacts,
  withBackupLogin,
} from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  principals:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-server-principals-transact-sql',
  roles:
    'https://learn.microsoft.com/sql/relational-databases/security/authentication-access/server-level-roles',
  backup: 'https://learn.microsoft.com/sql/t-sql/statements/backup-transact-sql',
  permissions: 'https://learn.microsoft.com/sql/relational-databases/security/permissions-database-engine',
  visibility:
    'https://learn.microsoft.com/sql/relational-databases/security/metadata-visibility-configuration',
  collations: 'https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const on = 'instance db1'
const registered = { backupAccount: 'backup' }
const missing = { code: 'ACCOUNT_MISSING', on, blocks: all } as const
const notShown = { code: 'ACCOUNT_NOT_SHOWN', on, obscures: all } as const
const disabled = { code: 'ACCOUNT_DISABLED', on, blocks: all } as const
const denied = { code: 'CONNECT_DENIED', on, blocks: all } as const
const unknown = { code: 'RIGHTS_UNKNOWN', on, obscures: all } as const
const noLogin = { logins: [login()] }

const verdicts: readonly Row[] = [
  {
    when: 'no backup account in the registration',
    status: 'passed',
    findings: [],
    observed: { backup_account: null },
    manual: 'backup',
  },
  {
    when: 'a member of sysadmin',
    registered,
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', restore: 'ready' } },
    observed: { backup_account: 'backup' },
    manual: 'roles',
  },
  {
    when: 'a name in another case, under a collation that takes it for the same',
    registered: { backupAccount: 'BACKUP' },
    status: 'passed',
    findings: [],
    manual: 'collations',
  },
  {
    when: 'a name in another case, under a collation that does not',
    facts: { server: [server({ collation: 'Latin1_General_BIN2' })] },
    registered: { backupAccount: 'BACKUP' },
    status: 'failed',
    findings: [missing],
    manual: 'collations',
  },
  {
    when: 'no such login',
    facts: noLogin,
    registered,
    status: 'failed',
    findings: [missing],
    readiness: { instance: { full: 'blocked', restore: 'blocked' } },
    manual: 'principals',
  },
  {
    when: 'no such login, under an unknown collation',
    facts: { ...noLogin, server: [server({ collation: null })] },
    registered,
    status: 'error',
    findings: [notShown],
    manual: 'collations',
  },
  {
    when: 'no such login, shown to one that does not see all',
    facts: { ...noLogin, server: [server({ view_any_definition: 0 })] },
    registered,
    status: 'error',
    findings: [notShown],
    manual: 'visibility',
  },
  {
    when: 'no such login, nobody knowing whether all are shown',
    facts: { ...noLogin, server: [server({ view_any_definition: null })] },
    registered,
    status: 'error',
    findings: [notShown],
    manual: 'visibility',
  },
  {
    when: 'no login of an account of Windows, which may come in by its group',
    facts: noLogin,
    registered: { backupAccount: 'CORP\\backup' },
    status: 'error',
    findings: [notShown],
    manual: 'principals',
  },
  {
    when: 'no such login among the first 499',
    facts: { logins: Array.from({ length: 499 }, (_, index) => login({ name: `login${index}` })) },
    registered,
    status: 'failed',
    findings: [missing],
    manual: 'principals',
  },
  {
    when: 'no such login among the first 500, after which there may be more',
    facts: { logins: Array.from({ length: 500 }, (_, index) => login({ name: `login${index}` })) },
    registered,
    status: 'error',
    findings: [notShown],
    manual: 'principals',
  },
  {
    when: 'disabled',
    facts: { logins: withBackupLogin({ is_disabled: true }) },
    registered,
    status: 'failed',
    findings: [disabled],
    manual: 'principals',
  },
  {
    when: 'nobody knowing whether it is disabled',
    facts: { logins: withBackupLogin({ is_disabled: null }) },
    registered,
    status: 'error',
    findings: [unknown],
    manual: 'principals',
  },
  {
    when: 'denied to connect',
    facts: { logins: withBackupLogin({ is_sysadmin: 0, is_connect_denied: 1 }) },
    registered,
    status: 'failed',
    findings: [denied],
    manual: 'permissions',
  },
  {
    when: 'denied to connect, nobody knowing whether it is a sysadmin',
    facts: { logins: withBackupLogin({ is_sysadmin: null, is_connect_denied: 1 }) },
    registered,
    status: 'failed',
    findings: [denied],
    manual: 'permissions',
  },
  {
    when: 'a sysadmin, to whom nothing can be denied',
    facts: { logins: withBackupLogin({ is_connect_denied: 1 }) },
    registered,
    status: 'passed',
    findings: [],
    manual: 'permissions',
  },
  {
    when: 'no member of sysadmin: roles of databases are not seen',
    facts: { logins: withBackupLogin({ is_sysadmin: 0 }) },
    registered,
    status: 'error',
    findings: [unknown],
    readiness: { instance: { full: 'unknown', restore: 'unknown' } },
    manual: 'backup',
  },
  {
    when: 'nobody knowing whether it is a sysadmin',
    facts: { logins: withBackupLogin({ is_sysadmin: null }) },
    registered,
    status: 'error',
    findings: [unknown],
    manual: 'roles',
  },
  {
    when: 'no member of sysadmin, where only full backups are planned',
    facts: { logins: withBackupLogin({ is_sysadmin: 0 }) },
    registered: { ...registered, operations: ['full'] },
    status: 'error',
    findings: [unknown],
    manual: 'backup',
  },
]

const verify =
  "tsql: SELECT name, is_disabled, IS_SRVROLEMEMBER('sysadmin', name) AS is_sysadmin FROM sys.server_principals WHERE name = N'backup';"
const params = { account: 'backup' }
const expected = { is_disabled: false, is_connect_denied: false, is_sysadmin: true }
const unseen = { observed: { backup_account: null }, expected: { backup_account: 'backup' } }

const details: readonly DetailRow[] = [
  { when: 'no such login', code: 'ACCOUNT_MISSING', on, params, ...unseen, steps: ['online manual'], verify },
  {
    when: 'no such login, shown to one that does not see all',
    code: 'ACCOUNT_NOT_SHOWN',
    on,
    params,
    ...unseen,
    steps: ['online tsql: USE [master]; GRANT VIEW ANY DEFINITION TO [precheck];'],
    verify: "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION');",
  },
  {
    when: 'no such login among the first 500, after which there may be more',
    code: 'ACCOUNT_NOT_SHOWN',
    on,
    params,
    ...unseen,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'disabled',
    code: 'ACCOUNT_DISABLED',
    on,
    params,
    observed: { is_disabled: true, is_connect_denied: false, is_sysadmin: true },
    expected,
    steps: ['online tsql: ALTER LOGIN [backup] ENABLE;'],
    verify,
  },
  {
    when: 'denied to connect, nobody knowing whether it is a sysadmin',
    code: 'CONNECT_DENIED',
    on,
    params,
    observed: { is_disabled: false, is_connect_denied: true, is_sysadmin: null },
    expected,
    steps: ['online tsql: USE [master]; GRANT CONNECT SQL TO [backup];'],
    verify,
  },
  {
    when: 'no member of sysadmin: roles of databases are not seen',
    code: 'RIGHTS_UNKNOWN',
    on,
    params,
    observed: { is_disabled: false, is_connect_denied: false, is_sysadmin: false },
    expected,
    steps: [
      "online tsql: EXECUTE AS LOGIN = N'backup'; SELECT name FROM sys.databases WHERE database_id <> 2 AND source_database_id IS NULL AND (ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(name), 'DATABASE', 'BACKUP DATABASE'), 0) = 0 OR ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(name), 'DATABASE', 'BACKUP LOG'), 0) = 0); REVERT;",
      'online manual',
    ],
    verify,
  },
]

describe('SQL_SERVER_BACKUP_RIGHTS', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { warning: 'without a right no operation runs, whatever is planned' },
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })
})
