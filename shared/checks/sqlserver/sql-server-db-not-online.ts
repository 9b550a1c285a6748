import type { Effect } from '../../model/finding.ts'
import { type Operation, allOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { coverageTexts, overDatabases } from './coverage.ts'
import { type BrokenState, brokenStates, stateTexts, transientStates } from './database-states.ts'
import { type DatabaseFacts, type DatabaseRow, asksDatabases, stateOf } from './databases.ts'
import { sqlserver } from './engine.ts'
import { identify } from './identify.ts'
import { onState } from './database-finding.ts'
import { instanceStateClaims, instanceStateTexts } from './instance-states.ts'
import { judgeOnline, onlineTexts } from './online-findings.ts'
import { tsql } from './languages.ts'
import {
  bringGroupBack,
  determineRole,
  readLogShipping,
  recover,
  seedAgain,
  seedAgainOnceKnown,
  takeOut,
  waitUntilReady,
} from './remediations.ts'
import { roleSteps } from './role-steps.ts'
import { effectOf, roleOf, rolesOf } from './role.ts'
import { type Role, contentsOf, roles } from './roles.ts'
import { serviceSteps } from './service-steps.ts'
import { sqlServerSteps } from './steps.ts'

const texts = {
  ...coverageTexts,
  ...instanceStateTexts,
  ...stateTexts,
  ...onlineTexts,
  ROLE_UNKNOWN: {
    en: '{database} is {state}, but its role (Always On, mirroring, log shipping) could not be determined: it may be a healthy secondary.',
    zh: '{database} 处于 {state} 状态，但无法判定其角色（Always On、镜像、日志传送）：可能是正常的辅助数据库。',
  },
  AG_RESOLVING: {
    en: 'The availability replica of {database} is RESOLVING: there is no primary. Bring the availability group online first.',
    zh: '{database} 的可用性副本处于 RESOLVING 状态：没有主要副本。请先恢复可用性组。',
  },
  SECONDARY: {
    en: '{database} is {state}, which is normal for its role ({role}). Back it up on its primary.',
    zh: '{database} 处于 {state} 状态，对其角色（{role}）属正常情况。请在其主数据库上备份。',
  },
  LOG_SHIPPING_UNKNOWN: {
    en: 'The tables of log shipping in msdb could not be read. Whether a database is a primary of log shipping, which takes its log backups, is unknown.',
    zh: '无法读取 msdb 中的日志传送表。无法判定数据库是否为日志传送的主数据库（其日志备份由日志传送执行）。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

/**
 * What a state does that a restore cures. Under `cloud-backup` it blocks everything, as the documents of the product
 * say; natively a restore over the database works, unless one of its roles forbids it.
 */
const curable = (row: DatabaseRow, facts: DatabaseFacts, { target }: CheckContext): Partial<Effect> => {
  const others: Operation[] = allOperations.filter((each) => each !== 'restore')
  const meanings = rolesOf(row, facts).map((role) => roles[role].means.restore)
  if (target.definition.profile === 'cloud-backup' || meanings.includes('limits')) {
    return { blocks: [...allOperations] }
  }
  return meanings.includes('obscures') ? { blocks: others, obscures: ['restore'] } : { blocks: others }
}

/** Only what is certainly no secondary is altered. */
const judgeBroken = (
  row: DatabaseRow,
  facts: DatabaseFacts,
  context: CheckContext,
  { code, fix, isCuredByRestore }: BrokenState,
): Draft => {
  const role = roleOf(row, facts)
  const remedies = {
    own: () => fix(row, role),
    elsewhere: () => seedAgain(row),
    unknown: () => seedAgainOnceKnown(row, facts, context),
  }
  return onState(row, {
    code,
    ...(isCuredByRestore ? curable(row, facts, context) : { blocks: [...allOperations] }),
    observed: { role },
    remediation: remedies[contentsOf(role)](),
  })
}

/** What waits for logs takes no backup, whatever its role allows it once it is ONLINE. */
const limitsOfWaiting = (role: Role): Operation[] =>
  allOperations.filter((each) => each !== 'restore' || roles[role].means.restore === 'limits')

/** RESTORING and STANDBY are normal for what waits for the logs of a primary, and a failure for everything else. */
const judgeWaiting = (row: DatabaseRow, facts: DatabaseFacts, context: CheckContext): Draft => {
  const role = roleOf(row, facts)
  const state = stateOf(row)
  if (roles[role].waits) {
    const params = { state, role: [role] }
    return onState(row, { code: 'SECONDARY', params, limits: limitsOfWaiting(role), observed: { role } })
  }
  const isLimited = roles[role].means.restore === 'limits'
  return onState(row, {
    code: state === 'STANDBY' ? 'STANDBY' : 'RESTORING',
    ...curable(row, facts, context),
    remediation: isLimited ? takeOut(row.name) : recover(row.name),
  })
}

const judgeResolving = (row: DatabaseRow): Draft =>
  onState(row, {
    code: 'AG_RESOLVING',
    ...effectOf('ag-resolving'),
    observed: { role_desc: 'RESOLVING' },
    expected: { role_desc: 'PRIMARY or SECONDARY' },
    remediation: bringGroupBack(row.name),
  })

const judgeTransient = (row: DatabaseRow): Draft =>
  onState(row, {
    code: 'TRANSIENT_STATE',
    params: { state: stateOf(row) },
    blocks: [...allOperations],
    remediation: waitUntilReady(row, { state_desc: 'ONLINE' }),
  })

const isKnown = (state: string): boolean => ['ONLINE', 'RESTORING', 'STANDBY'].includes(state)

const judgeDatabase = (row: DatabaseRow, facts: DatabaseFacts, context: CheckContext): Draft[] => {
  const role = roleOf(row, facts)
  const state = stateOf(row)
  if (role === 'ag-resolving') return [judgeResolving(row)]
  const broken = brokenStates.get(state)
  if (broken) return [judgeBroken(row, facts, context, broken)]
  if (transientStates.has(state)) return [judgeTransient(row)]
  if (!isKnown(state)) {
    return [onState(row, { code: 'STATE_UNKNOWN', params: { state }, obscures: [...allOperations] })]
  }
  if (contentsOf(role) === 'unknown') {
    const remediation = determineRole(row, facts, context)
    return [
      onState(row, {
        code: 'ROLE_UNKNOWN',
        params: { state },
        ...effectOf(role),
        observed: { role },
        remediation,
      }),
    ]
  }
  // A mirror is never ONLINE: what shows as one takes nothing.
  return state === 'ONLINE' && role !== 'mirror'
    ? judgeOnline(row, facts)
    : [judgeWaiting(row, facts, context)]
}

/** Log shipping takes the log backups of its primaries: without its tables nobody knows whose. */
const judgeLogShipping = (facts: DatabaseFacts, context: CheckContext): Draft[] => {
  if (facts.logShippingPrimaries !== null) return []
  return [
    {
      code: 'LOG_SHIPPING_UNKNOWN',
      object: { type: 'instance', name: context.target.instanceId },
      observed: { log_shipping_primary_databases: null },
      expected: { log_shipping_primary_databases: 'readable' },
      obscures: ['log'],
      remediation: {
        steps: readLogShipping(facts, context),
        verify: {
          language: tsql.name,
          query: 'SELECT COUNT(*) FROM msdb.dbo.log_shipping_primary_databases;',
        },
        changes: {},
      },
    },
  ]
}

/**
 * Verifies that every database is ONLINE, judged by its role, which also decides what can be done with it once it is:
 * what waits for the logs of a primary is normal as RESTORING or STANDBY. A database that is not online can be neither
 * backed up nor restored into, except that natively a restore is what cures some states.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_DB_NOT_ONLINE',
  set: 'essential',
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
  fixes: [
    sqlServerSteps.askAgain,
    sqlServerSteps.backUpTail,
    sqlServerSteps.bringMsdbOnline,
    sqlServerSteps.checkDatabase,
    sqlServerSteps.confirmLastRestore,
    roleSteps.connectPrimary,
    roleSteps.dropSnapshots,
    sqlServerSteps.endSession,
    sqlServerSteps.fixOrSeedAgain,
    sqlServerSteps.grant,
    serviceSteps.leaveSingleUser,
    serviceSteps.letShutdownEnd,
    roleSteps.lookAsSysadmin,
    roleSteps.lookAtGroup,
    sqlServerSteps.mendCause,
    sqlServerSteps.mendFile,
    roleSteps.oneLogBackup,
    sqlServerSteps.readErrorLog,
    sqlServerSteps.recover,
    serviceSteps.restart,
    serviceSteps.restartByHand,
    sqlServerSteps.restoreLastGood,
    sqlServerSteps.restoreOrForget,
    roleSteps.restoreQuorum,
    serviceSteps.resume,
    serviceSteps.resumeByHand,
    roleSteps.resumeMovement,
    sqlServerSteps.setMultiUser,
    sqlServerSteps.setOnline,
    sqlServerSteps.setOnlineIfSound,
    roleSteps.showGroups,
    sqlServerSteps.showLocks,
    roleSteps.showLogShipping,
    roleSteps.showMirroringRole,
    roleSteps.showMovement,
    sqlServerSteps.showSessions,
    roleSteps.showSnapshots,
    serviceSteps.start,
    serviceSteps.startByHand,
    roleSteps.takeOut,
    sqlServerSteps.waitForRecovery,
    serviceSteps.waitForStart,
    serviceSteps.waitForUpgrade,
  ],
  documents: [
    'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/precheck-an-sql-server-database-deployed-on-an-ecs-instance',
    'https://learn.microsoft.com/sql/relational-databases/databases/database-states',
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups',
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/basic-availability-groups-always-on-availability-groups',
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/distributed-availability-groups',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-mirroring-transact-sql',
    'https://learn.microsoft.com/sql/database-engine/log-shipping/about-log-shipping-sql-server',
    'https://learn.microsoft.com/sql/relational-databases/databases/database-snapshots-sql-server',
  ],
  ...asksDatabases,
  claims: instanceStateClaims,
  evaluate: (facts, context) => ({
    ...overDatabases(facts, context, (databases) => [
      ...judgeLogShipping(facts, context),
      ...databases.flatMap((row) => judgeDatabase(row, facts, context)),
    ]),
    identities: identify(facts),
  }),
})
