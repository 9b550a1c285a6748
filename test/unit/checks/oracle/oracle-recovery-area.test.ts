import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-recovery-area.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  archivePlace,
  database,
  fileType,
  gigabyte,
  oracleFacts,
  restorePoint,
  space,
  spaces,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  areaView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RECOVERY_FILE_DEST.html',
  maintaining:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/bradv/maintaining-rman-backups.html',
  areaSize: 'Oracle Database Reference, DB_RECOVERY_FILE_DEST_SIZE',
  destinations: 'Oracle Database Reference, LOG_ARCHIVE_DEST_n',
  restorePoints: 'Oracle Database Backup and Recovery User’s Guide, Using Guaranteed Restore Points',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

/** A recovery area of 100 gigabytes, of which that much is used and can be reclaimed. */
const area = (used: number | null, reclaimable: number | null = 0) =>
  space({
    total_bytes: 100 * gigabyte,
    used_bytes: used === null ? null : used * gigabyte,
    reclaimable_bytes: reclaimable === null ? null : reclaimable * gigabyte,
  })

const full = { code: 'AREA_FULL', on: 'instance ORCL', blocks: backups } as const
const filling = { code: 'AREA_FILLING', on: 'instance ORCL', degrades: backups } as const
const unknown = { code: 'AREA_UNKNOWN', on: 'instance ORCL', obscures: backups } as const
const points = { code: 'RESTORE_POINTS', on: 'instance ORCL' } as const

