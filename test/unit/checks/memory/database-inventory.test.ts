import { describe } from 'vitest'
import databaseInventory from '../../../../shared/checks/memory/database-inventory.ts'
import {
  type InventoryFacts,
  identity,
  inventoryFacts,
  lastNight,
  remembered,
  seen,
  tonight,
} from '../../../support/facts/memory.ts'
import { all, testCheckItem } from '../../../support/verdict-table.ts'

const onBase = ['incremental', 'log'] as const

/** SQL01 with these databases beside `HR`. */
const withDatabases = (...databases: readonly ReturnType<typeof identity>[]) =>
  seen({ databases: [identity('HR'), ...databases] })

const anew = identity('Sales', { origin: '2026-11-20', fork: 'fork-2', base: 'none' })
const forked = identity('Sales', { fork: 'fork-2' })
const oracle = (instance: Parameters<typeof seen>[0] = {}) =>
  seen({
    instance: { id: '1571263728', fork: '1920977' },
    type: 'pluggable-database',
    databases: [identity('SALES', { origin: 'guid-1', fork: null, base: null })],
    ...instance,
  })
const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
const otherUuid = '9a1c0b52-c1de-11ee-8a3b-0242ac120002'
const mysql = (id: string | null) => seen({ instance: { id }, isWhole: false, databases: [] })
const fleet = (size: number, first = 0) =>
  seen({ databases: Array.from({ length: size }, (_, index) => identity(`Tenant${first + index}`)) })

/** The last full backup was so long before tonight, of one database or of everything. */
const fullBackup = (minutes: number, database?: string): InventoryFacts['observations'] => [
  {
    name: 'full-backup-age-minutes',
    object:
      database === undefined ? { type: 'instance', name: 'ORCL' } : { type: 'database', name: database },
    value: minutes,
  },
]

const recreated = { code: 'DATABASE_RECREATED', on: 'database Sales', degrades: onBase } as const
const gone = { code: 'DATABASE_GONE', on: 'database Sales', degrades: all } as const

