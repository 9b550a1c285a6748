import { allOperations, backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { sqlserver } from './engine.ts'
import { coverageFindings, coverageTexts } from './coverage.ts'
import {
  DatabaseFacts,
  type DatabaseRow,
  considered,
  databaseQueries,
  exclusionTexts,
  observedOf,
  stateOf,
} from './databases.ts'
import { instanceStateClaims, instanceStateTexts } from './instance-states.ts'
import {
  bringGroupBack,
  fixFile,
  recover,
  restoreDamaged,
  seedAgain,
  setMultiUser,
  setOnline,
  determineRole,
} from './remediations.ts'
import { type Role, roleOf } from './role.ts'

const texts = {
  ...coverageTexts,
  ...exclusionTexts,
  ...instanceStateTexts,
  OFFLINE: {
    en: '{database} is OFFLINE. Bring it online.',
    zh: '{database} 处于 OFFLINE 状态。请将其联机。',
  },
  RESTORING: {
    en: '{database} is RESTORING but is not a secondary: a restore is incomplete. Recover the database, or finish the restore.',
    zh: '{database} 处于 RESTORING 状态且不是辅助数据库：还原尚未完成。请恢复该数据库或完成还原。',
  },
  STANDBY: {
    en: '{database} is read-only in STANDBY, but not because of log shipping. Recover it to make it writable.',
    zh: '{database} 处于只读 STANDBY 状态，但并非日志传送所致。请恢复该数据库。',
  },
  RECOVERY_PENDING: {
    en: '{database} is RECOVERY_PENDING: a file is missing or cannot be opened. Check the error log.',
    zh: '{database} 处于 RECOVERY_PENDING 状态：有文件缺失或无法打开，请查看错误日志。',
  },
  SUSPECT: {
    en: '{database} is SUSPECT: recovery failed. Find the cause in the error log; if the database is damaged, restore it from a backup.',
    zh: '{database} 处于 SUSPECT 状态：恢复失败。请在错误日志中查找原因；如果数据库已损坏，请从备份还原。',
  },
  EMERGENCY: {
    en: '{database} is in EMERGENCY mode. Check it, and if it is damaged, restore it from a backup.',
    zh: '{database} 处于 EMERGENCY 模式。请检查该数据库，如果已损坏，请从备份还原。',
  },
  OFFLINE_SECONDARY: {
    en: '{database} is OFFLINE_SECONDARY. Check its geo-replication.',
    zh: '{database} 处于 OFFLINE_SECONDARY 状态。请检查其异地复制。',
  },
  TRANSIENT_STATE: {
    en: '{database} is {state}, which should end soon. Run the precheck again in a few minutes.',
    zh: '{database} 处于 {state} 状态，预计很快结束。请几分钟后重新预检。',
  },
  STATE_UNKNOWN: {
    en: 'The state of {database} is unknown: the server reports {state}.',
    zh: '无法判定 {database} 的状态：服务器返回 {state}。',
  },
  ROLE_UNKNOWN: {
    en: '{database} is {state}, but its role (Always On, mirroring, log shipping) could not be read: it may be a healthy secondary.',
    zh: '{database} 处于 {state} 状态，但无法读取其角色（Always On、镜像、日志传送）：可能是正常的辅助数据库。',
  },
  AG_RESOLVING: {
    en: 'The availability replica of {database} is RESOLVING: there is no primary. Bring the availability group online first.',
    zh: '{database} 的可用性副本处于 RESOLVING 状态：没有主要副本。请先恢复可用性组。',
  },
  AG_SECONDARY: {
    en: '{database} is a secondary of its availability group: it only supports copy-only full backups and log backups. Perform other backups on the primary.',
    zh: '{database} 是可用性组的次要副本：仅支持仅复制（COPY_ONLY）的全量备份和日志备份。其他备份请在主要副本上执行。',
  },
  AG_SECONDARY_BASIC: {
    en: '{database} is the secondary of a basic availability group, which does not support backups. Back it up on the primary.',
    zh: '{database} 是基本可用性组的次要副本，不支持备份。请在主要副本上备份。',
  },
  AG_SECONDARY_FULL_SUPPORT: {
    en: '{database} is a secondary of its availability group; this version supports all backups there.',
    zh: '{database} 是可用性组的次要副本，该版本支持在次要副本上执行所有类型的备份。',
  },
  SECONDARY: {
    en: '{database} is {state}, which is normal for its role ({role}). Back it up on its primary.',
    zh: '{database} 处于 {state} 状态，对其角色（{role}）属正常情况。请在其主数据库上备份。',
  },
  SINGLE_USER: {
    en: '{database} is in SINGLE_USER mode: the backup cannot connect while another session is connected.',
    zh: '{database} 处于 SINGLE_USER 模式：已有其他连接时，备份无法连接。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

interface BrokenState {
  readonly code: Code
  readonly fix: (name: string) => Remediation
}

/** States that are broken whatever the role, and what fixes them where the database is certainly not a secondary. */
const brokenStates: ReadonlyMap<string, BrokenState> = new Map([
  ['OFFLINE', { code: 'OFFLINE', fix: setOnline }],
  ['RECOVERY_PENDING', { code: 'RECOVERY_PENDING', fix: fixFile }],
  ['SUSPECT', { code: 'SUSPECT', fix: restoreDamaged }],
  ['EMERGENCY', { code: 'EMERGENCY', fix: restoreDamaged }],
  ['OFFLINE_SECONDARY', { code: 'OFFLINE_SECONDARY', fix: seedAgain }],
])

/** States that end by themselves, in every role. */
const transientStates: ReadonlySet<string> = new Set(['RECOVERING', 'COPYING'])

/** EngineEdition of Enterprise, Developer and Evaluation. Others have basic availability groups alone. */
const enterprise = 3

/** A secondary of SQL Server 2025 (17) and later also takes differential backups ("Offload supported backups to secondary replicas"). */
const firstWithSecondaryDifferential = 17

const draft = (row: DatabaseRow, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  ...part,
  params: { database: row.name, ...part.params },
  object: { type: 'database', name: row.name },
  observed: { state_desc: row.state_desc, is_in_standby: row.is_in_standby, ...part.observed },
  expected: { state_desc: 'ONLINE', ...part.expected },
})

/** What an ONLINE secondary takes by design ("Basic availability groups", "Offload supported backups to secondary replicas"). */
const judgeSecondary = (row: DatabaseRow, { server }: DatabaseFacts): Draft => {
  const observed = { role_desc: 'SECONDARY' }
  if (server.engine_edition !== enterprise) {
    return draft(row, { code: 'AG_SECONDARY_BASIC', limits: [...backupOperations], observed })
  }
  const takesAll = Number.parseInt(server.product_version, 10) >= firstWithSecondaryDifferential
  return takesAll
    ? draft(row, { code: 'AG_SECONDARY_FULL_SUPPORT', observed })
    : draft(row, { code: 'AG_SECONDARY', limits: ['incremental'], observed })
}

const judgeAvailable = (row: DatabaseRow, role: Role, facts: DatabaseFacts): Draft[] => {
  if (role === 'ag-secondary') return [judgeSecondary(row, facts)]
  if (row.user_access_desc !== 'SINGLE_USER') return []
  return [
    draft(row, {
      code: 'SINGLE_USER',
      degrades: [...allOperations],
      observed: { user_access_desc: 'SINGLE_USER' },
      expected: { user_access_desc: 'MULTI_USER' },
      remediation: setMultiUser(row.name),
    }),
  ]
}

/** RESTORING and STANDBY are normal for what waits for the logs of a primary, and a failure for everything else. */
const judgeWaiting = (row: DatabaseRow, role: Role): Draft => {
  const state = stateOf(row)
  if (role !== 'principal') {
    return draft(row, {
      code: 'SECONDARY',
      params: { state, role: [role] },
      limits: [...backupOperations],
      observed: { role },
    })
  }
  const code = state === 'STANDBY' ? 'STANDBY' : 'RESTORING'
  return draft(row, { code, blocks: [...allOperations], remediation: recover(row.name) })
}

const judgeBroken = (row: DatabaseRow, role: Role, { code, fix }: BrokenState): Draft => {
  const remediation = role === 'principal' ? fix(row.name) : seedAgain(row.name)
  return draft(row, { code, blocks: [...allOperations], remediation })
}

const judgeResolving = (row: DatabaseRow): Draft =>
  draft(row, {
    code: 'AG_RESOLVING',
    blocks: [...allOperations],
    observed: { role_desc: 'RESOLVING' },
    expected: { role_desc: 'PRIMARY or SECONDARY' },
    remediation: bringGroupBack(row.name),
  })

/** Role first: only what is broken in every role is judged without it. */
const judgeDatabase = (row: DatabaseRow, facts: DatabaseFacts, context: CheckContext): Draft[] => {
  const role = roleOf(row, facts)
  const state = stateOf(row)
  if (role === 'ag-resolving') return [judgeResolving(row)]
  const broken = brokenStates.get(state)
  if (broken) return [judgeBroken(row, role, broken)]
  const params = { state }
  const obscures = [...allOperations]
  if (role === 'unknown') {
    return [
      draft(row, { code: 'ROLE_UNKNOWN', params, obscures, remediation: determineRole(row, facts, context) }),
    ]
  }
  if (state === 'ONLINE') return judgeAvailable(row, role, facts)
  if (state === 'RESTORING' || state === 'STANDBY') return [judgeWaiting(row, role)]
  return transientStates.has(state)
    ? [draft(row, { code: 'TRANSIENT_STATE', params, degrades: [...allOperations] })]
    : [draft(row, { code: 'STATE_UNKNOWN', params, obscures })]
}

/**
 * Verifies that every database is ONLINE, judged by its role: what waits for the logs of a primary is normal as
 * RESTORING or STANDBY. A database that is not online can be neither backed up nor restored into.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_DB_NOT_ONLINE',
  title: {
    en: 'The instance and its databases are online',
    zh: 'SQL Server 数据库状态检查：实例和数据库均在线',
  },
  failureTitle: {
    en: 'The instance or some databases are not online',
    zh: 'SQL Server 数据库状态检查：实例或数据库不在线',
  },
  description: {
    en: 'Checks whether the instance and every database are online. If the check fails, you cannot back up or restore the databases that are named.',
    zh: '检查实例和每个数据库是否在线。如果未通过，则无法备份或恢复提示的数据库。',
  },
  affects: () => allOperations,
  texts,
  privileges: [
    'VIEW ANY DATABASE',
    'VIEW SERVER STATE',
    'SELECT ON msdb.dbo.log_shipping_secondary_databases',
  ],
  documents: [
    'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/precheck-an-sql-server-database-deployed-on-an-ecs-instance',
    'https://learn.microsoft.com/sql/relational-databases/databases/database-states',
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups',
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/basic-availability-groups-always-on-availability-groups',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-mirroring-transact-sql',
  ],
  queries: databaseQueries,
  claims: instanceStateClaims,
  facts: DatabaseFacts,
  evaluate: (facts, context) => {
    const { databases, excluded } = considered(facts)
    return {
      findings: [
        ...coverageFindings(facts, context),
        ...databases.flatMap((row) => judgeDatabase(row, facts, context)),
      ],
      databases: databases.map(({ name }) => name),
      excluded,
      observed: observedOf(facts, databases),
    }
  },
})
