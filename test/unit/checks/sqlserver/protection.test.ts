import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-last-backup.ts'
import type { LastBackup, ProtectedDatabase } from '../../../../shared/model/protection.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type HistoryChanges,
  type SqlServerFacts,
  chain,
  database,
  historyOfSales,
  inAvailabilityGroup,
  replicasOfSales,
  sqlServerFacts,
  withSales,
} from '../../../support/facts/sqlserver.ts'

const context = contextFor('sqlserver')

const protectionOf = (facts: Partial<SqlServerFacts>, changes: Readonly<Record<string, unknown>> = {}) =>
  judged(check, { answer: sqlServerFacts(facts) }, contextFor('sqlserver', changes)).protection

const salesOf = (
  history: HistoryChanges,
  facts: Partial<SqlServerFacts> = {},
  changes: Readonly<Record<string, unknown>> = {},
): ProtectedDatabase | undefined =>
  protectionOf({ backupHistory: historyOfSales(history), ...facts }, changes)?.databases.find(
    (each) => each.database === 'Sales',
  )

const noBackup = {
  last_full_minutes: null,
  last_incremental_minutes: null,
  last_log_minutes: null,
  base_is_found: 0,
  base_is_lost: null,
} as const

const allOld = {
  last_incremental_minutes: 1501,
  last_full_minutes: 1501,
  last_log_minutes: 1501,
} as const

/** The last log backup of a healthy history, but for the changes. */
const lastLog = (changes: Partial<LastBackup>): LastBackup => ({
  minutes: 15,
  bytes: 10_000,
  device: 'disk',
  by: 'backup',
  ...changes,
})

