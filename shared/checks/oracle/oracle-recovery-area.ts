import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { archiveSteps } from './archive-steps.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'
import { roleOf, takesNoBackup } from './role.ts'
import {
  type SpaceRow,
  SpaceRows,
  areaDestination,
  percentOf,
  spacePrivileges,
  spaceQuery,
  spacesOf,
} from './space-facts.ts'

const texts = {
  AREA_FULL: {
    en: 'The recovery area {area} is {percent} % full, and archived logs go there: the database hangs when nothing more fits. Most of it: {largest}.',
    zh: '恢复区 {area} 已使用 {percent}%，且归档日志写入其中：写满后数据库会挂起。占用最多的是：{largest}。',
  },
  AREA_FILLING: {
    en: 'The recovery area {area} is {percent} % full. Most of it: {largest}.',
    zh: '恢复区 {area} 已使用 {percent}%。占用最多的是：{largest}。',
  },
  AREA_UNKNOWN: {
    en: 'How full the recovery area is could not be determined.',
    zh: '无法判定恢复区的使用情况。',
  },
  RESTORE_POINTS: {
    en: 'Guaranteed restore points keep space in the recovery area that cannot be reclaimed: {names}.',
    zh: '保证还原点占用恢复区的空间，且无法回收：{names}。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

interface Facts {
  readonly database: DatabaseFact
  readonly spaces: readonly SpaceRow[]
}

/** How full an area is by what Oracle cannot reclaim. */
interface Fill {
  readonly limitBytes: number
  readonly heldBytes: number
  readonly percent: number
}
interface Use {
  readonly row: SpaceRow
  /** Null: not known. */
  readonly fill: Fill | null
}

const verifyArea: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT name, space_limit, space_used, space_reclaimable FROM v$recovery_file_dest;',
}

const useOf = (row: SpaceRow): Use => {
  const { total_bytes: limit, used_bytes: used, reclaimable_bytes: reclaimable } = row
  if (limit === null || limit <= 0 || used === null || reclaimable === null) return { row, fill: null }
  const heldBytes = used - reclaimable
  return { row, fill: { limitBytes: limit, heldBytes, percent: percentOf(heldBytes, limit) } }
}

/** The area that is configured: with no limit there is none ("DB_RECOVERY_FILE_DEST_SIZE", Oracle Database Reference). */
const usesIn = (spaces: readonly SpaceRow[]): readonly Use[] =>
  spacesOf(spaces, 'recovery-area')
    .filter(({ total_bytes }) => total_bytes !== 0)
    .map(useOf)

const largestIn = (spaces: readonly SpaceRow[]): string => {
  const types = spacesOf(spaces, 'file-type').toSorted(
    (one, other) => (other.used_bytes ?? 0) - (one.used_bytes ?? 0),
  )
  return types[0]?.name ?? '-'
}

const pointsIn = (spaces: readonly SpaceRow[]): readonly SpaceRow[] => spacesOf(spaces, 'restore-point')

/** Archived logs go to it, or nobody knows where they go. */
const takesLogs = (spaces: readonly SpaceRow[]): boolean =>
  spacesOf(spaces, 'destination').some(({ name }) => name === areaDestination || name === null)

const makeRoom = (spaces: readonly SpaceRow[]): Remediation => ({
  steps: [
    archiveSteps.showRecoveryArea({}),
    steps.showAreaUsage({}),
    steps.backUpLogs({}),
    steps.enlargeArea({}),
    ...(pointsIn(spaces).length > 0 ? [steps.dropRestorePoints({})] : []),
  ],
  verify: verifyArea,
  // What there is most of, and whether the storage has more room, has to be found out first.
  changes: {},
})

const judgeUse = ({ database, spaces }: Facts, { row, fill }: Use, context: CheckContext): Draft[] => {
  const limits = context.thresholdsFor()
  const { name, total_bytes, used_bytes, reclaimable_bytes } = row
  const about = {
    object: { type: 'instance', name: database.name },
    observed: { space_limit: total_bytes, space_used: used_bytes, space_reclaimable: reclaimable_bytes },
    expected: { percent: `< ${limits.recoveryAreaWarningPercent}` },
  } as const
  if (fill === null) return [{ ...about, code: 'AREA_UNKNOWN', obscures: [...backupOperations] }]
  const { percent } = fill
  const full = {
    ...about,
    params: { area: name ?? '-', percent, largest: largestIn(spaces) },
    remediation: makeRoom(spaces),
  }
  if (percent >= limits.recoveryAreaFailurePercent && takesLogs(spaces))
    return [{ ...full, code: 'AREA_FULL', blocks: [...backupOperations] }]
  if (percent >= Math.min(limits.recoveryAreaWarningPercent, limits.recoveryAreaFailurePercent))
    return [{ ...full, code: 'AREA_FILLING', degrades: [...backupOperations] }]
  return []
}

/** Worth knowing before the area is full, and no risk by themselves. */
const judgePoints = ({ database, spaces }: Facts): Draft[] => {
  const points = pointsIn(spaces)
  if (points.length === 0) return []
  return [
    {
      code: 'RESTORE_POINTS',
      params: { names: points.map(({ name }) => name ?? '-').join(', ') },
      object: { type: 'instance', name: database.name },
      observed: { guaranteed_restore_points: points.length },
      expected: { guaranteed_restore_points: 0 },
    },
  ]
}

/** The statement gives a row of it even where there is none. */
const missing = ({ name }: DatabaseFact): Draft => ({
  code: 'AREA_UNKNOWN',
  object: { type: 'instance', name },
  observed: { readable: false },
  expected: { readable: true },
  obscures: [...backupOperations],
})

/**
 * Verifies that the recovery area has room. What Oracle can reclaim does not count, since it does so by itself. Without
 * an area there is nothing to judge.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_RECOVERY_AREA',
  set: 'standard',
  title: { en: 'The recovery area has room', zh: '恢复区检查：空间充足' },
  failureTitle: { en: 'The recovery area is running out of room', zh: '恢复区检查：空间不足' },
  description: {
    en: 'Checks how full the fast recovery area is, not counting what Oracle can reclaim. When it is full, redo logs cannot be archived there, nor backups written there.',
    zh: '检查快速恢复区的使用情况，可回收的空间不计入。写满后，无法向其归档重做日志，也无法写入备份。',
  },
  affects: () => backupOperations,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', ...spacePrivileges],
  fixes: [
    steps.backUpLogs,
    steps.dropRestorePoints,
    steps.enlargeArea,
    steps.showAreaUsage,
    archiveSteps.showRecoveryArea,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RECOVERY_FILE_DEST.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/bradv/maintaining-rman-backups.html',
  ],
  queries: { database: databaseQuery, spaces: spaceQuery },
  facts: z.object({ database: DatabaseFact, spaces: SpaceRows }),
  evaluate: (facts, context) => {
    const { database, spaces } = facts
    if (takesNoBackup(roleOf(database.database_role))) return { findings: [] }
    const uses = usesIn(spaces)
    const isMissing = spacesOf(spaces, 'recovery-area').length === 0
    return {
      findings: [
        ...(isMissing ? [missing(database)] : []),
        ...uses.flatMap((use) => judgeUse(facts, use, context)),
        ...judgePoints(facts),
      ],
      observed: { recovery_areas: uses.length, percent: uses[0]?.fill?.percent ?? null },
      observations: uses.flatMap(({ fill }) => {
        if (fill === null) return []
        const { heldBytes: value, limitBytes: limit } = fill
        const object = { type: 'instance', name: database.name } as const
        return [
          { name: 'recovery-area-used-bytes', object, value, limit },
          { name: 'recovery-area-limit-bytes', object, value: limit },
        ]
      }),
    }
  },
})
