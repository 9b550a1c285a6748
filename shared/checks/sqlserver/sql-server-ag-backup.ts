import { backupOperations } from '../../model/operation.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type ConditionFacts, type ConditionRow, asksConditions, conditionOf } from './conditions.ts'
import { overSeenDatabases } from './coverage.ts'
import { onDatabase } from './database-finding.ts'
import { type DatabaseRow, exclusionTexts } from './databases.ts'
import { sqlserver } from './engine.ts'
import { groupSteps } from './group-steps.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { roleOf } from './role.ts'
import { contentsOf, roles } from './roles.ts'

const texts = {
  ...exclusionTexts,
  BACKED_UP_ELSEWHERE: {
    en: 'This replica is not the preferred one for backups of {database} (preference {preference}): jobs that follow the preference do not run here. Full backups on a secondary are copies on which no differential backup is based, but for SQL Server 2025 Enterprise Edition.',
    zh: '本副本不是 {database} 的首选备份副本（备份首选项 {preference}）：遵循首选项的作业不会在此运行。次要副本上的全量备份为仅复制备份，不能作为差异备份的基准（SQL Server 2025 企业版除外）。',
  },
  NO_BACKUP_REPLICA: {
    en: 'Jobs that follow the backup preference of {database} ({preference}) run nowhere: the primary is not preferred, and none of its {secondaries} secondaries is healthy.',
    zh: '遵循 {database} 备份首选项（{preference}）的作业无处可运行：主要副本不是首选，且其 {secondaries} 个次要副本均不正常。',
  },
  SECONDARY_UNHEALTHY: {
    en: '{unhealthy} of the {secondaries} secondaries of {database} are not healthy.',
    zh: '{database} 的 {secondaries} 个次要副本中有 {unhealthy} 个不正常。',
  },
  SECONDARY_LAGS: {
    en: 'A secondary of {database} is {minutes} minutes behind the primary: a backup that is taken there holds nothing later.',
    zh: '{database} 的一个次要副本落后主要副本 {minutes} 分钟：在其上执行的备份不包含此后的更改。',
  },
  PREFERENCE_UNKNOWN: {
    en: 'It is unknown whether this replica is the preferred one for backups of {database}.',
    zh: '无法判定本副本是否为 {database} 的首选备份副本。',
  },
  SECONDARIES_UNKNOWN: {
    en: 'This replica is not the preferred one for backups of {database}, and it is unknown whether a secondary can take them.',
    zh: '本副本不是 {database} 的首选备份副本，且无法判定次要副本能否执行备份。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const verifyPreference = (database: string): Remediation['verify'] => ({
  language: tsql.name,
  query: `SELECT sys.fn_hadr_backup_is_preferred_replica(${quoteString(database)}) AS is_preferred_replica;`,
})

const heal = (database: string, ...more: readonly RemediationStep[]): Remediation => ({
  steps: [groupSteps.showSecondaries({ database }), groupSteps.healSecondary({}), ...more],
  verify: verifyPreference(database),
  // What is wrong with the other replicas shows there.
  changes: {},
})

const elsewhere = (row: DatabaseRow, { backup_preference }: ConditionRow): Draft =>
  onDatabase(row, {
    code: 'BACKED_UP_ELSEWHERE',
    params: { preference: backup_preference ?? 'NULL' },
    observed: { is_preferred_replica: false, backup_preference },
  })

const judgeLag = (row: DatabaseRow, condition: ConditionRow, context: CheckContext): Draft[] => {
  const { lag_minutes, is_preferred_replica } = condition
  const { standbyLagMaxMinutes } = context.thresholdsFor(row.name)
  if (lag_minutes === null || lag_minutes <= standbyLagMaxMinutes) return []
  return [
    onDatabase(row, {
      code: 'SECONDARY_LAGS',
      params: { minutes: lag_minutes },
      observed: { lag_minutes },
      expected: { lag_minutes: `at most ${standbyLagMaxMinutes}` },
      ...(is_preferred_replica === false && { degrades: [...backupOperations] }),
      remediation: heal(row.name),
    }),
  ]
}

