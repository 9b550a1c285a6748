import type { Text } from '../../model/message.ts'
import { backupOperations } from '../../model/operation.ts'
import type { FindingDraft } from '../framework/define-check.ts'
import { followingOf } from './availability-role.ts'
import type { DatabaseFacts, DatabaseRow } from './databases.ts'
import { decideOnSnapshots, oneLogBackup, resumeMovement } from './remediations.ts'
import { effectOf, roleOf, rolesOf, snapshotsOf } from './role.ts'
import { type Role, roles } from './roles.ts'

/** What the roles of an ONLINE database mean for it. */
export const roleTexts = {
  AG_PRIMARY: {
    en: '{database} is a primary of its availability group: it cannot be restored over until it is removed from the group.',
    zh: '{database} 是可用性组的主要副本：从可用性组中移除之前，无法还原覆盖该数据库。',
  },
  AG_SECONDARY: {
    en: '{database} is a secondary of its availability group: it only supports copy-only full backups and log backups, and none at all if its group is the secondary group of a distributed one. Perform other backups on the primary. It cannot be restored over until it is removed from the group.',
    zh: '{database} 是可用性组的次要副本：仅支持仅复制（COPY_ONLY）的全量备份和日志备份；如果该组是分布式可用性组的次要可用性组，则不支持任何备份。其他备份请在主要副本上执行。从可用性组中移除之前，无法还原覆盖该数据库。',
  },
  AG_SECONDARY_FULL_SUPPORT: {
    en: '{database} is a secondary of its availability group; this version supports all backups there. It cannot be restored over until it is removed from the group.',
    zh: '{database} 是可用性组的次要副本，该版本支持在次要副本上执行所有类型的备份。从可用性组中移除之前，无法还原覆盖该数据库。',
  },
  AG_SECONDARY_BASIC: {
    en: '{database} is the secondary of a basic availability group, which does not support backups. Back it up on the primary.',
    zh: '{database} 是基本可用性组的次要副本，不支持备份。请在主要副本上备份。',
  },
  AG_FORWARDER: {
    en: '{database} is in the primary replica of the secondary group of a distributed availability group: it only supports copy-only full backups and log backups. Perform other backups on the global primary.',
    zh: '{database} 位于分布式可用性组中次要可用性组的主要副本（转发器）：仅支持仅复制（COPY_ONLY）的全量备份和日志备份。其他备份请在全局主要副本上执行。',
  },
  AG_SECONDARY_BEHIND_FORWARDER: {
    en: '{database} is a secondary in the secondary group of a distributed availability group, which does not support backups. Back it up on a replica that talks to the global primary.',
    zh: '{database} 是分布式可用性组中次要可用性组的次要副本，不支持备份。请在直接与全局主要副本通信的副本上备份。',
  },
  AG_NOT_SYNCHRONIZING: {
    en: '{database} is a secondary that does not follow its primary (state {state}): it cannot be backed up until it is SYNCHRONIZED or SYNCHRONIZING, and not suspended.',
    zh: '{database} 是未跟随主要副本的次要副本（状态 {state}）：在状态变为 SYNCHRONIZED 或 SYNCHRONIZING 且数据移动未挂起之前，无法备份。',
  },
  AG_SYNCHRONIZATION_UNKNOWN: {
    en: '{database} is a secondary, and it is unknown whether it follows its primary: the server reports {state}.',
    zh: '{database} 是次要副本，无法判定其是否跟随主要副本：服务器返回 {state}。',
  },
  MIRRORING_PRINCIPAL: {
    en: '{database} is a principal in database mirroring: it cannot be restored over until mirroring is ended.',
    zh: '{database} 是数据库镜像的主体数据库：结束镜像之前，无法还原覆盖该数据库。',
  },
  LOG_SHIPPING_PRIMARY: {
    en: '{database} is a primary of log shipping, which takes its log backups: those of a second plan break the chain that the secondaries restore.',
    zh: '{database} 是日志传送的主数据库，日志备份由日志传送执行：其他计划的日志备份会破坏辅助数据库所还原的日志链。',
  },
  SNAPSHOT_SOURCE: {
    en: '{database} is the source of {snapshots} database snapshots: it cannot be restored over while they exist.',
    zh: '{database} 是 {snapshots} 个数据库快照的源数据库：快照存在期间，无法还原覆盖该数据库。',
  },
} as const satisfies Readonly<Record<string, Text>>
type Code = keyof typeof roleTexts
type Draft = FindingDraft<Code>

