import { allOperations } from '../../model/operation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import type { DatabaseFacts } from './databases.ts'
import { tsql } from './languages.ts'
import { grant, restoreOrForget } from './remediations.ts'

/** Texts of what keeps an item from seeing the whole instance. */
export const coverageTexts = {
  COVERAGE_LIMITED: {
    en: 'The login sees {seen} databases and possibly not all: it does not have VIEW ANY DATABASE. Databases that it cannot see were not checked.',
    zh: '该登录账号只能看到 {seen} 个数据库，可能并非全部：缺少 VIEW ANY DATABASE 权限。看不到的数据库未检查。',
  },
  NOT_ON_ECS: {
    en: 'The server is a managed service (EngineEdition {edition}), not SQL Server on a host: other rules apply to its backups.',
    zh: '该服务器是托管服务（EngineEdition {edition}），而非部署在主机上的 SQL Server，其备份规则不同。',
  },
  REQUIRED_DATABASE_MISSING: {
    en: 'The required database {database} does not exist on the instance, or the login cannot see it.',
    zh: '实例上没有必需的数据库 {database}，或该登录账号看不到它。',
  },
} as const
type Code = keyof typeof coverageTexts

/** EngineEdition of servers on a host: 1 to 4 (SERVERPROPERTY in the Transact-SQL reference); the others are Azure services. */
const hostedEditions = 4

/** Findings on what the item could not see: never a pass over databases that nobody looked at. */
export const coverageFindings = (facts: DatabaseFacts, { target }: CheckContext): FindingDraft<Code>[] => {
  const { definition, instanceId } = target
  const instance = { type: 'instance', name: instanceId } as const
  const { engine_edition, view_any_database } = facts.server
  const seesAll = view_any_database === true
  const findings: FindingDraft<Code>[] = []
  if (engine_edition > hostedEditions) {
    findings.push({
      code: 'NOT_ON_ECS',
      params: { edition: engine_edition },
      object: instance,
      observed: { engine_edition },
      expected: { engine_edition: '1 to 4' },
      obscures: [...allOperations],
    })
  }
  if (!seesAll) {
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
  const seen = new Set(facts.databases.map(({ name }) => name))
  for (const name of definition.requiredDatabases ?? []) {
    if (seen.has(name)) continue
    findings.push({
      code: 'REQUIRED_DATABASE_MISSING',
      params: { database: name },
      object: { type: 'database', name },
      observed: { exists: false },
      expected: { exists: true },
      // A login that does not see every database cannot tell missing from hidden.
      ...(seesAll ? { blocks: [...allOperations] } : { obscures: [...allOperations] }),
      remediation: restoreOrForget(name),
    })
  }
  return findings
}
