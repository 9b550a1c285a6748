import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { isClosed, keepOpen } from './auto-close.ts'
import { isInGrace } from './backup-history.ts'
import { onDatabase } from './database-finding.ts'
import { type DatabaseRow } from './databases.ts'
import { sqlserver } from './engine.ts'
import { ownTexts, overOwnDatabases } from './own-databases.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { recoveryModelSteps } from './recovery-model-steps.ts'
import { rowsBy } from './rows-by.ts'
import { type ConditionFacts as Facts, asksConditions } from './conditions.ts'
import { sqlServerSteps as steps } from './steps.ts'

const texts = {
  ...ownTexts,
  CHECK_OLD: {
    en: 'The last DBCC CHECKDB of {database} that found no errors is {days} days old; the policy allows {limit}. Damage since then may be in every backup.',
    zh: '{database} 最近一次未发现错误的 DBCC CHECKDB 距今 {days} 天，策略允许 {limit} 天。此后的损坏可能已包含在每个备份中。',
  },
  NEVER_CHECKED: {
    en: 'DBCC CHECKDB never ran on {database}, or always found errors: damage may be in every backup.',
    zh: '{database} 从未执行过 DBCC CHECKDB，或每次都发现错误：每个备份都可能包含损坏的数据。',
  },
  NEW_DATABASE: {
    en: '{database} is new, and may be without a DBCC CHECKDB for now.',
    zh: '{database} 是新建数据库，暂时可以未执行 DBCC CHECKDB。',
  },
  READ_ONLY: {
    en: '{database} is read-only: a DBCC CHECKDB of it is not recorded.',
    zh: '{database} 为只读数据库：对其执行的 DBCC CHECKDB 不会被记录。',
  },
  CHECK_UNKNOWN: {
    en: 'It is unknown when DBCC CHECKDB last found no errors in {database}.',
    zh: '无法判定 {database} 最近一次未发现错误的 DBCC CHECKDB 是何时执行的。',
  },
  CLOSED_AUTOMATICALLY: {
    en: 'AUTO_CLOSE closed {database}, and the precheck does not open it: when DBCC CHECKDB last found no errors in it is unknown until it is open.',
    zh: '{database} 已被 AUTO_CLOSE 关闭，预检不会将其打开：在其打开之前，无法判定最近一次未发现错误的 DBCC CHECKDB 是何时执行的。',
  },
  CHECKS_NOT_SHOWN: {
    en: 'The server does not show when DBCC CHECKDB last ran: SQL Server 2016 SP2, 2017 CU9 and later do.',
    zh: '服务器不显示最近一次执行 DBCC CHECKDB 的时间：SQL Server 2016 SP2、2017 CU9 及更高版本才显示。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const minutesOfDay = 24 * 60

const statesOf = rowsBy(({ database_id }: Facts['conditions'][number]) => database_id)

const remediationOf = (database: string): Remediation => ({
  steps: [steps.checkDatabase({ database })],
  verify: {
    language: tsql.name,
    query: `SELECT DATABASEPROPERTYEX(${quoteString(database)}, 'LastGoodCheckDbTime');`,
  },
  changes: { was_checked: true, last_check_minutes: 0 },
})

/** No database of the server has a time: its version has none. */
const isShown = ({ conditions }: Facts): boolean => conditions.some(({ was_checked }) => was_checked !== null)

const judgeDatabase = (row: DatabaseRow, facts: Facts, context: CheckContext): Draft[] => {
  if (row.is_read_only === true) return [onDatabase(row, { code: 'READ_ONLY' })]
  if (!isShown(facts)) return []
  const own = statesOf(facts.conditions, row.database_id)
  const state = own.length === 1 ? own[0] : undefined
  const limit = context.thresholdsFor(row.name).consistencyCheckMaxAgeDays
  const { was_checked = null, last_check_minutes: age = null } = state ?? {}
  const about = {
    observed: { was_checked, last_check_minutes: age },
    expected: { last_check_minutes: `at most ${limit * minutesOfDay}` },
  }
  if (was_checked === false) {
    const isNew = state !== undefined && isInGrace(row, state, context)
    return isNew
      ? [onDatabase(row, { ...about, code: 'NEW_DATABASE' })]
      : [
          onDatabase(row, {
            ...about,
            code: 'NEVER_CHECKED',
            degrades: ['restore'],
            remediation: remediationOf(row.name),
          }),
        ]
  }
  if (was_checked === null || age === null || age < 0) {
    return [
      isClosed(row)
        ? onDatabase(row, {
            ...about,
            code: 'CLOSED_AUTOMATICALLY',
            obscures: ['restore'],
            ...keepOpen(row, facts),
          })
        : onDatabase(row, { ...about, code: 'CHECK_UNKNOWN', obscures: ['restore'] }),
    ]
  }
  if (age <= limit * minutesOfDay) return []
  return [
    onDatabase(row, {
      ...about,
      code: 'CHECK_OLD',
      params: { days: Math.floor(age / minutesOfDay), limit },
      degrades: ['restore'],
      remediation: remediationOf(row.name),
    }),
  ]
}

const judgeServer = (facts: Facts, { target }: CheckContext): Draft[] =>
  isShown(facts)
    ? []
    : [
        {
          code: 'CHECKS_NOT_SHOWN',
          object: { type: 'instance', name: target.instanceId },
          observed: { product_version: facts.server.product_version },
          expected: { product_version: 'at least 13.0.5026' },
          obscures: ['restore'],
        },
      ]

/**
 * Verifies that DBCC CHECKDB found no errors in every database lately. Of a database in an availability group the
 * server tells of the check on the primary, where it is judged.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_LAST_CHECKDB',
  set: 'standard',
  title: {
    en: 'Every database was checked for damage lately',
    zh: '一致性检查：每个数据库近期执行过 DBCC CHECKDB',
  },
  failureTitle: {
    en: 'Databases were not checked for damage lately, or it is unknown whether they were',
    zh: '一致性检查：有数据库近期未执行 DBCC CHECKDB，或无法判定',
  },
  description: {
    en: 'Checks when DBCC CHECKDB last found no errors in every database. Damage that nobody notices goes into the backups until no sound one is left.',
    zh: '检查每个数据库最近一次未发现错误的 DBCC CHECKDB 的时间。未被发现的损坏会进入备份，直到没有完好的备份。',
  },
  affects: () => ['restore'],
  texts,
  documents: [
    'https://learn.microsoft.com/sql/t-sql/functions/databasepropertyex-transact-sql',
    'https://learn.microsoft.com/sql/t-sql/database-console-commands/dbcc-checkdb-transact-sql',
  ],
  fixes: [steps.checkDatabase, recoveryModelSteps.closeNoMore],
  ...asksConditions,
  evaluate: (facts, context) => {
    const evaluation = overOwnDatabases(facts, (row) => judgeDatabase(row, facts, context))
    return { ...evaluation, findings: [...judgeServer(facts, context), ...evaluation.findings] }
  },
})