const verdicts: readonly Row[] = [
  {
    when: 'a third is used',
    status: 'passed',
    findings: [],
    observed: { recovery_areas: 1, percent: 33.3 },
    manual: 'areaView',
  },
  {
    when: 'no recovery area',
    facts: { spaces: [space({ name: null, total_bytes: 0, used_bytes: 0, reclaimable_bytes: 0 })] },
    status: 'passed',
    findings: [],
    observed: { recovery_areas: 0, percent: null },
    manual: 'areaSize',
  },
  {
    when: 'just below the warning',
    facts: { spaces: spaces(area(84.9)) },
    status: 'passed',
    findings: [],
    manual: 'maintaining',
  },
  {
    when: 'at the warning',
    facts: { spaces: spaces(area(85)) },
    status: 'warning',
    findings: [filling],
    manual: 'maintaining',
  },
  {
    when: 'just below the failure',
    facts: { spaces: spaces(area(96.9)) },
    status: 'warning',
    findings: [filling],
    manual: 'maintaining',
  },
  {
    when: 'at the failure',
    facts: { spaces: spaces(area(97)) },
    status: 'failed',
    findings: [full],
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'ready' } },
    manual: 'maintaining',
  },
  {
    when: 'beyond its limit',
    facts: { spaces: spaces(area(104)) },
    status: 'failed',
    findings: [full],
    manual: 'maintaining',
  },
  {
    when: 'full, but most of it can be reclaimed',
    facts: { spaces: spaces(area(100, 60)) },
    status: 'passed',
    findings: [],
    observed: { recovery_areas: 1, percent: 40 },
    manual: 'maintaining',
  },
  {
    when: 'full, archived logs go to another place',
    facts: { spaces: [area(99), fileType('BACKUP PIECE', 99), archivePlace('/arch')] },
    status: 'warning',
    findings: [filling],
    manual: 'destinations',
  },
  {
    when: 'full, archived logs go to it and to another place',
    facts: { spaces: [...spaces(area(99)), archivePlace('/arch')] },
    status: 'failed',
    findings: [full],
    manual: 'destinations',
  },
  {
    when: 'full, nobody knows where archived logs go',
    facts: { spaces: [area(99), archivePlace(null)] },
    status: 'failed',
    findings: [full],
    manual: 'destinations',
  },
  {
    when: 'full of backups, in an area without a name',
    facts: {
      spaces: [
        space({ ...area(99), name: null }),
        fileType('ARCHIVED LOG', 9),
        fileType('BACKUP PIECE', 80),
        fileType('FLASHBACK LOG', 10),
        archivePlace('USE_DB_RECOVERY_FILE_DEST'),
      ],
    },
    status: 'failed',
    findings: [full],
    manual: 'areaView',
  },
  {
    when: 'full, on a physical standby',
    facts: { database: [database({ database_role: 'PHYSICAL STANDBY' })], spaces: spaces(area(99)) },
    status: 'failed',
    findings: [full],
    manual: 'maintaining',
  },
  {
    when: 'full, only restore planned',
    facts: { spaces: spaces(area(99)) },
    registered: { operations: ['restore'] },
    status: 'warning',
    findings: [full],
    manual: 'maintaining',
  },
  {
    when: 'full, of a far sync instance',
    facts: { database: [database({ database_role: 'FAR SYNC' })], spaces: spaces(area(99)) },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
  {
    when: 'with guaranteed restore points and room',
    facts: { spaces: [...spaces(), restorePoint('BEFORE_UPGRADE'), restorePoint('OLD')] },
    status: 'passed',
    findings: [points],
    manual: 'restorePoints',
  },
  {
    when: 'full, with a guaranteed restore point',
    facts: { spaces: [...spaces(area(98)), restorePoint('BEFORE_UPGRADE')] },
    status: 'failed',
    findings: [full, points],
    manual: 'restorePoints',
  },
  {
    when: 'a restore point without a name',
    facts: { spaces: [...spaces(), restorePoint(null)] },
    status: 'passed',
    findings: [points],
    manual: 'restorePoints',
  },
  {
    when: 'an unknown limit',
    facts: { spaces: spaces(space({ total_bytes: null })) },
    status: 'error',
    findings: [unknown],
    observed: { recovery_areas: 1, percent: null },
    manual: 'areaView',
  },
  {
    when: 'a limit below zero',
    facts: { spaces: spaces(space({ total_bytes: -1 })) },
    status: 'error',
    findings: [unknown],
    manual: 'areaView',
  },
  {
    when: 'an unknown use',
    facts: { spaces: spaces(area(null)) },
    status: 'error',
    findings: [unknown],
    manual: 'areaView',
  },
  {
    when: 'unknown what can be reclaimed',
    facts: { spaces: spaces(area(10, null)) },
    status: 'error',
    findings: [unknown],
    manual: 'areaView',
  },
  {
    when: 'no row of an area',
    facts: { spaces: [archivePlace('/arch')] },
    status: 'error',
    findings: [unknown],
    manual: 'areaView',
  },
]

const showArea =
  'online sqlplus: SELECT name, space_limit, space_used, space_reclaimable FROM v$recovery_file_dest;'
const showUsage =
  'online sqlplus: SELECT file_type, percent_space_used, percent_space_reclaimable, number_of_files FROM v$recovery_area_usage;'
const verify = 'sqlplus: SELECT name, space_limit, space_used, space_reclaimable FROM v$recovery_file_dest;'