describe('DATABASE_INVENTORY', () => {
  testCheckItem<Partial<InventoryFacts>, 'recovery' | 'databases' | 'oracle' | 'pdbs' | 'mysql'>({
    check: databaseInventory,
    engine: 'sqlserver',
    answer: inventoryFacts,
    manuals: {
      recovery:
        'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-recovery-status-transact-sql',
      databases:
        'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql',
      oracle: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATABASE.html',
      pdbs: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-PDBS.html',
      mysql: 'https://dev.mysql.com/doc/refman/8.4/en/replication-options.html',
    },
    affects: { 'cloud-backup': all, native: all },
    never: { error: 'what could not be determined, its source says: then this item is skipped' },
    verdicts: [
      {
        when: 'all is as it was',
        status: 'passed',
        findings: [],
        observed: { databases: 2, compared_with: 2 },
        manual: 'databases',
      },
      {
        when: 'nothing is remembered yet',
        facts: { known: null },
        status: 'passed',
        findings: [],
        observed: { databases: 2, compared_with: null },
        manual: 'databases',
      },
      {
        when: 'a database is new',
        facts: { seen: withDatabases(identity('Sales'), identity('Web')) },
        status: 'passed',
        findings: [{ code: 'DATABASE_NEW', on: 'database Web' }],
        manual: 'databases',
      },
      {
        when: 'a database seems to be new to a login that sees more than before',
        facts: {
          known: remembered(seen({ databases: [identity('HR')], isWhole: false })),
        },
        status: 'passed',
        findings: [],
        manual: 'databases',
      },
      {
        when: 'a database is gone',
        facts: { seen: withDatabases() },
        status: 'warning',
        findings: [gone],
        readiness: {
          Sales: { full: 'degraded', incremental: 'degraded', log: 'degraded', restore: 'degraded' },
        },
        manual: 'databases',
      },
      {
        when: 'a database was gone the night before',
        facts: { known: remembered(seen(), withDatabases()), seen: withDatabases() },
        status: 'warning',
        findings: [gone],
        manual: 'databases',
      },
      {
        when: 'a database has been gone for a week',
        facts: {
          known: remembered(seen(), ...Array.from({ length: 7 }, () => withDatabases())),
          seen: withDatabases(),
        },
        status: 'passed',
        findings: [],
        manual: 'databases',
      },
      {
        when: 'a database that was gone is back as it was',
        facts: { known: remembered(seen(), withDatabases()) },
        status: 'passed',
        findings: [],
        manual: 'databases',
      },
      {
        when: 'a database that was gone is back as another one',
        facts: { known: remembered(seen(), withDatabases()), seen: withDatabases(anew) },
        status: 'warning',
        findings: [recreated],
        manual: 'databases',
      },
      {
        when: 'a database is hidden from a login that does not see all',
        facts: { seen: seen({ databases: [identity('HR')], isWhole: false }) },
        status: 'passed',
        findings: [],
        manual: 'databases',
      },
      {
        when: 'a database was created anew',
        facts: { seen: withDatabases(anew) },
        status: 'warning',
        findings: [recreated],
        readiness: { Sales: { full: 'ready', incremental: 'degraded', log: 'degraded', restore: 'ready' } },
        manual: 'databases',
      },
      {
        when: 'a database was created anew the night before, and had no full backup since',
        facts: { known: remembered(seen(), withDatabases(anew)), seen: withDatabases(anew) },
        status: 'warning',
        findings: [recreated],
        manual: 'databases',
      },
      {
        when: 'a database that was created anew has had a full backup, which is its base',
        facts: {
          known: remembered(seen(), withDatabases(anew)),
          seen: withDatabases(identity('Sales', { origin: '2026-11-20', fork: 'fork-2', base: 'base-2' })),
        },
        status: 'passed',
        findings: [],
        manual: 'databases',
      },
      {
        when: 'a database that was created anew has had a full backup, which the history shows',
        facts: {
          known: remembered(seen(), withDatabases(anew)),
          seen: withDatabases(anew),
          observations: fullBackup(60, 'Sales'),
        },
        status: 'passed',
        findings: [],
        manual: 'databases',
      },
      {
        when: 'a database was created anew after its full backup',
        facts: {
          known: remembered(seen(), withDatabases(anew)),
          seen: withDatabases(anew),
          observations: fullBackup(24 * 60, 'Sales'),
        },
        status: 'warning',
        findings: [recreated],
        manual: 'databases',
      },
      {
        when: 'a database was restored over',
        facts: { seen: withDatabases(forked) },
        status: 'warning',
        findings: [{ code: 'DATABASE_FORKED', on: 'database Sales', degrades: onBase }],
        manual: 'recovery',
      },
      {
        when: 'a database was closed in between, and restored over',
        facts: {
          known: remembered(seen(), withDatabases(identity('Sales', { fork: null }))),
          seen: withDatabases(forked),
        },
        status: 'warning',
        findings: [{ code: 'DATABASE_FORKED', on: 'database Sales', degrades: onBase }],
        manual: 'recovery',
      },
      {
        when: 'a secondary is known by its name alone',
        facts: { seen: withDatabases(['Sales', null, null, null]) },
        status: 'passed',
        findings: [],
        manual: 'recovery',
      },
      {
        when: 'the server has another name',
        facts: { seen: seen({ instance: { name: 'SQL02' } }) },
        status: 'warning',
        findings: [{ code: 'INSTANCE_RENAMED', on: 'instance db1', degrades: onBase }],
        manual: 'databases',
      },
      {
        when: 'the server has had another name for a night',
        facts: {
          known: remembered(seen(), seen({ instance: { name: 'SQL02' } })),
          seen: seen({ instance: { name: 'SQL02' } }),
          observations: [...fullBackup(60, 'Sales'), ...fullBackup(3 * 24 * 60, 'HR')],
        },
        status: 'warning',
        findings: [{ code: 'INSTANCE_RENAMED', on: 'instance db1', degrades: onBase }],
        manual: 'databases',
      },
      {
        when: 'all databases had a full backup under the new name',
        facts: {
          known: remembered(seen(), seen({ instance: { name: 'SQL02' } })),
          seen: seen({ instance: { name: 'SQL02' } }),
          observations: [...fullBackup(60, 'Sales'), ...fullBackup(90, 'HR')],
        },
        status: 'passed',
        findings: [],
        manual: 'databases',
      },
      {
        when: 'another database answers, whose pluggable databases are all others',
        facts: {
          known: remembered(oracle()),
          seen: oracle({ instance: { id: '42', fork: '7' }, databases: [identity('WEB')] }),
        },
        status: 'failed',
        findings: [{ code: 'INSTANCE_REPLACED', on: 'instance db1', blocks: onBase }],
        manual: 'oracle',
      },
      {
        when: 'the database was opened with RESETLOGS',
        facts: { known: remembered(oracle()), seen: oracle({ instance: { id: '1571263728', fork: '7' } }) },
        status: 'warning',
        findings: [{ code: 'INSTANCE_FORKED', on: 'instance db1', degrades: onBase }],
        manual: 'oracle',
      },
      {
        when: 'the database has had a full backup since it was opened with RESETLOGS',
        facts: {
          known: remembered(oracle(), oracle({ instance: { id: '1571263728', fork: '7' } })),
          seen: oracle({ instance: { id: '1571263728', fork: '7' } }),
          observations: fullBackup(60),
        },
        status: 'passed',
        findings: [],
        manual: 'oracle',
      },
      {
        when: 'a pluggable database was created anew',
        facts: {
          known: remembered(oracle()),
          seen: oracle({ databases: [identity('SALES', { origin: 'guid-2', fork: null, base: null })] }),
        },
        status: 'warning',
        findings: [{ code: 'DATABASE_RECREATED', on: 'pluggable-database SALES', degrades: onBase }],
        manual: 'pdbs',
      },
      {
        when: 'another MySQL answers, by its server_uuid',
        facts: { known: remembered(mysql(uuid)), seen: mysql(otherUuid) },
        status: 'failed',
        findings: [{ code: 'INSTANCE_REPLACED', on: 'instance db1', blocks: onBase }],
        manual: 'mysql',
      },
      {
        when: 'another MySQL has answered for six nights, and nothing tells of full backups',
        facts: {
          known: remembered(mysql(uuid), ...Array.from({ length: 6 }, () => mysql(otherUuid))),
          seen: mysql(otherUuid),
        },
        status: 'failed',
        findings: [{ code: 'INSTANCE_REPLACED', on: 'instance db1', blocks: onBase }],
        manual: 'mysql',
      },
      {
        when: 'another MySQL has answered for a week, and nothing tells of full backups',
        facts: {
          known: remembered(mysql(uuid), ...Array.from({ length: 7 }, () => mysql(otherUuid))),
          seen: mysql(otherUuid),
        },
        status: 'passed',
        findings: [],
        manual: 'mysql',
      },
      {
        when: 'a MariaDB answers, which has none',
        facts: { known: remembered(mysql(uuid)), seen: mysql(null) },
        status: 'passed',
        findings: [],
        manual: 'mysql',
      },
      {
        when: 'there are as many databases as are followed',
        facts: { known: remembered(fleet(500)), seen: fleet(499) },
        status: 'warning',
        findings: [{ code: 'DATABASE_GONE', on: 'database Tenant499', degrades: all }],
        manual: 'databases',
      },
      {
        when: 'there are too many databases, none of which changed',
        facts: { known: remembered(fleet(501)), seen: fleet(501) },
        status: 'passed',
        findings: [{ code: 'TOO_MANY_DATABASES', on: 'instance db1' }],
        manual: 'databases',
      },
      {
        when: 'there are too many databases, one of which is another',
        facts: { known: remembered(fleet(501)), seen: fleet(501, 1) },
        status: 'passed',
        findings: [
          { code: 'DATABASES_CHANGED', on: 'instance db1' },
          { code: 'TOO_MANY_DATABASES', on: 'instance db1' },
        ],
        manual: 'databases',
      },
      {
        when: 'there have become too many databases',
        facts: { known: remembered(fleet(500)), seen: fleet(501) },
        status: 'passed',
        findings: [{ code: 'TOO_MANY_DATABASES', on: 'instance db1' }],
        manual: 'databases',
      },
    ],
    details: [
      {
        when: 'a database is new',
        code: 'DATABASE_NEW',
        on: 'database Web',
        params: { database: 'Web' },
        observed: { exists: true },
        expected: {},
        steps: [],
      },
      {
        when: 'a database was gone the night before',
        code: 'DATABASE_GONE',
        on: 'database Sales',
        params: { database: 'Sales', days: 7 },
        observed: { exists: false, since: lastNight },
        expected: { exists: true },
        steps: ['online manual'],
      },
      {
        when: 'a database was created anew',
        code: 'DATABASE_RECREATED',
        on: 'database Sales',
        params: { database: 'Sales' },
        observed: { identity: '2026-11-20', since: tonight },
        expected: { identity: '2025-03-01' },
        steps: ['online manual'],
      },
      {
        when: 'a database was restored over',
        code: 'DATABASE_FORKED',
        on: 'database Sales',
        params: { database: 'Sales' },
        observed: { identity: 'fork-2', since: tonight },
        expected: { identity: 'fork-1' },
        steps: ['online manual'],
      },
      {
        when: 'the server has another name',
        code: 'INSTANCE_RENAMED',
        on: 'instance db1',
        params: { before: 'SQL01', after: 'SQL02' },
        observed: { identity: 'SQL02', since: tonight },
        expected: { identity: 'SQL01' },
        steps: ['online manual', 'online manual'],
      },
      {
        when: 'another database answers, whose pluggable databases are all others',
        code: 'INSTANCE_REPLACED',
        on: 'instance db1',
        params: { before: '1571263728', after: '42' },
        observed: { identity: '42', since: tonight },
        expected: { identity: '1571263728' },
        steps: ['online manual', 'online manual'],
      },
      {
        when: 'the database was opened with RESETLOGS',
        code: 'INSTANCE_FORKED',
        on: 'instance db1',
        params: { before: '1920977', after: '7' },
        observed: { identity: '7', since: tonight },
        expected: { identity: '1920977' },
        steps: ['online manual'],
      },
      {
        when: 'there are too many databases, one of which is another',
        code: 'DATABASES_CHANGED',
        on: 'instance db1',
        params: { count: 501 },
        observed: { count: 501 },
        expected: {},
        steps: [],
      },
      {
        when: 'there are too many databases, one of which is another',
        code: 'TOO_MANY_DATABASES',
        on: 'instance db1',
        params: { count: 501, limit: 500 },
        observed: { count: 501 },
        expected: { count: 'at most 500' },
        steps: [],
      },
    ],
  })
})
