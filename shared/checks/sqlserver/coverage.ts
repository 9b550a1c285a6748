import { allOperations } from '../../model/operation.ts'
import type { CheckContext, Evaluation, FindingDraft } from '../framework/define-check.ts'
import { namesUnder } from './collation.ts'
import {
  type DatabaseFacts,
  type DatabaseRow,
  considered,
  exclusionTexts,
  isSystemDatabase,
  observedOf,
} from './databases.ts'
import { tsql } from './languages.ts'
import { grant, restoreOrForget } from './remediations.ts'
import { rowsBy } from './rows-by.ts'

/** Texts of what keeps an item from seeing the whole instance, and of what it leaves out. */
export const coverageTexts = {
  ...exclusionTexts,
  COVERAGE_LIMITED: {
    en: 'The login sees {seen} databases and possibly not all: it does not have VIEW ANY DATABASE. Databases that it cannot see were not checked.',
    zh: '该登录账号只能看到 {seen} 个数据库，可能并非全部：缺少 VIEW ANY DATABASE 权限。看不到的数据库未检查。',
  },
  NOT_ON_ECS: {
    en: 'The server is a managed service (EngineEdition {edition}), not SQL Server on a host: other rules apply to its backups.',
    zh: '该服务器是托管服务（EngineEdition {edition}），而非部署在主机上的 SQL Server，其备份规则不同。',
  },
  NAMES_ALIKE: {
    en: 'The server shows {count} databases as {database} (database_id {ids}): what is found of one cannot be told from what is found of the others.',
    zh: '服务器将 {count} 个数据库都显示为 {database}（database_id {ids}）：无法区分检查结果属于哪一个。',
  },
  REQUIRED_DATABASE_MISSING: {
    en: 'The required database {database} does not exist on the instance, or the login cannot see it.',
    zh: '实例上没有必需的数据库 {database}，或该登录账号看不到它。',
  },
} as const
type Code = keyof typeof coverageTexts
type Draft = FindingDraft<Code>

/** EngineEdition of servers on a host: 1 to 4 (SERVERPROPERTY in the Transact-SQL reference); the others are Azure services. */
const hostedEditions = { first: 1, last: 4 } as const

/** Whether the server is one on a host, and no managed service. */
export const isHosted = ({ engine_edition }: DatabaseFacts['server']): boolean =>
  engine_edition >= hostedEditions.first && engine_edition <= hostedEditions.last

const missingDatabases = (facts: DatabaseFacts, { target }: CheckContext): Draft[] => {
  const required = target.definition.requiredDatabases ?? []
  const { collation, view_any_database } = facts.server
  const isSame = namesUnder(collation)
  // Missing, hidden from this login, or under a name that the collation of the server takes for the same.
  const isCertain = view_any_database === true && collation !== null
  return required
    .filter((wanted) => !facts.databases.some(({ name }) => isSame(name, wanted)))
    .map((name) => ({
      code: 'REQUIRED_DATABASE_MISSING',
      params: { database: name },
      object: { type: 'database', name },
      observed: { exists: false },
      expected: { exists: true },
      [isCertain ? 'blocks' : 'obscures']: [...allOperations],
      remediation: restoreOrForget(name),
    }))
}

const rowsNamed = rowsBy(({ name }: DatabaseRow) => name)

/** Databases that share a name, and so a row: where names come out as "???", say. Nobody may take one for the other. */
const namesAlike = ({ databases }: Pick<DatabaseFacts, 'databases'>): Draft[] => {
  const names = new Set(databases.map(({ name }) => name))
  return [...names].flatMap((name) => {
    const rows = rowsNamed(databases, name)
    if (rows.length === 1) return []
    const ids = rows.map(({ database_id }) => database_id).join(', ')
    return {
      code: 'NAMES_ALIKE',
      params: { database: name, count: rows.length, ids },
      object: { type: 'database', name },
      observed: { database_ids: ids },
      expected: { database_ids: 'one' },
      obscures: [...allOperations],
    }
  })
}

/** Findings on what the item could not see: never a pass over databases that nobody looked at. */
const coverageFindings = (facts: DatabaseFacts, context: CheckContext): Draft[] => {
  const { target } = context
  const instance = { type: 'instance', name: target.instanceId } as const
  const { engine_edition, view_any_database } = facts.server
  const findings: Draft[] = []
  if (!isHosted(facts.server)) {
    findings.push({
      code: 'NOT_ON_ECS',
      params: { edition: engine_edition },
      object: instance,
      observed: { engine_edition },
      expected: { engine_edition: '1 to 4' },
      obscures: [...allOperations],
    })
  }
  if (view_any_database !== true) {
    findings.push({
      code: 'COVERAGE_LIMITED',
      params: { seen: facts.databases.length },
      object: instance,
      observed: { view_any_database },
      expected: { view_any_database: true },
      obscures: [...allOperations],
      remediation: {
        steps: grant('VIEW ANY DATABASE', target),
        verify: {
          language: tsql.name,
          query: "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE');",
        },
        changes: { view_any_database: true },
      },
    })
  }
  return [...findings, ...namesAlike(facts), ...missingDatabases(facts, context)]
}

/** What every item says of the databases that it judges, beside its findings. */
const judgedOf = (facts: DatabaseFacts, databases: readonly DatabaseRow[]) => ({
  databases: databases.map(({ name }) => name),
  offline: databases.filter((row) => row.state_desc === 'OFFLINE').map(({ name }) => name),
  observed: observedOf(facts, databases),
})

/** What an item concludes over all databases of a server that it can judge, `judge` being its rule for them. */
export const overDatabases = <RuleCode extends string>(
  facts: DatabaseFacts,
  context: CheckContext,
  judge: (databases: readonly DatabaseRow[]) => readonly FindingDraft<RuleCode>[],
): Evaluation<RuleCode | Code> => {
  const { databases, excluded } = considered(facts)
  return {
    findings: [...coverageFindings(facts, context), ...judge(databases)],
    excluded,
    systemDatabases: databases.filter(isSystemDatabase).map(({ name }) => name),
    ...judgedOf(facts, databases),
  }
}

/**
 * What an item beside the essential ones concludes over the databases that the login sees: which it cannot see, and
 * that other rules apply to a managed service, the essential ones say.
 */
export const overSeenDatabases = <RuleCode extends string>(
  facts: DatabaseFacts,
  judge: (row: DatabaseRow) => readonly FindingDraft<RuleCode>[],
): Evaluation<RuleCode | keyof typeof exclusionTexts> => {
  const { databases, excluded } = considered(facts)
  return { findings: databases.flatMap(judge), excluded, ...judgedOf(facts, databases) }
}