describe('the protection of a SQL Server database', () => {
  it('says of each last backup how old and large it is, where it went and who took it', () => {
    expect(salesOf({ log_device: 7, incremental_device: 109, full_device: 42 })).toEqual({
      database: 'Sales',
      state: 'protected',
      full: { minutes: 1440, bytes: 6_000_000, device: 'other', by: 'backup' },
      incremental: { minutes: 240, bytes: 100_000, device: 'other', by: 'backup' },
      log: { minutes: 15, bytes: 10_000, device: 'virtual', by: 'backup' },
      chain: 'intact',
      exposureMinutes: 15,
      objectiveMinutes: 1500,
      worstExposureMinutes7d: 15,
      // 6,000,000 + 100,000 + 160,000 bytes at 100,000 a second.
      restoreSeconds: 63,
    })
  })

  it.each<
    [
      string,
      Partial<ProtectedDatabase>,
      HistoryChanges,
      Partial<SqlServerFacts>?,
      Readonly<Record<string, unknown>>?,
    ]
  >([
    ['a gap in the log', { chain: 'broken', exposureMinutes: 240 }, { log_gaps: 1 }],
    ['a log backup that was discarded', { chain: 'broken', exposureMinutes: 240 }, { log_lost: 1 }],
    ['a damaged backup', { chain: 'broken', exposureMinutes: 240 }, { damaged_backups: 1 }],
    ['a base that is lost', { exposureMinutes: 1440 }, { log_gaps: 1, base_is_lost: 1 }],
    ['a base that nobody knows', { exposureMinutes: 1440 }, { log_gaps: 1, base_is_found: 0 }],
    ['gaps that are not known', { chain: 'unknown', exposureMinutes: 240 }, { log_gaps: null }],
    [
      'as many gaps as log backups that were discarded',
      { chain: 'broken', exposureMinutes: 240 },
      { log_gaps: 1, log_lost: 1 },
    ],
    ['discarded log backups that are not known', { chain: 'unknown' }, { log_lost: null }],
    ['damage that is not known', { chain: 'unknown' }, { damaged_backups: null }],
    ['a device that is not known', { log: lastLog({ device: null }) }, { log_device: null }],
    ['an account that is not known', { log: lastLog({ by: null }) }, { log_user: null }],
    ['a name that no account has', { log: lastLog({ by: 'x'.repeat(128) }) }, { log_user: 'x'.repeat(129) }],
    [
      'a log backup of this minute',
      { log: lastLog({ minutes: 0 }), exposureMinutes: 0, worstExposureMinutes7d: 15 },
      { last_log_minutes: 0 },
    ],
    ['no log backup', { chain: 'none', log: null, exposureMinutes: 240 }, { last_log_minutes: null }],
    [
      'the SIMPLE recovery model, whose objective is that of full backups',
      { chain: 'none', exposureMinutes: 240, objectiveMinutes: 10_080 },
      {},
      { databases: withSales({ recovery_model_desc: 'SIMPLE' }) },
    ],
    [
      'the SIMPLE recovery model, natively: incremental backups are taken of it',
      { chain: 'none', objectiveMinutes: 1500 },
      {},
      { databases: withSales({ recovery_model_desc: 'SIMPLE' }) },
      { profile: 'native' },
    ],
    [
      'a plan with log backups and without incremental ones',
      { objectiveMinutes: 1500 },
      {},
      {},
      { operations: ['full', 'log', 'restore'] },
    ],
    [
      'a plan with full backups alone',
      { objectiveMinutes: 10_080 },
      {},
      {},
      { operations: ['full', 'restore'] },
    ],
    [
      'as if it were SIMPLE',
      { chain: 'broken', exposureMinutes: 240 },
      {},
      { chains: [chain({ has_log_chain: 0 })] },
    ],
    [
      'nothing changes in it',
      { state: 'protected', objectiveMinutes: null },
      { last_full_minutes: 40_000, last_incremental_minutes: null, last_log_minutes: null },
      { databases: withSales({ is_read_only: true }) },
    ],
    [
      'there never was a backup',
      { state: 'at-risk', exposureMinutes: 500_000, full: null },
      noBackup,
      { databases: withSales({ has_differential_base: 0 }) },
    ],
    [
      'there is none yet',
      { state: 'new', exposureMinutes: 60 },
      { ...noBackup, database_minutes: 60 },
      { databases: withSales({ has_differential_base: 0 }) },
    ],
    [
      'it was created this minute',
      { state: 'new', exposureMinutes: 0 },
      { ...noBackup, database_minutes: 0 },
      { databases: withSales({ has_differential_base: 0 }) },
    ],
    [
      'there are copies alone, on which nothing is based',
      { state: 'protected', exposureMinutes: 15 },
      {},
      { databases: withSales({ has_differential_base: 0 }) },
    ],
    ['msdb shows none', { state: 'unknown', exposureMinutes: null }, noBackup],
    [
      'all are old, and it was renamed',
      { state: 'unknown', exposureMinutes: null },
      {
        last_incremental_minutes: 9000,
        last_full_minutes: 9000,
        last_log_minutes: 9000,
        other_server_backups: 3,
      },
    ],
    ['all are old', { state: 'at-risk', exposureMinutes: 1501 }, allOld],
    ['a clock was set back', { state: 'protected', log: null }, { last_log_minutes: -90 }],
    ...(['last_full_minutes', 'last_incremental_minutes', 'last_log_minutes'] as const).map(
      (column): [string, Partial<ProtectedDatabase>, HistoryChanges] => [
        `a clock was set back, and all is old but for ${column}`,
        { state: 'unknown', worstExposureMinutes7d: null },
        { ...allOld, [column]: -90 },
      ],
    ),
    ['the size is not known', { restoreSeconds: null }, { full_bytes: null }],
    ['the time that it took is not known', { restoreSeconds: null }, { full_seconds: null }],
    ['the history begins in the week', { worstExposureMinutes7d: null }, { first_point_minutes: 3000 }],
  ])('%s', (_, expected, history, facts, registered) => {
    expect(salesOf(history, facts, registered)).toMatchObject(expected)
  })

  it('has no log backups of master to go by, whatever its recovery model', () => {
    const [master, ...others] = withSales()
    const databases = [{ ...master!, recovery_model_desc: 'FULL' }, ...others]
    const found = protectionOf({ databases })?.databases.find((each) => each.database === 'master')
    expect(found).toMatchObject({ chain: 'none', exposureMinutes: 240 })
  })

  it('is unknown where another replica may have taken younger backups', () => {
    const group = { databases: withSales(inAvailabilityGroup), replicas: replicasOfSales('PRIMARY') }
    const old = { last_full_minutes: 3000, last_incremental_minutes: null, last_log_minutes: 2000 }
    expect(salesOf(old, group)).toMatchObject({ state: 'unknown', exposureMinutes: null })
    expect(salesOf({ log_gaps: 2 }, group)).toMatchObject({ state: 'protected', chain: 'unknown' })
    expect(salesOf({}, group)).toMatchObject({ state: 'protected', exposureMinutes: 15 })
  })

  it('is not told of a secondary, and of what its owner leaves out', () => {
    const secondary = { databases: withSales(inAvailabilityGroup), replicas: replicasOfSales('SECONDARY') }
    expect(salesOf({}, secondary)).toBeUndefined()
    const databases = [{ name: 'Sal*', exclude: [check.id] }]
    expect(salesOf({}, {}, { databases })).toBeUndefined()
  })

  it('is told of one that is not online, which is when it counts', () => {
    const databases = withSales({ state_desc: 'SUSPECT' })
    expect(salesOf({}, { databases })?.full).not.toBeNull()
  })

  it('counts 32,767 databases and holds the worst', () => {
    const databases = Array.from({ length: 32_767 }, (_, index) => database(index + 5, `db${index}`))
    const backupHistory = databases.map(({ database_id }, index) => ({
      ...historyOfSales()[3]!,
      database_id,
      ...(index === 30_000 && {
        last_full_minutes: 9000,
        last_incremental_minutes: null,
        last_log_minutes: null,
      }),
    }))
    const { protection } = judged(check, { answer: sqlServerFacts({ databases, backupHistory }) }, context)
    expect(protection?.totals).toEqual({ 'at-risk': 1, unknown: 0, new: 0, protected: 32_766 })
    expect(protection?.databases[0]?.database).toBe('db30000')
    expect(protection?.databases).toHaveLength(100)
  })
})
