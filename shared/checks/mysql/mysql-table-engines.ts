import * as z from 'zod'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps } from './account-steps.ts'
import { mysql } from './engine.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { quoteString } from './quote.ts'
import {
  type TableRow,
  TableRows,
  maxDatabases,
  namesIn,
  overDatabases,
  seenIn,
  tableQueries,
} from './table-facts.ts'
import { tableSteps as steps } from './table-steps.ts'

const texts = {
  NOT_TRANSACTIONAL: {
    en: '{tables} tables of {database} are not of InnoDB: a dump with --single-transaction holds them as of another moment than the others.',
    zh: '{database} 中有 {tables} 张表不是 InnoDB：使用 --single-transaction 导出时，这些表与其他表不在同一时间点。',
  },
  WITHOUT_ROWS: {
    en: '{tables} tables of {database} keep their rows in memory or elsewhere: a physical backup has none of them.',
    zh: '{database} 中有 {tables} 张表的数据在内存或其他位置：物理备份中没有这些数据。',
  },
  VERSIONED: {
    en: '{tables} tables of {database} are versioned: a dump has their present rows and not their history.',
    zh: '{database} 中有 {tables} 张系统版本表：逻辑备份只有当前数据，没有历史数据。',
  },
  ENGINES_UNKNOWN: {
    en: 'It is unknown of which engines the tables of {database} are.',
    zh: '无法判定 {database} 中的表使用的存储引擎。',
  },
  TABLES_HIDDEN: {
    en: 'Which tables there are is unknown: without SELECT on all databases, the server leaves out what the login of the precheck may not read. More than {most} databases are not read either.',
    zh: '无法判定有哪些表：没有所有数据库的 SELECT 权限时，服务器不显示预检账号无权读取的表。超过 {most} 个数据库时也不会全部读取。',
  },
} as const
/** What tables may be a risk to, by their engines. */
const affected = ['full', 'incremental', 'restore'] as const

type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const facts = z.object({ tables: TableRows })

const onDatabase = (name: string, draft: Omit<Draft, 'object'>): Draft => ({
  ...draft,
  params: { database: name, ...draft.params },
  object: { type: 'database', name },
})

const verify = (database: string) => ({
  language: mysqlClient.name,
  query: `SELECT table_name, engine FROM information_schema.TABLES WHERE table_schema = ${quoteString(database)} AND engine <> 'InnoDB';`,
})

const convert = (
  database: string,
  changes: NonNullable<Draft['remediation']>['changes'],
): NonNullable<Draft['remediation']> => ({
  steps: [steps.listConversions({ database }), steps.convert({})],
  verify: verify(database),
  changes,
})

const judgeDatabase = (name: string, row: TableRow): Draft[] => {
  const { not_transactional, without_rows, versioned } = row
  if (not_transactional === null || without_rows === null || versioned === null) {
    const observed = { not_transactional, without_rows, versioned }
    return [onDatabase(name, { code: 'ENGINES_UNKNOWN', observed, expected: {}, obscures: [...affected] })]
  }
  const mixed = onDatabase(name, {
    code: 'NOT_TRANSACTIONAL',
    params: { tables: not_transactional },
    observed: { not_transactional },
    expected: { not_transactional: 0 },
    degrades: ['full'],
    remediation: convert(name, { not_transactional: 0 }),
  })
  const empty = onDatabase(name, {
    code: 'WITHOUT_ROWS',
    params: { tables: without_rows },
    observed: { without_rows },
    expected: { without_rows: 0 },
    degrades: ['full', 'incremental', 'restore'],
    remediation: convert(name, { without_rows: 0 }),
  })
  const history = onDatabase(name, {
    code: 'VERSIONED',
    params: { tables: versioned },
    observed: { versioned },
    expected: {},
    degrades: ['full', 'restore'],
    remediation: { steps: [steps.useDumpHistory({})], verify: null, changes: {} },
  })
  return [
    ...(not_transactional > 0 ? [mixed] : []),
    ...(without_rows > 0 ? [empty] : []),
    ...(versioned > 0 ? [history] : []),
  ]
}

const hidden = (rows: z.output<typeof TableRows>, context: CheckContext): Draft =>
  onInstance(context, {
    code: 'TABLES_HIDDEN',
    params: { most: maxDatabases },
    observed: seenIn(rows),
    expected: { sees_all: 1 },
    obscures: [...affected],
    remediation: grant(['SELECT', 'SHOW DATABASES'], context),
  })

/** Verifies that tables are of an engine whose rows every kind of backup holds as of one moment. */
export default defineCheck(mysql, {
  id: 'MYSQL_TABLE_ENGINES',
  set: 'standard',
  title: { en: 'All tables are of InnoDB', zh: '存储引擎检查：所有表均为 InnoDB' },
  failureTitle: {
    en: 'Some tables are not of InnoDB, or it is unknown whether they are',
    zh: '存储引擎检查：有表不是 InnoDB，或无法判定',
  },
  description: {
    en: 'Checks the engines of the tables of every database. What is not of InnoDB is not of the same moment as the rest in a dump, or not in a physical backup at all.',
    zh: '检查每个数据库中各表的存储引擎。不是 InnoDB 的表在逻辑备份中与其余表不在同一时间点，或者不在物理备份中。',
  },
  affects: () => affected,
  texts,
  privileges: ['SELECT', 'SHOW DATABASES'],
  fixes: [steps.convert, accountSteps.grantToLogin, steps.listConversions, steps.useDumpHistory],
  documents: [
    'https://mariadb.com/kb/en/information-schema-tables-table/',
    'https://mariadb.com/kb/en/mariadb-dump/',
    'https://mariadb.com/kb/en/mariabackup-overview/',
    'https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html',
  ],
  queries: { tables: tableQueries.tables },
  facts,
  evaluate: ({ tables }, context) => ({
    findings: overDatabases(tables, judgeDatabase, hidden(tables, context)),
    databases: namesIn(tables),
    observed: seenIn(tables),
  }),
})
