import type { Effect } from '../../model/finding.ts'
import type { Vocabulary } from '../../model/message.ts'
import { type Operation, allOperations } from '../../model/operation.ts'

/** What the roles are called. */
export const roleWords = {
  primary: { en: 'primary', zh: '主库' },
  'physical-standby': { en: 'physical standby', zh: '物理备库' },
  'logical-standby': { en: 'logical standby', zh: '逻辑备库' },
  'snapshot-standby': { en: 'snapshot standby', zh: '快照备库' },
  'far-sync': { en: 'far sync instance', zh: 'Far Sync 实例' },
  'true-cache': { en: 'True Cache', zh: 'True Cache 缓存' },
  'unknown-role': { en: 'database of unknown role', zh: '角色未知的数据库' },
} as const satisfies Vocabulary

/** What a role means for an operation: it takes it, with a loss, not by design, or nobody can say. */
type Standing = 'takes' | 'degraded' | 'never' | 'unknown'

/** The part that a database plays among its copies: read before any rule, since what one must be another must not. */
export interface Role {
  readonly term: keyof typeof roleWords
  readonly means: Readonly<Record<Operation, Standing>>
  /** Open modes that are normal for it ("V$DATABASE", Oracle Database Reference). */
  readonly openModes: readonly string[]
  /**
   * `own`: it writes redo, from threads of its own, in an archive mode of its own, and its pluggable databases serve
   * users. `received`: its redo comes from a primary, and its pluggable databases may be closed.
   */
  readonly redo: 'own' | 'received' | 'unknown'
}

const always = (standing: Standing): Role['means'] => ({
  full: standing,
  incremental: standing,
  log: standing,
  restore: standing,
})

/** Of any role that no manual names, and of one that could not be read. */
const unknownRole: Role = {
  term: 'unknown-role',
  means: always('unknown'),
  openModes: [],
  redo: 'unknown',
}

/**
 * "DATABASE_ROLE" of V$DATABASE, and what the manuals say of each: "Standby Database Types" and "Using Far Sync
 * Instances" (Data Guard Concepts and Administration), the True Cache User's Guide, and, for the backups of a snapshot
 * standby, the guide of the Recovery Appliance.
 */
const roles: ReadonlyMap<string, Role> = new Map<string, Role>([
  [
    'PRIMARY',
    { term: 'primary', means: always('takes'), openModes: ['READ WRITE', 'READ ONLY'], redo: 'own' },
  ],
  [
    'PHYSICAL STANDBY',
    {
      term: 'physical-standby',
      means: always('takes'),
      openModes: ['MOUNTED', 'READ ONLY', 'READ ONLY WITH APPLY'],
      redo: 'received',
    },
  ],
  [
    'LOGICAL STANDBY',
    { term: 'logical-standby', means: always('takes'), openModes: ['READ WRITE', 'READ ONLY'], redo: 'own' },
  ],
  [
    'SNAPSHOT STANDBY',
    {
      term: 'snapshot-standby',
      means: always('degraded'),
      openModes: ['READ WRITE', 'READ ONLY'],
      redo: 'own',
    },
  ],
  // It has no data files, and cannot be opened.
  ['FAR SYNC', { term: 'far-sync', means: always('never'), openModes: ['MOUNTED'], redo: 'received' }],
  // It has no data files either: what it caches is the primary's.
  [
    'TRUE CACHE',
    {
      term: 'true-cache',
      means: always('never'),
      openModes: ['MOUNTED', 'READ ONLY', 'READ ONLY WITH APPLY'],
      redo: 'received',
    },
  ],
])

/** The role that the server names; null: it could not be read. */
export const roleOf = (databaseRole: string | null): Role => roles.get(databaseRole ?? '') ?? unknownRole

/** True if it has nothing that a backup could take, so that its archiving does not matter to one. */
export const takesNoBackup = ({ means }: Role): boolean => means.full === 'never'

/** What the role alone does to operations. */
export const effectOf = ({ means }: Role): Effect => {
  const having = (standing: Standing) => allOperations.filter((operation) => means[operation] === standing)
  return {
    blocks: [],
    degrades: having('degraded'),
    obscures: having('unknown'),
    limits: having('never'),
  }
}
