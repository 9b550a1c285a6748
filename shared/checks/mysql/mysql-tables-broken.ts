import * as z from 'zod'
import { allOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps } from './account-steps.ts'
import { mysql } from './engine.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { quoteString } from './quote.ts'
import {
  type OpenedTableRow,
  OpenedTableRows,
  namesIn,
  overDatabases,
  seenIn,
  tableQueries,
} from './table-facts.ts'
import { tableSteps as steps } from './table-steps.ts'

const texts = {
  TABLE_BROKEN: {
    en: '{tables} tables of {database} cannot be opened, {table} first: a dump stops there (1030, 126), and a physical backup ends well without their rows.',
    zh: '{database} 中有 {tables} 张表无法打开，首个为 {table}：逻辑备份会在此停止（1030、126），物理备份会成功但缺少其数据。',
  },
  ENGINE_MISSING: {
    en: '{tables} tables of {database} are of an engine that the server does not have, {table} first: a dump stops there (1286), and what was copied of them cannot be read or replayed elsewhere.',
    zh: '{database} 中有 {tables} 张表使用了服务器没有的存储引擎，首个为 {table}：逻辑备份会在此停止（1286），已复制的内容在其他服务器上无法读取或重放。',
  },
  VIEW_INVALID: {
    en: '{views} views of {database} read what is not there any more, {table} first: every dump stops there (1356).',
    zh: '{database} 中有 {views} 个视图引用了不存在的对象，首个为 {table}：所有逻辑备份都会在此停止（1356）。',
  },
  OPENING_UNKNOWN: {
    en: 'It is unknown whether the tables of {database} can be opened.',
    zh: '无法判定 {database} 中的表能否打开。',
  },
  TABLES_UNSEEN: {
    en: 'Whether all tables can be opened is unknown: the login of the precheck does not see all of them, or there are too many to open in time.',
    zh: '无法判定所有表能否打开：预检账号看不到全部表，或表太多而无法按时打开。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ openedTables: OpenedTableRows })

const verify = (database: string, table: string) => ({
  language: mysqlClient.name,
  query: `SELECT table_rows, table_comment FROM information_schema.TABLES WHERE table_schema = ${quoteString(database)} AND table_name = ${quoteString(table)};`,
})

const onDatabase = (database: string) => ({ type: 'database', name: database }) as const

const onTables = (database: string, broken: number, table: string): Draft => ({
  code: 'TABLE_BROKEN',
  params: { database, tables: broken, table },
  object: onDatabase(database),
  observed: { broken },
  expected: { broken: 0 },
  blocks: ['full', 'incremental', 'restore'],
  remediation: {
    steps: [
      steps.checkTable({ database, table }),
      steps.restoreTable({ table }),
      steps.repairTable({ database, table }),
      steps.repairAnew({ database, table }),
    ],
    verify: verify(database, table),
    changes: { broken: 0 },
  },
})

const onEngines = (database: string, without_engine: number, table: string): Draft => ({
  code: 'ENGINE_MISSING',
  params: { database, tables: without_engine, table },
  object: onDatabase(database),
  observed: { without_engine },
  expected: { without_engine: 0 },
  blocks: ['full', 'incremental', 'restore'],
  degrades: ['log'],
  remediation: {
    steps: [steps.checkTable({ database, table }), steps.installEngine({})],
    verify: verify(database, table),
    changes: { without_engine: 0 },
  },
})

const onViews = (database: string, invalid_views: number, table: string): Draft => ({
  code: 'VIEW_INVALID',
  params: { database, views: invalid_views, table },
  object: onDatabase(database),
  observed: { invalid_views },
  expected: { invalid_views: 0 },
  blocks: ['full'],
  remediation: {
    steps: [
      steps.showView({ database, table }),
      steps.recreateView({ table }),
      steps.dropView({ database, table }),
    ],
    verify: verify(database, table),
    changes: { invalid_views: 0 },
  },
})

const judgeDatabase = (database: string, row: OpenedTableRow): Draft[] => {
  const { broken, without_engine, invalid_views } = row
  if (broken === null || without_engine === null || invalid_views === null) {
    const about = {
      object: onDatabase(database),
      observed: { broken, without_engine, invalid_views },
      expected: {},
    }
    return [{ ...about, code: 'OPENING_UNKNOWN', params: { database }, obscures: [...allOperations] }]
  }
  return [
    ...(broken > 0 ? [onTables(database, broken, row.first_broken ?? 'NULL')] : []),
    ...(without_engine > 0 ? [onEngines(database, without_engine, row.first_without_engine ?? 'NULL')] : []),
    ...(invalid_views > 0 ? [onViews(database, invalid_views, row.first_invalid_view ?? 'NULL')] : []),
  ]
}

const unseen = (rows: z.output<typeof OpenedTableRows>, context: CheckContext): Draft =>
  onInstance(context, {
    code: 'TABLES_UNSEEN',
    observed: seenIn(rows),
    expected: { sees_all: 1 },
    obscures: [...allOperations],
    remediation: grant(['SELECT', 'SHOW DATABASES'], context),
  })

/**
 * Verifies that every table and view can be opened, which the server does for it: no row is read. Damage inside a table
 * shows when it is read alone.
 */
export default defineCheck(mysql, {
  id: 'MYSQL_TABLES_BROKEN',
  set: 'deep',
  title: { en: 'All tables and views can be opened', zh: '损坏检查：所有表和视图均可打开' },
  failureTitle: {
    en: 'Tables or views cannot be opened, or it is unknown whether they can',
    zh: '损坏检查：有表或视图无法打开，或无法判定',
  },
  description: {
    en: 'Has the server open every table and view, without reading rows. With one that it cannot open, a dump stops, and a physical backup ends well without its rows. Where there are many tables this takes long.',
    zh: '让服务器打开每个表和视图（不读取数据行）。如有无法打开的，逻辑备份会停止，物理备份会成功但缺少其数据。表很多时耗时较长。',
  },
  affects: () => allOperations,
  texts,
  blindSpots: [
    {
      en: 'A table of MariaDB that lost its definition (.frm) is not listed any more: all tools end well without it.',
      zh: 'MariaDB 中丢失定义文件（.frm）的表不再列出：所有工具都会成功，但不包含该表。',
    },
    {
      en: 'A discarded tablespace, and damage inside a table, show when its rows are read alone (CHECK TABLE).',
      zh: '被丢弃的表空间以及表内部的损坏，只有在读取数据行时才会显示（CHECK TABLE）。',
    },
  ],
  privileges: ['SELECT', 'SHOW DATABASES'],
  fixes: [
    steps.checkTable,
    steps.dropView,
    accountSteps.grantToLogin,
    steps.installEngine,
    steps.recreateView,
    steps.repairAnew,
    steps.repairTable,
    steps.restoreTable,
    steps.showView,
  ],
  documents: [
    'https://mariadb.com/kb/en/information-schema-tables-table/',
    'https://mariadb.com/kb/en/check-table/',
    'https://mariadb.com/kb/en/repair-table/',
    'https://dev.mysql.com/doc/refman/8.4/en/information-schema-tables-table.html',
  ],
  queries: { openedTables: tableQueries.openedTables },
  facts,
  evaluate: ({ openedTables }, context) => ({
    findings: overDatabases(openedTables, judgeDatabase, unseen(openedTables, context)),
    databases: namesIn(openedTables),
    observed: seenIn(openedTables),
  }),
})
