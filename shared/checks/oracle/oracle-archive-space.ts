import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { Measurement } from '../../model/measured-number.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
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
  GROUP_FULL: {
    en: 'The disk group {group}, to which archived logs go, has {percent} % free: redo logs can soon not be archived there.',
    zh: '归档日志写入的磁盘组 {group} 仅剩 {percent}% 空闲：很快将无法向其归档重做日志。',
  },
  GROUP_FILLING: {
    en: 'The disk group {group}, to which archived logs go, has {percent} % free.',
    zh: '归档日志写入的磁盘组 {group} 剩余 {percent}% 空闲。',
  },
  GROUP_WITHOUT_SPARE: {
    en: 'The disk group {group}, to which archived logs go, has no room to mirror the files of a failed disk again.',
    zh: '归档日志写入的磁盘组 {group} 没有足够的空间，磁盘故障后无法重新镜像文件。',
  },
  GROUP_UNKNOWN: {
    en: 'How full the disk group {group} is, to which archived logs go, could not be determined.',
    zh: '无法判定归档日志写入的磁盘组 {group} 的使用情况。',
  },
  PLACE_UNKNOWN: {
    en: 'Where archived logs go could not be determined.',
    zh: '无法判定归档日志的写入位置。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** A place where archived logs go: a disk group by its name, a path of another file system, or null: unknown. */
interface Place {
  readonly group: string | null
  readonly isKnown: boolean
  readonly isMandatory: boolean
}

const verifyGroups: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT name, state, total_mb, free_mb, usable_file_mb FROM v$asm_diskgroup_stat;',
}

/** `+DATA/ORCL` is in the disk group DATA ("Fully Qualified File Name Form", Automatic Storage Management Administrator's Guide). */
const groupIn = (path: string): string | null => /^\+([^/.]+)/.exec(path)?.[1]?.toUpperCase() ?? null

const placeOf = ({ name, binding }: SpaceRow, area: SpaceRow | undefined): Place => {
  const path = name === areaDestination ? (area?.name ?? null) : name
  return {
    group: path === null ? null : groupIn(path),
    isKnown: path !== null,
    isMandatory: binding !== 'OPTIONAL',
  }
}

const placesIn = (spaces: readonly SpaceRow[]): readonly Place[] => {
  const [area] = spacesOf(spaces, 'recovery-area')
  return spacesOf(spaces, 'destination').map((row) => placeOf(row, area))
}

/** Nothing goes on without it: a mandatory destination is in it, or there is no destination elsewhere. */
const isNeeded = (group: string, places: readonly Place[]): boolean =>
  places.some((place) => place.group === group && place.isMandatory) ||
  places.every((place) => place.group === group || !place.isKnown)

interface Group {
  readonly name: string
  readonly row: SpaceRow | undefined
  readonly isNeeded: boolean
}

/** Free space in percent of all, mirrors included in both; null where it is not known. */
const freeOf = (row: SpaceRow | undefined): number | null => {
  if (!row || row.total_bytes === null || row.used_bytes === null || row.total_bytes <= 0) return null
  return percentOf(row.total_bytes - row.used_bytes, row.total_bytes)
}

const groupsIn = (spaces: readonly SpaceRow[], places: readonly Place[]): readonly Group[] => {
  const names = [...new Set(places.flatMap(({ group }) => group ?? []))]
  const known = spacesOf(spaces, 'disk-group')
  return names.map((name) => ({
    name,
    row: known.find((row) => row.name?.toUpperCase() === name),
    isNeeded: isNeeded(name, places),
  }))
}

const makeRoom: Remediation = {
  steps: [steps.showGroups({}), steps.backUpLogs({}), steps.addDisks({})],
  verify: verifyGroups,
  // What may go, or how many disks are missing, has to be found out first.
  changes: {},
}

const objectOf = (database: DatabaseFact, group: string) =>
  ({ type: 'instance', name: `${database.name} +${group}` }) as const

