import type { Text } from '../../model/message.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import type { DatabaseFact, PluggableRow } from './facts.ts'
import { databaseSteps as steps } from './database-steps.ts'
import { beyondBackup } from './effects.ts'
import { sqlplus } from './languages.ts'

/** Texts of what keeps the item from seeing every pluggable database. */
export const coverageTexts = {
  COVERAGE_LIMITED: {
    en: 'The login cannot see all pluggable databases. Those that it cannot see were not checked.',
    zh: '该登录账号无法查看所有可插拔数据库，看不到的数据库未检查。',
  },
  PDB_MISSING: {
    en: 'The required pluggable database {database} does not exist.',
    zh: '必需的可插拔数据库 {database} 不存在。',
  },
  PDB_UNSEEN: {
    en: 'The login cannot see the required pluggable database {database}; whether it exists is unknown.',
    zh: '该登录账号看不到必需的可插拔数据库 {database}，无法确定其是否存在。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof coverageTexts>

/** `CON_ID` of the root of a container database, and of the template in it ("CON_ID", Oracle Database Reference). */
export const rootId = 1
const seedId = 2

/** The template that every container database has, and that never changes. */
export const isSeed = ({ con_id }: PluggableRow): boolean => con_id === seedId

/**
 * Who does not see the seed, or is connected inside a pluggable database or an application root, does not see every
 * pluggable database ("CONTAINER_DATA", Oracle Multitenant guide).
 */
export const seesAll = ({ cdb, con_id }: DatabaseFact, pluggables: readonly PluggableRow[]): boolean =>
  cdb === 'NO' || (cdb === 'YES' && con_id === rootId && pluggables.some(isSeed))

const verifyPluggables: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT con_id, name, open_mode FROM v$pdbs;',
}

const limited = (
  { name, con_id }: DatabaseFact,
  pluggables: readonly PluggableRow[],
  { target }: CheckContext,
): Draft => ({
  code: 'COVERAGE_LIMITED',
  object: { type: 'instance', name },
  observed: { con_id, pluggable_databases: pluggables.length },
  expected: { con_id: rootId },
  obscures: [...allOperations],
  remediation: {
    steps: [
      // A login to the root is one of a common user; any other may be one of a user that the root does not have.
      con_id === rootId
        ? steps.seeAllPluggables({ login: target.definition.connection.credential.username })
        : steps.registerWithCommonUser({}),
    ],
    verify: verifyPluggables,
    changes: {},
  },
})

/** Oracle folds a name to upper case unless it stands in double quotes ("Database Object Names", SQL Language Reference). */
export const fold = (name: string): string => /^"(.+)"$/.exec(name)?.[1] ?? name.toUpperCase()

const requiredBy = ({ target }: CheckContext): readonly string[] => target.definition.requiredDatabases ?? []

/** True if the registration requires that database. */
export const isRequired = (name: string, context: CheckContext): boolean =>
  requiredBy(context).some((required) => fold(required) === name)

const unseen = (name: string, isAllSeen: boolean, context: CheckContext): Draft => ({
  code: isAllSeen ? 'PDB_MISSING' : 'PDB_UNSEEN',
  params: { database: name },
  object: { type: 'pluggable-database', name },
  observed: { seen: false },
  expected: { seen: true },
  ...(isAllSeen ? beyondBackup(context) : { obscures: [...allOperations] }),
  remediation: {
    steps: [isAllSeen ? steps.plugInOrForget({}) : steps.registerWithCommonUser({})],
    verify: verifyPluggables,
    changes: {},
  },
})

/** Findings on what the item could not see: never a pass over databases that nobody looked at. */
export const coverageFindings = (
  database: DatabaseFact,
  pluggables: readonly PluggableRow[],
  context: CheckContext,
): Draft[] => {
  const isAllSeen = seesAll(database, pluggables)
  const seen = new Set([database, ...pluggables].map(({ name }) => name))
  return [
    ...(isAllSeen ? [] : [limited(database, pluggables, context)]),
    ...requiredBy(context)
      .map(fold)
      .filter((name) => !seen.has(name))
      .map((name) => unseen(name, isAllSeen, context)),
  ]
}
