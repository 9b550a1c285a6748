import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import { orUnknown, rows } from '../framework/answer.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { onDatabase } from './database-finding.ts'
import {
  DatabaseFacts,
  type DatabaseRow,
  considered,
  databasePrivileges,
  databaseQueries,
  exclusionTexts,
  observedOf,
} from './databases.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { rowsBy } from './rows-by.ts'
import { sqlServerSteps } from './steps.ts'
import { suspectPageSteps as steps } from './suspect-page-steps.ts'

/** The table takes so many rows; after that no error is recorded ("suspect_pages"). */
const mostRows = 1000

const queries = {
  ...databaseQueries,
  /** An event of a type that no manual names is no repair. */
  suspectPages: {
    sql: `SELECT d.database_id, COALESCE(s.open_pages, 0) AS open_pages,
  COALESCE(s.repaired_pages, 0) AS repaired_pages,
  (SELECT COUNT(*) FROM msdb.dbo.suspect_pages) AS recorded_pages
FROM sys.databases AS d
LEFT JOIN (SELECT p.database_id, SUM(CASE WHEN p.event_type IN (4, 5, 7) THEN 0 ELSE 1 END) AS open_pages,
    SUM(CASE WHEN p.event_type IN (4, 5, 7) THEN 1 ELSE 0 END) AS repaired_pages
  FROM msdb.dbo.suspect_pages AS p GROUP BY p.database_id) AS s ON s.database_id = d.database_id
ORDER BY d.database_id`,
  },
} as const

const Facts = DatabaseFacts.extend({
  suspectPages: rows({
    database_id: z.int(),
    open_pages: orUnknown(z.int()),
    repaired_pages: orUnknown(z.int()),
    recorded_pages: orUnknown(z.int()),
  }),
})
type Facts = z.output<typeof Facts>

const texts = {
  ...exclusionTexts,
  PAGES_SUSPECT: {
    en: '{pages} pages of {database} could not be read without errors: a backup with checksums fails on them, one without takes the damage along.',
    zh: '{database} 有 {pages} 个页读取出错：使用校验和的备份会因此失败，不使用校验和的备份会包含损坏的数据。',
  },
  PAGES_REPAIRED: {
    en: '{pages} pages of {database} could not be read once and were restored, repaired or deallocated since. Full backups of before may hold the damage.',
    zh: '{database} 曾有 {pages} 个页读取出错，现已还原、修复或释放。此前的全量备份可能包含损坏的数据。',
  },
  PAGES_UNKNOWN: {
    en: 'It is unknown whether pages of {database} could not be read: msdb does not say.',
    zh: '无法判定 {database} 是否有页读取出错：msdb 中没有相应记录。',
  },
  TABLE_FULL: {
    en: 'msdb.dbo.suspect_pages has {recorded} rows and takes no more than {limit}: errors since are not recorded.',
    zh: 'msdb.dbo.suspect_pages 已有 {recorded} 行，上限为 {limit} 行：此后的错误不再被记录。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** What reads every page, and what a damaged page ends up in. */
const affected: Operation[] = ['full', 'incremental', 'restore']

const pagesOf = rowsBy(({ database_id }: Facts['suspectPages'][number]) => database_id)

const judgeDatabase = (row: DatabaseRow, { suspectPages }: Facts): Draft[] => {
  const { name: database } = row
  const own = pagesOf(suspectPages, row.database_id)
  const [{ open_pages, repaired_pages } = { open_pages: null, repaired_pages: null }] = own
  if (own.length > 1 || open_pages === null || repaired_pages === null) {
    return [
      onDatabase(row, {
        code: 'PAGES_UNKNOWN',
        observed: { open_pages, repaired_pages },
        expected: { open_pages: 0 },
        obscures: affected,
      }),
    ]
  }
  if (open_pages !== 0) {
    return [
      onDatabase(row, {
        code: 'PAGES_SUSPECT',
        params: { pages: open_pages },
        observed: { open_pages },
        expected: { open_pages: 0 },
        degrades: affected,
        remediation: {
          steps: [
            steps.showPages({ database }),
            sqlServerSteps.checkDatabase({ database }),
            steps.forgetPages({ database }),
            steps.restorePages({}),
          ],
          verify: { language: tsql.name, query: steps.showPages({ database }).command ?? '' },
          changes: { open_pages: 0 },
        },
      }),
    ]
  }
  if (repaired_pages === 0) return []
  const params = { pages: repaired_pages }
  return [onDatabase(row, { code: 'PAGES_REPAIRED', params, observed: { repaired_pages } })]
}

const judgeTable = ({ suspectPages }: Facts, { target }: CheckContext): Draft[] => {
  const recorded = suspectPages.map(({ recorded_pages }) => recorded_pages)
  const most = Math.max(0, ...recorded.map((each) => each ?? mostRows))
  if (most < mostRows) return []
  return [
    {
      code: 'TABLE_FULL',
      params: { recorded: recorded.includes(null) ? 'NULL' : most, limit: mostRows },
      object: { type: 'instance', name: target.instanceId },
      observed: { recorded_pages: recorded.includes(null) ? null : most },
      expected: { recorded_pages: `fewer than ${mostRows}` },
      obscures: affected,
      remediation: {
        steps: [steps.forgetRepaired({})],
        verify: { language: tsql.name, query: 'SELECT COUNT(*) FROM msdb.dbo.suspect_pages;' },
        // Rows of pages that are still suspect stay.
        changes: {},
      },
    },
  ]
}

/**
 * Verifies that every page that was read could be read. Pages of this copy of a database count whatever its role: each
 * replica has disks of its own.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_SUSPECT_PAGES',
  set: 'standard',
  title: { en: 'No database has suspect pages', zh: '可疑页检查：没有数据库存在可疑页' },
  failureTitle: {
    en: 'Databases have suspect pages, or it is unknown whether they have',
    zh: '可疑页检查：有数据库存在可疑页，或无法判定',
  },
  description: {
    en: 'Checks whether the server could not read pages of a database without errors. Damage that a backup takes along comes back with a restore.',
    zh: '检查服务器是否记录了数据库页的读取错误。备份中包含的损坏数据会随还原一并恢复。',
  },
  affects: () => affected,
  texts,
  privileges: [...databasePrivileges, 'SELECT ON msdb.dbo.suspect_pages'],
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/system-tables/suspect-pages-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/manage-the-suspect-pages-table-sql-server',
  ],
  fixes: [
    sqlServerSteps.checkDatabase,
    steps.forgetPages,
    steps.forgetRepaired,
    steps.restorePages,
    steps.showPages,
  ],
  queries,
  facts: Facts,
  evaluate: (facts, context) => {
    const { databases, excluded } = considered(facts)
    return {
      findings: [...judgeTable(facts, context), ...databases.flatMap((row) => judgeDatabase(row, facts))],
      databases: databases.map(({ name }) => name),
      excluded,
      observed: observedOf(facts, databases),
    }
  },
})
