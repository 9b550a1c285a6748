import * as z from 'zod'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { partsOf } from './account-name.ts'
import { accountSteps } from './account-steps.ts'
import { type DefinerRow, DefinerRows, definerQueries, listPrograms, listViews } from './definer-facts.ts'
import { mysql } from './engine.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { quoteString } from './quote.ts'
import { namesIn, overDatabases, seenIn } from './table-facts.ts'
import { tableSteps } from './table-steps.ts'

const texts = {
  VIEWS_WITHOUT_DEFINER: {
    en: '{views} views of {database} are read with the rights of an account that does not exist ({account}, for one): a dump that locks tables stops there (1045, 1449), one with --single-transaction does not.',
    zh: '{database} 中有 {views} 个视图以不存在的账号（例如 {account}）的权限读取：会锁表的逻辑备份在此停止（1045、1449），使用 --single-transaction 的不会。',
  },
  PROGRAMS_WITHOUT_DEFINER: {
    en: '{programs} routines, triggers and events of {database} run as an account that does not exist ({account}, for one): they are restored, and whatever calls them fails (1449).',
    zh: '{database} 中有 {programs} 个存储过程、函数、触发器或事件以不存在的账号（例如 {account}）运行：它们会被恢复，但调用时失败（1449）。',
  },
  DEFINERS_UNKNOWN: {
    en: 'It is unknown whether the accounts exist as which views and programs of {database} run.',
    zh: '无法判定 {database} 中的视图和程序所使用的账号是否存在。',
  },
  DEFINERS_HIDDEN: {
    en: 'Whether the accounts exist as which views and programs run is unknown: the login of the precheck does not see all of them, or there are too many to look at in time.',
    zh: '无法判定视图和程序所使用的账号是否存在：预检账号看不到全部对象，或对象太多而无法按时查看。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const affected = ['full', 'restore'] as const

const facts = z.object({ definers: DefinerRows })

/** `list`: shows the objects, and that there are none any more. */
const createDefiner = (
  database: string,
  list: (database: string) => string,
  definer: string | null,
  changes: Remediation['changes'],
): Remediation => {
  const statement = list(quoteString(database))
  return {
    steps: [
      tableSteps.listWithoutDefiner({ database, statement }),
      ...(definer === null ? [] : [accountSteps.createDefiner({ account: definer, ...partsOf(definer) })]),
      accountSteps.giveDefinerRights({}),
    ],
    verify: { language: mysqlClient.name, query: statement },
    changes,
  }
}

const judgeDatabase = (database: string, row: DefinerRow): Draft[] => {
  const { views_without_definer, definer_of_view, programs_without_definer, definer_of_program } = row
  const object = { type: 'database', name: database } as const
  if (views_without_definer === null || programs_without_definer === null) {
    const observed = { views_without_definer, programs_without_definer }
    const about = { object, observed, expected: {}, params: { database } }
    return [{ ...about, code: 'DEFINERS_UNKNOWN', obscures: [...affected] }]
  }
  const views: Draft = {
    code: 'VIEWS_WITHOUT_DEFINER',
    params: { database, views: views_without_definer, account: definer_of_view ?? 'NULL' },
    object,
    observed: { views_without_definer, definer_of_view },
    expected: { views_without_definer: 0 },
    degrades: ['full'],
    remediation: createDefiner(database, listViews, definer_of_view, { views_without_definer: 0 }),
  }
  const programs: Draft = {
    code: 'PROGRAMS_WITHOUT_DEFINER',
    params: { database, programs: programs_without_definer, account: definer_of_program ?? 'NULL' },
    object,
    observed: { programs_without_definer, definer_of_program },
    expected: { programs_without_definer: 0 },
    degrades: ['restore'],
    remediation: createDefiner(database, listPrograms, definer_of_program, { programs_without_definer: 0 }),
  }
  return [...(views_without_definer > 0 ? [views] : []), ...(programs_without_definer > 0 ? [programs] : [])]
}

const hidden = (rows: z.output<typeof DefinerRows>, context: CheckContext): Draft =>
  onInstance(context, {
    code: 'DEFINERS_HIDDEN',
    observed: seenIn(rows),
    expected: { sees_all: 1 },
    obscures: [...affected],
    remediation: grant(['SELECT', 'SHOW DATABASES', 'TRIGGER', 'EVENT'], context),
  })

/** Verifies that the accounts exist with whose rights views, routines, triggers and events run. */
export default defineCheck(mysql, {
  id: 'MYSQL_DEFINERS',
  set: 'deep',
  title: { en: 'Views and programs have definers that exist', zh: '定义者检查：视图和程序的定义者均存在' },
  failureTitle: {
    en: 'Views or programs have definers that do not exist, or it is unknown whether they do',
    zh: '定义者检查：有视图或程序的定义者不存在，或无法判定',
  },
  description: {
    en: 'Checks that the accounts exist as which views, routines, triggers and events run (SQL SECURITY DEFINER). A dump that locks tables stops at a view without its definer; programs without theirs are restored and fail when they are called. Where there are many tables this takes long.',
    zh: '检查视图、存储程序、触发器和事件运行所用的账号（SQL SECURITY DEFINER）是否存在。会锁表的逻辑备份在缺少定义者的视图处停止；缺少定义者的程序会被恢复，但调用时失败。表很多时耗时较长。',
  },
  affects: () => affected,
  texts,
  blindSpots: [
    {
      en: 'Whether a definer that exists has the rights that its objects take shows when they are read or called alone.',
      zh: '定义者虽然存在，但其是否具有对象所需的权限，只有在读取或调用时才会显示。',
    },
  ],
  privileges: ['SELECT', 'SHOW DATABASES', 'TRIGGER', 'EVENT'],
  fixes: [
    accountSteps.createDefiner,
    accountSteps.giveDefinerRights,
    accountSteps.grantToLogin,
    tableSteps.listWithoutDefiner,
  ],
  documents: [
    'https://dev.mysql.com/doc/refman/8.4/en/stored-objects-security.html',
    'https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html',
    'https://mariadb.com/kb/en/information-schema-views-table/',
    'https://mariadb.com/kb/en/mariadb-dump/',
  ],
  queries: definerQueries,
  facts,
  evaluate: ({ definers }, context) => ({
    findings: overDatabases(definers, judgeDatabase, hidden(definers, context)),
    databases: namesIn(definers),
    observed: seenIn(definers),
  }),
})