const judgeGroup = (database: DatabaseFact, group: Group, context: CheckContext): Draft[] => {
  const operations = [...backupOperations]
  const { archiveFreeWarningPercent: warning, archiveFreeFailurePercent: failure } = context.thresholdsFor()
  const { name, row } = group
  const free = freeOf(row)
  const usable = row?.usable_bytes ?? null
  const about = {
    params: { group: name, percent: free ?? '-' },
    object: objectOf(database, name),
    observed: {
      total_bytes: row?.total_bytes ?? null,
      used_bytes: row?.used_bytes ?? null,
      usable_bytes: usable,
    },
    expected: { free_percent: `>= ${warning}` },
  } as const
  if (free === null || usable === null) return [{ ...about, code: 'GROUP_UNKNOWN', obscures: operations }]
  const fixable = { ...about, remediation: makeRoom }
  if (free < failure) {
    const effect = group.isNeeded ? { blocks: operations } : { degrades: operations }
    return [{ ...fixable, code: 'GROUP_FULL', ...effect }]
  }
  if (free < warning) return [{ ...fixable, code: 'GROUP_FILLING', degrades: operations }]
  if (usable >= 0) return []
  return [
    { ...fixable, code: 'GROUP_WITHOUT_SPARE', expected: { usable_bytes: '>= 0' }, degrades: operations },
  ]
}

const unknownPlace = ({ name }: DatabaseFact): Draft => ({
  code: 'PLACE_UNKNOWN',
  object: { type: 'instance', name },
  observed: { destination: null },
  expected: { destination: 'known' },
  obscures: [...backupOperations],
})

const observationsOf = (database: DatabaseFact, { name, row }: Group): Measurement[] => {
  if (!row || row.total_bytes === null || row.used_bytes === null) return []
  const value = row.total_bytes - row.used_bytes
  return [{ name: 'archive-disk-group-free-bytes', object: objectOf(database, name), value, limit: 0 }]
}

/**
 * Verifies that the disk groups to which archived logs go have room, that below the recovery area included, whose limit
 * says nothing of the storage. The server does not know how full other file systems are.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_ARCHIVE_SPACE',
  set: 'standard',
  title: {
    en: 'The disk groups of the archived logs have room',
    zh: '归档空间检查：归档日志所在的磁盘组空间充足',
  },
  failureTitle: {
    en: 'A disk group of the archived logs is running out of room',
    zh: '归档空间检查：归档日志所在的磁盘组空间不足',
  },
  description: {
    en: 'Checks the free space of the Oracle ASM disk groups to which archived logs go. Destinations on other file systems are not seen from the database.',
    zh: '检查归档日志写入的 Oracle ASM 磁盘组的空闲空间。数据库无法得知其他文件系统上的归档目的地的空间。',
  },
  affects: () => backupOperations,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', ...spacePrivileges],
  fixes: [steps.addDisks, steps.backUpLogs, steps.showGroups],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ASM_DISKGROUP.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ARCHIVE_DEST.html',
  ],
  queries: { database: databaseQuery, spaces: spaceQuery },
  facts: z.object({ database: DatabaseFact, spaces: SpaceRows }),
  evaluate: ({ database, spaces }, context) => {
    // In NOARCHIVELOG nothing is archived, and nobody backs up what has no data: others say so.
    if (database.log_mode === 'NOARCHIVELOG' || takesNoBackup(roleOf(database.database_role)))
      return { findings: [] }
    const places = placesIn(spaces)
    const groups = groupsIn(spaces, places)
    return {
      findings: [
        ...(places.some(({ isKnown }) => !isKnown) ? [unknownPlace(database)] : []),
        ...groups.flatMap((group) => judgeGroup(database, group, context)),
      ],
      observed: {
        disk_groups: groups.length,
        other_destinations: places.filter(({ group, isKnown }) => isKnown && group === null).length,
      },
      observations: groups.flatMap((group) => observationsOf(database, group)),
    }
  },
})
