import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-last-backup.ts'
import type { ProtectedDatabase } from '../../../../shared/model/protection.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  backup,
  database,
  destination,
  hours,
  oracleFacts,
} from '../../../support/facts/oracle.ts'

const protectionOf = (facts: Partial<OracleFacts>, changes = {}): ProtectedDatabase | undefined =>
  judged(check, { answer: oracleFacts(facts) }, contextFor('oracle', changes)).protection?.databases[0]

const withBackup = (changes: Parameters<typeof backup>[0]) => ({ backups: [backup(changes)] })

describe('the protection of an Oracle database', () => {
  it('says of each last backup how old and large it is and where it went', () => {
    const last = { device: 'tape', by: 'RMAN' } as const
    expect(protectionOf({})).toEqual({
      database: 'ORCL',
      state: 'protected',
      full: { minutes: hours(72), bytes: 6_000_000_000, ...last },
      incremental: { minutes: hours(10), bytes: null, ...last },
      log: { minutes: 10, bytes: null, ...last },
      chain: 'intact',
      exposureMinutes: 10,
      objectiveMinutes: 1500,
      worstExposureMinutes7d: 15,
      restoreSeconds: 60,
    })
  })

  it.each<[string, Partial<ProtectedDatabase>, Partial<OracleFacts>]>([
    [
      'a log that is lost',
      { chain: 'broken', exposureMinutes: hours(10) },
      withBackup({ lost_since_backup: 1 }),
    ],
    [
      'unknown logs',
      { chain: 'unknown', exposureMinutes: hours(10) },
      withBackup({ lost_since_backup: null }),
    ],
    [
      'a full backup of an open database, the last of all, that is younger than its logs',
      { incremental: null, exposureMinutes: 90 },
      withBackup({ full_minutes: 5, backup_minutes: 5, log_minutes: 90 }),
    ],
    ['no incremental backup', { incremental: null }, withBackup({ backup_minutes: null })],
    [
      'logs that were backed up this minute',
      { log: { minutes: 0, bytes: null, device: 'tape', by: 'RMAN' }, exposureMinutes: 0 },
      withBackup({ log_minutes: 0 }),
    ],
    [
      'data that was backed up this minute',
      { state: 'protected', exposureMinutes: 10, worstExposureMinutes7d: 15 },
      withBackup({ backup_minutes: 0 }),
    ],
    [
      'no log backup',
      { state: 'unknown', exposureMinutes: null, chain: 'none' },
      withBackup({ log_minutes: null }),
    ],
    [
      'no archived logs at all',
      { chain: 'none', exposureMinutes: hours(10), worstExposureMinutes7d: null },
      { database: [database({ log_mode: 'NOARCHIVELOG' })] },
    ],
    [
      'neither archived logs nor log backups',
      { state: 'protected', chain: 'none', log: null, exposureMinutes: hours(10) },
      { database: [database({ log_mode: 'NOARCHIVELOG' })], ...withBackup({ log_minutes: null }) },
    ],
    [
      'files without a backup',
      { state: 'unknown', full: null, incremental: null },
      withBackup({ files_without_full: 1 }),
    ],
    ['logs that are too old', { state: 'at-risk', exposureMinutes: 1501 }, withBackup({ log_minutes: 1501 })],
    [
      'backups of another copy',
      { state: 'unknown', exposureMinutes: null },
      {
        ...withBackup({ log_minutes: 1501 }),
        destinations: [destination(), destination({ target: 'STANDBY' })],
      },
    ],
    ['logs that were lost this week', { worstExposureMinutes7d: null }, withBackup({ lost_recently: 1 })],
    ['a clock that was set back', { log: null, state: 'unknown' }, withBackup({ log_minutes: -60 })],
    [
      'a clock that was set back before the last incremental backup',
      { incremental: null, exposureMinutes: 10, worstExposureMinutes7d: null },
      withBackup({ backup_minutes: -1 }),
    ],
    ['a throughput that is unknown', { restoreSeconds: null }, withBackup({ bytes_per_second: null })],
    [
      'a new kind of device',
      { log: { minutes: 10, bytes: null, device: 'other', by: 'RMAN' } },
      withBackup({ log_device: 'CLOUD' }),
    ],
    [
      'a device that nobody knows',
      { log: { minutes: 10, bytes: null, device: null, by: 'RMAN' } },
      withBackup({ log_device: null }),
    ],
  ])('%s', (_, expected, facts) => {
    expect(protectionOf(facts)).toMatchObject(expected)
  })

  it.each([
    ['full', hours(168)],
    ['incremental', 1500],
    ['log', 1500],
  ])('has the objective of full backups where only those are planned: %s', (operation, minutes) => {
    expect(protectionOf({}, { operations: [operation] })?.objectiveMinutes).toBe(minutes)
  })
})