/** The primary is not preferred: somebody else has to be able to take the backups. */
const judgeOthers = (row: DatabaseRow, condition: ConditionRow): Draft => {
  const { secondaries, unhealthy_secondaries, backup_preference } = condition
  const observed = { secondaries, unhealthy_secondaries, backup_preference }
  if (secondaries === null || unhealthy_secondaries === null) {
    const expected = { unhealthy_secondaries: 0 }
    return onDatabase(row, {
      code: 'SECONDARIES_UNKNOWN',
      observed,
      expected,
      obscures: [...backupOperations],
    })
  }
  if (unhealthy_secondaries < secondaries) return elsewhere(row, condition)
  return onDatabase(row, {
    code: 'NO_BACKUP_REPLICA',
    params: { preference: backup_preference ?? 'NULL', secondaries },
    observed,
    expected: { unhealthy_secondaries: 0 },
    degrades: [...backupOperations],
    remediation: heal(row.name, groupSteps.choosePreference({})),
  })
}

const judgeHealth = (row: DatabaseRow, { secondaries, unhealthy_secondaries }: ConditionRow): Draft[] => {
  if (secondaries === null || unhealthy_secondaries === null || unhealthy_secondaries === 0) return []
  return [
    onDatabase(row, {
      code: 'SECONDARY_UNHEALTHY',
      params: { unhealthy: unhealthy_secondaries, secondaries },
      observed: { secondaries, unhealthy_secondaries },
      expected: { unhealthy_secondaries: 0 },
      remediation: heal(row.name),
    }),
  ]
}

const judgePrimary = (row: DatabaseRow, condition: ConditionRow, context: CheckContext): Draft[] => {
  const others = condition.is_preferred_replica === false ? judgeOthers(row, condition) : null
  return [
    ...(others ? [others] : []),
    ...(others?.code === 'NO_BACKUP_REPLICA' ? [] : judgeHealth(row, condition)),
    ...judgeLag(row, condition, context),
  ]
}

/** A secondary sees nothing of the others; how it follows its primary is judged with the state of the database. */
const judgeReplica = (row: DatabaseRow, facts: ConditionFacts, context: CheckContext): Draft[] => {
  const role = roleOf(row, facts)
  if (row.replica_id === null || contentsOf(role) === 'unknown') return []
  if (roles[role].means.full === 'limits') return []
  const condition = conditionOf(row, facts)
  if (!condition || condition.is_preferred_replica === null) {
    return [
      onDatabase(row, {
        code: 'PREFERENCE_UNKNOWN',
        observed: { is_preferred_replica: null },
        expected: { is_preferred_replica: 'not NULL' },
        obscures: [...backupOperations],
      }),
    ]
  }
  if (role === 'ag-primary') return judgePrimary(row, condition, context)
  return condition.is_preferred_replica ? [] : [elsewhere(row, condition)]
}

/**
 * Verifies that where an availability group wants its backups, they can be taken: that this is not the preferred
 * replica is a note, since who takes the backups may not ask. What a role takes at all, and that a secondary follows
 * its primary, the item over the states of databases says.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_AG_BACKUP',
  set: 'standard',
  title: {
    en: 'Availability groups are backed up where they prefer it',
    zh: '可用性组备份检查：可用性组可在首选副本上备份',
  },
  failureTitle: {
    en: 'Backups of availability groups have nowhere to run, or come too late',
    zh: '可用性组备份检查：可用性组的备份无处可运行或滞后',
  },
  description: {
    en: 'Checks the backup preference of availability groups, and the health and the lag of the secondaries of a primary. Jobs that follow the preference only run on the preferred replica.',
    zh: '检查可用性组的备份首选项，以及主要副本的次要副本的健康状况和滞后。遵循首选项的作业只在首选副本上运行。',
  },
  affects: () => backupOperations,
  texts,
  documents: [
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups',
    'https://learn.microsoft.com/sql/relational-databases/system-functions/sys-fn-hadr-backup-is-preferred-replica-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-hadr-database-replica-states-transact-sql',
  ],
  fixes: [groupSteps.choosePreference, groupSteps.healSecondary, groupSteps.showSecondaries],
  ...asksConditions,
  evaluate: (facts, context) => overSeenDatabases(facts, (row) => judgeReplica(row, facts, context)),
})