/** The text of each role that limits an ONLINE database; those that are judged with its state have none. */
const codes: Readonly<Record<Role, Code | null>> = {
  standalone: null,
  'ag-primary': 'AG_PRIMARY',
  'ag-secondary': 'AG_SECONDARY',
  'ag-secondary-full-support': 'AG_SECONDARY_FULL_SUPPORT',
  'ag-secondary-basic': 'AG_SECONDARY_BASIC',
  'ag-forwarder': 'AG_FORWARDER',
  'ag-secondary-behind-forwarder': 'AG_SECONDARY_BEHIND_FORWARDER',
  'ag-of-unknown-kind': null,
  'ag-resolving': null,
  'mirroring-principal': 'MIRRORING_PRINCIPAL',
  mirror: null,
  'mirroring-unknown': null,
  'log-shipping-primary': 'LOG_SHIPPING_PRIMARY',
  'log-shipping-secondary': null,
  'snapshot-source': 'SNAPSHOT_SOURCE',
  unknown: null,
}

const remediationOf = (role: Role, { name }: DatabaseRow): Draft['remediation'] => {
  if (role === 'log-shipping-primary') return oneLogBackup(name)
  return role === 'snapshot-source' ? decideOnSnapshots(name) : undefined
}

const judgeRole = (role: Role, row: DatabaseRow, facts: DatabaseFacts): Draft[] => {
  const code = codes[role]
  if (code === null) return []
  const remediation = remediationOf(role, row)
  return [
    {
      code,
      params: {
        database: row.name,
        ...(role === 'snapshot-source' && { snapshots: snapshotsOf(row, facts) }),
      },
      object: { type: 'database', name: row.name },
      observed: { role },
      expected: {},
      ...effectOf(role),
      ...(remediation && { remediation }),
    },
  ]
}

/** A secondary is backed up only while it follows its primary. */
const judgeFollowing = (row: DatabaseRow, facts: DatabaseFacts): Draft[] => {
  const following = row.replica_id === null ? null : followingOf(row, facts)
  if (following === null || following.verdict === 'follows') return []
  const { means } = roles[roleOf(row, facts)]
  const operations = backupOperations.filter((each) => means[each] !== 'limits')
  if (operations.length === 0) return []
  const { synchronization_state_desc: state, is_suspended } = following
  const about = {
    params: { database: row.name, state: is_suspended ? 'SUSPENDED' : (state ?? 'NULL') },
    object: { type: 'database', name: row.name },
    observed: { synchronization_state_desc: state, is_suspended },
    expected: { synchronization_state_desc: 'SYNCHRONIZED or SYNCHRONIZING', is_suspended: false },
  } as const
  return following.verdict === 'stopped'
    ? [
        {
          ...about,
          code: 'AG_NOT_SYNCHRONIZING',
          blocks: operations,
          remediation: resumeMovement(row.name, is_suspended),
        },
      ]
    : [{ ...about, code: 'AG_SYNCHRONIZATION_UNKNOWN', obscures: operations }]
}

/** What every role of an ONLINE database does to operations on it. */
export const judgeRoles = (row: DatabaseRow, facts: DatabaseFacts): Draft[] => [
  ...rolesOf(row, facts).flatMap((role) => judgeRole(role, row, facts)),
  ...judgeFollowing(row, facts),
]
