import { allOperations, backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { overSeenDatabases } from './coverage.ts'
import { onDatabase } from './database-finding.ts'
import { type DatabaseFacts, type DatabaseRow, asksDatabases, exclusionTexts, stateOf } from './databases.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { openDatabase } from './recovery-model-remediations.ts'
import { recoveryModelSteps } from './recovery-model-steps.ts'
import { roleOf } from './role.ts'
import { contentsOf } from './roles.ts'
import { rowsBy } from './rows-by.ts'
import { sqlServerSteps } from './steps.ts'

const texts = {
  ...exclusionTexts,
  BLANK_AT_THE_END: {
    en: 'The name "{database}" begins or ends with a blank, which is lost where a backup tool compares names, makes a file name of it or lists it through VSS: the database may be left out, or not be found for a restore.',
    zh: '名称“{database}”以空格开头或结尾。备份工具比较名称、用其生成文件名或通过 VSS 列出时空格会丢失：该数据库可能被漏掉，或在恢复时找不到。',
  },
  NO_FILE_NAME: {
    en: 'The name "{database}" cannot be the name of a file on Windows ({characters}): tools that name backups or restored files after the database may fail.',
    zh: '名称“{database}”不能作为 Windows 文件名（{characters}）：以数据库名命名备份或还原文件的工具可能失败。',
  },
  SAME_BUT_FOR_CASE: {
    en: 'The names "{database}" and "{other}" differ only in case: on a server or in a tool that does not tell them apart, one takes the place of the other.',
    zh: '名称“{database}”与“{other}”仅大小写不同：在不区分大小写的服务器或工具中，其中一个会取代另一个。',
  },
  AUTO_CLOSE_ON: {
    en: 'AUTO_CLOSE is on: {database} is closed once nobody uses it, and every backup has to open it first. That it does not open, for a file that is not there say, shows in no state before that.',
    zh: '{database} 启用了 AUTO_CLOSE：无人使用时数据库会关闭，每次备份都须先将其打开。如果（例如因文件缺失）无法打开，在此之前不会从任何状态中看出。',
  },
  AUTO_CLOSE_UNKNOWN: {
    en: 'It is unknown whether AUTO_CLOSE is on for {database}: if it is, every backup has to open the database first.',
    zh: '无法判定 {database} 是否启用了 AUTO_CLOSE（启用时每次备份都须先打开数据库）。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** What the name of a file on Windows may not hold, or end with ("Naming Files, Paths, and Namespaces"). */
const unfit = /[\\/:*?"<>|\p{Cc}]|\.$/gu

const rename = ({ database_id }: DatabaseRow): Remediation => ({
  steps: [sqlServerSteps.rename({})],
  verify: {
    language: tsql.name,
    query: `SELECT name FROM sys.databases WHERE database_id = ${database_id};`,
  },
  // How it is to be called is for its owner to decide.
  changes: {},
})

const charactersOf = (name: string): string =>
  [...new Set(name.match(unfit))].map((each) => JSON.stringify(each)).join(' ')

const judgeName = (row: DatabaseRow): Draft[] => {
  const { name } = row
  const about = {
    observed: { name },
    expected: { name: 'another' },
    degrades: [...allOperations],
    remediation: rename(row),
  }
  const characters = charactersOf(name)
  return [
    ...(name.trim() === name ? [] : [onDatabase(row, { ...about, code: 'BLANK_AT_THE_END' })]),
    ...(characters === ''
      ? []
      : [onDatabase(row, { ...about, code: 'NO_FILE_NAME', params: { characters } })]),
  ]
}

const folded = (name: string): string => name.toLowerCase()

const byFolded = rowsBy(({ name }: DatabaseRow) => folded(name))

const judgeCase = (row: DatabaseRow, { databases }: DatabaseFacts): Draft[] => {
  const twin = byFolded(databases, folded(row.name)).find(({ name }) => name !== row.name)
  if (twin === undefined) return []
  const { name: other } = twin
  return [
    onDatabase(row, {
      code: 'SAME_BUT_FOR_CASE',
      params: { other },
      observed: { name: row.name, other },
      expected: { name: 'another' },
      degrades: ['restore'],
      remediation: rename(row),
    }),
  ]
}

const judgeAutoClose = (row: DatabaseRow, facts: DatabaseFacts): Draft[] => {
  const isOwn = stateOf(row) === 'ONLINE' && contentsOf(roleOf(row, facts)) === 'own'
  const { is_auto_close_on } = row
  if (!isOwn || is_auto_close_on === false) return []
  const about = { observed: { is_auto_close_on }, expected: { is_auto_close_on: false } }
  if (is_auto_close_on === null) {
    return [onDatabase(row, { ...about, code: 'AUTO_CLOSE_UNKNOWN', obscures: [...backupOperations] })]
  }
  const remediation = openDatabase(row.name)
  return [onDatabase(row, { ...about, code: 'AUTO_CLOSE_ON', degrades: [...backupOperations], remediation })]
}

/**
 * Verifies that databases are set up so that backup tools find and reach them: that their names survive what tools do
 * with them, and that they stay open. The server itself takes any name that is not empty, and opens what AUTO_CLOSE
 * closed for whoever comes, which is why this never blocks.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_DATABASE_NAMES',
  set: 'standard',
  title: {
    en: 'Names of databases are safe for backup tools, and databases stay open',
    zh: '数据库名称检查：名称适用于备份工具，数据库保持打开',
  },
  failureTitle: {
    en: 'Some names of databases are unsafe for backup tools, or databases close by themselves',
    zh: '数据库名称检查：有名称可能不适用于备份工具，或有数据库会自动关闭',
  },
  description: {
    en: 'Checks names of databases for blanks at their ends, characters that no file name may hold, and names that differ only in case, and whether AUTO_CLOSE is on. Backup tools may leave such databases out or mix them up.',
    zh: '检查数据库名称首尾是否有空格、是否包含文件名不允许的字符、是否仅大小写不同，以及是否启用了 AUTO_CLOSE。备份工具可能漏掉或混淆此类数据库。',
  },
  affects: () => allOperations,
  texts,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/databases/database-identifiers',
    'https://learn.microsoft.com/windows/win32/fileio/naming-a-file',
    'https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support',
    'https://learn.microsoft.com/sql/t-sql/statements/alter-database-transact-sql-set-options',
  ],
  fixes: [recoveryModelSteps.closeNoMore, sqlServerSteps.rename],
  ...asksDatabases,
  evaluate: (facts) =>
    overSeenDatabases(facts, (row) => [
      ...judgeName(row),
      ...judgeCase(row, facts),
      ...judgeAutoClose(row, facts),
    ]),
})
