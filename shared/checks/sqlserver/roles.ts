import type { Effect } from '../../model/finding.ts'
import type { Text, Vocabulary } from '../../model/message.ts'
import type { Operation } from '../../model/operation.ts'

/** What a role means for an operation: it is taken, or what a finding says that it does to it. */
type Meaning = 'takes' | keyof Effect

interface RoleMeaning {
  /** What the role is called. */
  readonly term: Text
  /** Whose contents it has. What comes from elsewhere is never altered here, and what may come from elsewhere neither. */
  readonly contents: 'own' | 'elsewhere' | 'unknown'
  /** RESTORING or STANDBY is normal: it waits for the log of its primary. */
  readonly waits: boolean
  readonly means: Readonly<Record<Operation, Meaning>>
}

const means = (
  full: Meaning,
  incremental: Meaning,
  log: Meaning,
  restore: Meaning,
): RoleMeaning['means'] => ({
  full,
  incremental,
  log,
  restore,
})

/** In an availability group or in mirroring, no database can be restored over: it has to be taken out first (3104). */
const copyOnly = means('degrades', 'limits', 'takes', 'limits')
const nothing = means('limits', 'limits', 'limits', 'limits')
const nobodyKnows = means('obscures', 'obscures', 'obscures', 'obscures')

/**
 * The part that a database plays, and what that means for backup and restore. Sources: "Offload supported backups to
 * secondary replicas of an availability group", "Basic availability groups", "Database mirroring and log shipping",
 * "Database snapshots", SQL Server manual.
 */
export const roles = {
  standalone: {
    term: { en: 'standalone database', zh: '独立数据库' },
    contents: 'own',
    waits: false,
    means: means('takes', 'takes', 'takes', 'takes'),
  },
  'ag-primary': {
    term: { en: 'primary of an availability group', zh: '可用性组的主要副本' },
    contents: 'own',
    waits: false,
    means: means('takes', 'takes', 'takes', 'limits'),
  },
  /** Full backups only with COPY_ONLY, no differential ones. */
  'ag-secondary': {
    term: { en: 'secondary of an availability group', zh: '可用性组的次要副本' },
    contents: 'elsewhere',
    waits: true,
    means: copyOnly,
  },
  /** Enterprise Edition of SQL Server 2025 and later. */
  'ag-secondary-full-support': {
    term: { en: 'secondary of an availability group', zh: '可用性组的次要副本' },
    contents: 'elsewhere',
    waits: true,
    means: means('takes', 'takes', 'takes', 'limits'),
  },
  'ag-secondary-basic': {
    term: { en: 'secondary of a basic availability group', zh: '基本可用性组的次要副本' },
    contents: 'elsewhere',
    waits: true,
    means: nothing,
  },
  /** Primary of the secondary group of a distributed group: it talks to the global primary, as a secondary does. */
  'ag-forwarder': {
    term: { en: 'forwarder of a distributed availability group', zh: '分布式可用性组的转发器' },
    contents: 'elsewhere',
    waits: true,
    means: copyOnly,
  },
  /** Talks to the forwarder alone. */
  'ag-secondary-behind-forwarder': {
    term: {
      en: 'secondary in the secondary group of a distributed availability group',
      zh: '分布式可用性组中次要可用性组的次要副本',
    },
    contents: 'elsewhere',
    waits: true,
    means: nothing,
  },
  /**
   * Nobody knows whether its group is basic, or the secondary group of a distributed one. That it cannot be restored
   * over is no limit here: what is only limited is left out of the summary.
   */
  'ag-of-unknown-kind': {
    term: { en: 'replica of an availability group of unknown kind', zh: '类型未知的可用性组的副本' },
    contents: 'unknown',
    waits: false,
    means: nobodyKnows,
  },
  'ag-resolving': {
    term: { en: 'resolving replica of an availability group', zh: '可用性组中正在解析的副本' },
    contents: 'unknown',
    waits: false,
    means: means('blocks', 'blocks', 'blocks', 'blocks'),
  },
  'mirroring-principal': {
    term: { en: 'principal in database mirroring', zh: '数据库镜像的主体数据库' },
    contents: 'own',
    waits: false,
    means: means('takes', 'takes', 'takes', 'limits'),
  },
  mirror: {
    term: { en: 'mirror', zh: '镜像数据库' },
    contents: 'elsewhere',
    waits: true,
    means: nothing,
  },
  'mirroring-unknown': {
    term: { en: 'unknown role in database mirroring', zh: '数据库镜像中的未知角色' },
    contents: 'unknown',
    waits: false,
    means: nobodyKnows,
  },
  /** Log backups of a second plan break the chain that the secondaries restore. */
  'log-shipping-primary': {
    term: { en: 'primary of log shipping', zh: '日志传送的主数据库' },
    contents: 'own',
    waits: false,
    means: means('takes', 'takes', 'degrades', 'takes'),
  },
  'log-shipping-secondary': {
    term: { en: 'secondary of log shipping', zh: '日志传送的辅助数据库' },
    contents: 'elsewhere',
    waits: true,
    means: means('limits', 'limits', 'limits', 'takes'),
  },
  'snapshot-source': {
    term: { en: 'source of database snapshots', zh: '数据库快照的源数据库' },
    contents: 'own',
    waits: false,
    means: means('takes', 'takes', 'takes', 'limits'),
  },
  /** The login may not see what would tell. */
  unknown: {
    term: { en: 'unknown', zh: '未知' },
    contents: 'unknown',
    waits: false,
    means: nobodyKnows,
  },
} as const satisfies Readonly<Record<string, RoleMeaning>>
export type Role = keyof typeof roles

/** What the roles are called, as terms of texts. */
export const roleWords: Vocabulary = Object.fromEntries(
  Object.entries(roles).map(([role, { term }]) => [role, term]),
)

/** Whose contents a database of the role has. */
export const contentsOf = (role: Role): RoleMeaning['contents'] => roles[role].contents
