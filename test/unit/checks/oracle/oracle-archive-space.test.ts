import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-archive-space.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  archivePlace,
  database,
  diskGroup,
  gigabyte,
  oracleFacts,
  space,
  spaces,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  groupView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ASM_DISKGROUP.html',
  destinationView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ARCHIVE_DEST.html',
  archivedLogs: 'Oracle Database Administrator’s Guide, Specifying Archive Destinations',
  fileNames: 'Oracle Automatic Storage Management Administrator’s Guide, About Oracle ASM File Names',
  mirroring: 'Oracle Automatic Storage Management Administrator’s Guide, Managing Capacity in Disk Groups',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

/** A disk group of 1000 gigabytes with that much free. */
const withFree = (name: string, free: number) => diskGroup(name, { used_bytes: (1000 - free) * gigabyte })

const mandatory = (path: string) => archivePlace(path, 'MANDATORY')

const full = { code: 'GROUP_FULL', on: 'instance ORCL +DATA', blocks: backups } as const
const filling = { code: 'GROUP_FILLING', on: 'instance ORCL +DATA', degrades: backups } as const
const unknown = { code: 'GROUP_UNKNOWN', on: 'instance ORCL +DATA', obscures: backups } as const
const nowhere = { code: 'PLACE_UNKNOWN', on: 'instance ORCL', obscures: backups } as const