const details: readonly DetailRow[] = [
  {
    when: 'at the failure',
    code: 'AREA_FULL',
    on: 'instance ORCL',
    params: { area: '+RECO', percent: 97, largest: 'ARCHIVED LOG' },
    observed: { space_limit: 100 * gigabyte, space_used: 97 * gigabyte, space_reclaimable: 0 },
    expected: { percent: '< 85' },
    steps: [showArea, showUsage, 'online manual', 'online manual'],
    verify,
  },
  {
    when: 'full, with a guaranteed restore point',
    code: 'AREA_FULL',
    on: 'instance ORCL',
    params: { area: '+RECO', percent: 98, largest: 'ARCHIVED LOG' },
    observed: { space_limit: 100 * gigabyte, space_used: 98 * gigabyte, space_reclaimable: 0 },
    expected: { percent: '< 85' },
    steps: [showArea, showUsage, 'online manual', 'online manual', 'data-loss manual'],
    verify,
  },
  {
    when: 'full, nobody knows where archived logs go',
    code: 'AREA_FULL',
    on: 'instance ORCL',
    params: { area: '+RECO', percent: 99, largest: '-' },
    observed: { space_limit: 100 * gigabyte, space_used: 99 * gigabyte, space_reclaimable: 0 },
    expected: { percent: '< 85' },
    steps: [showArea, showUsage, 'online manual', 'online manual'],
    verify,
  },
  {
    when: 'full of backups, in an area without a name',
    code: 'AREA_FULL',
    on: 'instance ORCL',
    params: { area: '-', percent: 99, largest: 'BACKUP PIECE' },
    observed: { space_limit: 100 * gigabyte, space_used: 99 * gigabyte, space_reclaimable: 0 },
    expected: { percent: '< 85' },
    steps: [showArea, showUsage, 'online manual', 'online manual'],
    verify,
  },
  {
    when: 'full, archived logs go to another place',
    code: 'AREA_FILLING',
    on: 'instance ORCL',
    params: { area: '+RECO', percent: 99, largest: 'BACKUP PIECE' },
    observed: { space_limit: 100 * gigabyte, space_used: 99 * gigabyte, space_reclaimable: 0 },
    expected: { percent: '< 85' },
    steps: [showArea, showUsage, 'online manual', 'online manual'],
    verify,
  },
  {
    when: 'with guaranteed restore points and room',
    code: 'RESTORE_POINTS',
    on: 'instance ORCL',
    params: { names: 'BEFORE_UPGRADE, OLD' },
    observed: { guaranteed_restore_points: 2 },
    expected: { guaranteed_restore_points: 0 },
    steps: [],
  },
  {
    when: 'a restore point without a name',
    code: 'RESTORE_POINTS',
    on: 'instance ORCL',
    params: { names: '-' },
    observed: { guaranteed_restore_points: 1 },
    expected: { guaranteed_restore_points: 0 },
    steps: [],
  },
  {
    when: 'an unknown use',
    code: 'AREA_UNKNOWN',
    on: 'instance ORCL',
    params: {},
    observed: { space_limit: 100 * gigabyte, space_used: null, space_reclaimable: 0 },
    expected: { percent: '< 85' },
    steps: [],
  },
  {
    when: 'no row of an area',
    code: 'AREA_UNKNOWN',
    on: 'instance ORCL',
    params: {},
    observed: { readable: false },
    expected: { readable: true },
    steps: [],
  },
]

describe('ORACLE_RECOVERY_AREA', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts,
    details,
  })

  const observationsOf = (measured: ReturnType<typeof space>) =>
    judged(check, { answer: oracleFacts({ spaces: spaces(measured) }) }, contextFor('oracle')).observations

  it('measures what is used without what can be reclaimed, and the limit', () => {
    const object = { type: 'instance', name: 'ORCL' }
    expect(observationsOf(area(90, 15))).toEqual([
      { name: 'recovery-area-used-bytes', object, value: 75 * gigabyte, limit: 100 * gigabyte },
      { name: 'recovery-area-limit-bytes', object, value: 100 * gigabyte },
    ])
  })

  it('measures nothing where there is no area, or where it is not known', () => {
    expect(observationsOf(space({ total_bytes: 0 }))).toBeUndefined()
    expect(observationsOf(area(null))).toBeUndefined()
  })

  it('warns no later than it fails, whatever the policies say', () => {
    const context = contextFor('oracle')
    const strict = {
      ...context,
      thresholdsFor: () => ({
        ...context.thresholdsFor(),
        recoveryAreaWarningPercent: 100,
        recoveryAreaFailurePercent: 50,
      }),
    }
    const answer = oracleFacts({ spaces: [area(60), archivePlace('/arch')] })
    expect(judged(check, { answer }, strict).findings.map(({ message }) => message.code)).toEqual([
      'AREA_FILLING',
    ])
  })
})