const verdicts: readonly Row[] = [
  {
    when: 'a recovery area in a disk group with room',
    status: 'passed',
    findings: [],
    observed: { disk_groups: 1, other_destinations: 0 },
    manual: 'groupView',
  },
  {
    when: 'another file system alone',
    facts: { spaces: [archivePlace('/arch'), withFree('DATA', 0)] },
    status: 'passed',
    findings: [],
    observed: { disk_groups: 0, other_destinations: 1 },
    manual: 'destinationView',
  },
  {
    when: 'a path in which a plus stands later',
    facts: { spaces: [archivePlace('/arch/+DATA'), withFree('DATA', 0)] },
    status: 'passed',
    findings: [],
    observed: { disk_groups: 0, other_destinations: 1 },
    manual: 'fileNames',
  },
  {
    when: 'a disk group without a name beside one with room',
    facts: { spaces: [archivePlace('+DATA'), diskGroup(null), diskGroup('DATA')] },
    status: 'passed',
    findings: [],
    manual: 'groupView',
  },
  {
    when: 'another disk group is full',
    facts: { spaces: [archivePlace('+RECO'), diskGroup('RECO'), withFree('DATA', 0)] },
    status: 'passed',
    findings: [],
    manual: 'groupView',
  },
  {
    when: 'just enough is free',
    facts: { spaces: [archivePlace('+DATA'), withFree('DATA', 150)] },
    status: 'passed',
    findings: [],
    manual: 'groupView',
  },
  {
    when: 'little is free',
    facts: { spaces: [archivePlace('+DATA/ORCL/arch'), withFree('DATA', 149)] },
    status: 'warning',
    findings: [filling],
    manual: 'fileNames',
  },
  {
    when: 'nearly nothing is free',
    facts: { spaces: [archivePlace('+DATA'), withFree('DATA', 29)] },
    status: 'failed',
    findings: [full],
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'ready' } },
    manual: 'archivedLogs',
  },
  {
    when: 'a name in lower case, nearly nothing is free',
    facts: { spaces: [archivePlace('+data'), withFree('DATA', 29)] },
    status: 'failed',
    findings: [full],
    manual: 'fileNames',
  },
  {
    when: 'three percent are free',
    facts: { spaces: [archivePlace('+DATA'), withFree('DATA', 30)] },
    status: 'warning',
    findings: [filling],
    manual: 'groupView',
  },
  {
    when: 'the disk group below the recovery area is full',
    facts: {
      spaces: [space({ name: '+DATA' }), archivePlace('USE_DB_RECOVERY_FILE_DEST'), withFree('DATA', 0)],
    },
    status: 'failed',
    findings: [full],
    manual: 'archivedLogs',
  },
  {
    when: 'full, an optional destination beside another one',
    facts: { spaces: [archivePlace('+DATA'), archivePlace('/arch'), withFree('DATA', 0)] },
    status: 'warning',
    findings: [{ code: 'GROUP_FULL', on: 'instance ORCL +DATA', degrades: backups }],
    manual: 'archivedLogs',
  },
  {
    when: 'full, a mandatory destination beside another one',
    facts: { spaces: [mandatory('+DATA'), archivePlace('/arch'), withFree('DATA', 0)] },
    status: 'failed',
    findings: [full],
    manual: 'archivedLogs',
  },
  {
    when: 'full, a destination of unknown binding beside another one',
    facts: { spaces: [archivePlace('+DATA', null), archivePlace('/arch'), withFree('DATA', 0)] },
    status: 'failed',
    findings: [full],
    manual: 'archivedLogs',
  },
  {
    when: 'full, two destinations in it',
    facts: { spaces: [archivePlace('+DATA/a'), archivePlace('+DATA/b'), withFree('DATA', 0)] },
    status: 'failed',
    findings: [full],
    manual: 'archivedLogs',
  },
  {
    when: 'two full disk groups',
    facts: {
      spaces: [mandatory('+DATA'), archivePlace('+RECO'), withFree('DATA', 0), withFree('RECO', 0)],
    },
    status: 'failed',
    findings: [full, { code: 'GROUP_FULL', on: 'instance ORCL +RECO', degrades: backups }],
    manual: 'archivedLogs',
  },
  {
    when: 'a failed disk could not be mirrored again',
    facts: { spaces: [archivePlace('+DATA'), diskGroup('DATA', { usable_bytes: -gigabyte })] },
    status: 'warning',
    findings: [{ code: 'GROUP_WITHOUT_SPARE', on: 'instance ORCL +DATA', degrades: backups }],
    manual: 'mirroring',
  },
  {
    when: 'a failed disk could just be mirrored again',
    facts: { spaces: [archivePlace('+DATA'), diskGroup('DATA', { usable_bytes: 0 })] },
    status: 'passed',
    findings: [],
    manual: 'mirroring',
  },
  {
    when: 'a disk group that is not shown',
    facts: { spaces: [archivePlace('+DATA')] },
    status: 'error',
    findings: [unknown],
    manual: 'groupView',
  },
  {
    when: 'a disk group without numbers, since it is not mounted',
    facts: { spaces: [archivePlace('+DATA'), diskGroup('DATA', { total_bytes: 0, used_bytes: 0 })] },
    status: 'error',
    findings: [unknown],
    manual: 'groupView',
  },
  {
    when: 'an unknown size',
    facts: { spaces: [archivePlace('+DATA'), diskGroup('DATA', { total_bytes: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'groupView',
  },
  {
    when: 'an unknown use',
    facts: { spaces: [archivePlace('+DATA'), diskGroup('DATA', { used_bytes: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'groupView',
  },
  {
    when: 'unknown whether a failed disk could be mirrored again',
    facts: { spaces: [archivePlace('+DATA'), diskGroup('DATA', { usable_bytes: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'mirroring',
  },
  {
    when: 'an unknown destination',
    facts: { spaces: [archivePlace(null)] },
    status: 'error',
    findings: [nowhere],
    observed: { disk_groups: 0, other_destinations: 0 },
    manual: 'destinationView',
  },
  {
    when: 'a recovery area nobody knows where',
    facts: { spaces: spaces(space({ name: null })) },
    status: 'error',
    findings: [nowhere],
    manual: 'destinationView',
  },
  {
    when: 'a recovery area of which there is no row',
    facts: { spaces: [archivePlace('USE_DB_RECOVERY_FILE_DEST')] },
    status: 'error',
    findings: [nowhere],
    manual: 'destinationView',
  },
  {
    when: 'full, an optional destination beside an unknown one',
    facts: { spaces: [archivePlace('+DATA'), archivePlace(null), withFree('DATA', 0)] },
    status: 'failed',
    findings: [nowhere, full],
    manual: 'archivedLogs',
  },
  {
    when: 'full, in NOARCHIVELOG',
    facts: {
      database: [database({ log_mode: 'NOARCHIVELOG' })],
      spaces: [archivePlace('+DATA'), withFree('DATA', 0)],
    },
    status: 'passed',
    findings: [],
    manual: 'archivedLogs',
  },
  {
    when: 'full, of a far sync instance',
    facts: {
      database: [database({ database_role: 'FAR SYNC' })],
      spaces: [archivePlace('+DATA'), withFree('DATA', 0)],
    },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const showGroups =
  'online sqlplus: SELECT name, state, total_mb, free_mb, usable_file_mb FROM v$asm_diskgroup_stat;'
const verify = 'sqlplus: SELECT name, state, total_mb, free_mb, usable_file_mb FROM v$asm_diskgroup_stat;'
const steps = [showGroups, 'online manual', 'online manual']
const usable = 200 * gigabyte

const details: readonly DetailRow[] = [
  {
    when: 'nearly nothing is free',
    code: 'GROUP_FULL',
    on: 'instance ORCL +DATA',
    params: { group: 'DATA', percent: 2.9 },
    observed: { total_bytes: 1000 * gigabyte, used_bytes: 971 * gigabyte, usable_bytes: usable },
    expected: { free_percent: '>= 15' },
    steps,
    verify,
  },
  {
    when: 'little is free',
    code: 'GROUP_FILLING',
    on: 'instance ORCL +DATA',
    params: { group: 'DATA', percent: 14.9 },
    observed: { total_bytes: 1000 * gigabyte, used_bytes: 851 * gigabyte, usable_bytes: usable },
    expected: { free_percent: '>= 15' },
    steps,
    verify,
  },
  {
    when: 'a failed disk could not be mirrored again',
    code: 'GROUP_WITHOUT_SPARE',
    on: 'instance ORCL +DATA',
    params: { group: 'DATA', percent: 50 },
    observed: { total_bytes: 1000 * gigabyte, used_bytes: 500 * gigabyte, usable_bytes: -gigabyte },
    expected: { usable_bytes: '>= 0' },
    steps,
    verify,
  },
  {
    when: 'a disk group that is not shown',
    code: 'GROUP_UNKNOWN',
    on: 'instance ORCL +DATA',
    params: { group: 'DATA', percent: '-' },
    observed: { total_bytes: null, used_bytes: null, usable_bytes: null },
    expected: { free_percent: '>= 15' },
    steps: [],
  },
  {
    when: 'an unknown destination',
    code: 'PLACE_UNKNOWN',
    on: 'instance ORCL',
    params: {},
    observed: { destination: null },
    expected: { destination: 'known' },
    steps: [],
  },
]

describe('ORACLE_ARCHIVE_SPACE', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts,
    details,
  })

  it('measures what is free in each disk group that takes archived logs', () => {
    const places = [archivePlace('+DATA'), archivePlace('+GONE'), withFree('DATA', 20), diskGroup('RECO')]
    const answer = oracleFacts({ spaces: places })
    expect(judged(check, { answer }, contextFor('oracle')).observations).toEqual([
      {
        name: 'archive-disk-group-free-bytes',
        object: { type: 'instance', name: 'ORCL +DATA' },
        value: 20 * gigabyte,
        limit: 0,
      },
    ])
  })

  it.each([{ total_bytes: null }, { used_bytes: null }])(
    'measures nothing that is not known: %o',
    (unknownOf) => {
      const answer = oracleFacts({ spaces: [archivePlace('+DATA'), diskGroup('DATA', unknownOf)] })
      expect(judged(check, { answer }, contextFor('oracle')).observations).toBeUndefined()
    },
  )
})
