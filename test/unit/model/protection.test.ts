import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type KnownBackups,
  ProtectedDatabase,
  type ProtectionChange,
  type ProtectionState,
  maxProtectedDatabases,
  protectionChange,
  protectionOf,
  protectionOfAll,
  stateIn,
  stateNow,
} from '../../../shared/model/protection.ts'

const backup = (minutes: number, bytes: number | null = 1000) => ({
  minutes,
  bytes,
  device: 'disk' as const,
  by: 'backup',
})

/** A full backup of yesterday, an incremental one and log backups since, all in order; `changes` go over it. */
const known = (changes: Partial<KnownBackups> = {}): KnownBackups => ({
  database: 'Sales',
  full: backup(1440, 60_000),
  incremental: backup(240, 6000),
  log: backup(15),
  chain: 'intact',
  hasBase: true,
  isWholeWithoutLog: true,
  isNeverBackedUp: false,
  isCertain: true,
  ageMinutes: 500_000,
  lastWeek: { worstGapMinutes: 30, firstPointMinutes: null },
  logBytes: 600,
  bytesPerSecond: 100,
  ...changes,
})

const aims = { objectiveMinutes: 60, graceMinutes: 1440 }
const never = { full: null, incremental: null, log: null, chain: 'none', isNeverBackedUp: true } as const

describe('what would be lost of a database', () => {
  it.each<[string, Partial<KnownBackups>, ProtectionState, number | null]>([
    ['since its last log backup', {}, 'protected', 15],
    ['at the objective', { log: backup(60) }, 'protected', 60],
    ['beyond it', { log: backup(61) }, 'at-risk', 61],
    ['since its incremental one, where a log backup is missing', { chain: 'broken' }, 'at-risk', 240],
    ['since its full one, where the base is lost too', { chain: 'broken', hasBase: false }, 'at-risk', 1440],
    ['where it is unknown whether it has one', { chain: 'broken', hasBase: null }, 'at-risk', 1440],
    ['where it is unknown whether logs follow on', { chain: 'unknown' }, 'unknown', null],
    ['where they are not needed for that', { chain: 'unknown', full: backup(20) }, 'protected', 20],
    ['without log backups by design', { chain: 'none', log: null }, 'at-risk', 240],
    ['with logs and no full backup that they belong to', { full: null }, 'unknown', null],
    ['where another replica may have younger ones', { isCertain: false, log: backup(90) }, 'unknown', null],
    ['where that does not matter', { isCertain: false }, 'protected', 15],
    ['all of it, of one that never had a backup', never, 'at-risk', 500_000],
    ['all of it, and nobody knows how much', { ...never, ageMinutes: null }, 'at-risk', null],
    ['of one that is new', { ...never, ageMinutes: 1439 }, 'new', 1439],
    ['of one that is not new any more', { ...never, ageMinutes: 1440 }, 'at-risk', 1440],
    ['where a replica may have its only backup', { ...never, isCertain: false }, 'unknown', null],
    ['of an open one, since its log backup', { isWholeWithoutLog: false, full: backup(5) }, 'protected', 15],
    ['of an open one without logs', { isWholeWithoutLog: false, chain: 'none', log: null }, 'unknown', null],
    [
      'of an open one whose logs are lost, no less',
      { isWholeWithoutLog: false, chain: 'broken', full: backup(5), log: backup(90) },
      'at-risk',
      90,
    ],
  ])('%s', (_, changes, state, exposureMinutes) => {
    expect(protectionOf(known(changes), aims)).toMatchObject({ state, exposureMinutes })
  })

  it('is nothing new where nothing changes', () => {
    const idle = protectionOf(known({ chain: 'none' }), { ...aims, objectiveMinutes: null })
    expect(idle.state).toBe('protected')
    expect(protectionOf(known(never), { ...aims, objectiveMinutes: null }).state).toBe('at-risk')
  })

  it.each<[string, Partial<KnownBackups>, number | null]>([
    ['is the largest gap', {}, 30],
    ['is the last one, which goes on', { log: backup(45) }, 45],
    [
      'is unknown where the history begins in the week',
      { lastWeek: { worstGapMinutes: 30, firstPointMinutes: 9000 } },
      null,
    ],
    [
      'begins with a young database',
      { ageMinutes: 9060, lastWeek: { worstGapMinutes: 30, firstPointMinutes: 9000 } },
      60,
    ],
    ['is unknown where points are', { lastWeek: null }, null],
    ['is unknown where others may have more backups', { isCertain: false }, null],
  ])('the worst of the week %s', (_, changes, worst) => {
    expect(protectionOf(known(changes), aims).worstExposureMinutes7d).toBe(worst)
  })

  it.each<[string, Partial<KnownBackups>, number | null]>([
    ['the full, the incremental and the log backups', {}, 666],
    ['no incremental backup that is older than the full one', { incremental: backup(2000, 6000) }, 606],
    ['nothing where the size is unknown', { full: backup(1440, null) }, null],
    ['nothing where the throughput is', { bytesPerSecond: null }, null],
  ])('a restore takes as long as it takes to read %s', (_, changes, seconds) => {
    expect(protectionOf(known(changes), aims).restoreSeconds).toBe(seconds)
  })
})

const anyAge = fc.nat({ max: 20_000 })
const anyBackup = fc.option(
  anyAge.map((minutes) => backup(minutes)),
  { nil: null },
)
const anyKnown: fc.Arbitrary<KnownBackups> = fc.record({
  database: fc.constantFrom('Sales', 'HR', 'Orders'),
  full: anyBackup,
  incremental: anyBackup,
  log: anyBackup,
  chain: fc.constantFrom('intact', 'broken', 'unknown', 'none'),
  hasBase: fc.constantFrom(true, false, null),
  isWholeWithoutLog: fc.boolean(),
  isNeverBackedUp: fc.constant(false),
  isCertain: fc.boolean(),
  ageMinutes: fc.option(anyAge, { nil: null }),
  lastWeek: fc.option(
    fc.record({
      worstGapMinutes: fc.option(anyAge, { nil: null }),
      firstPointMinutes: fc.option(anyAge, { nil: null }),
    }),
    { nil: null },
  ),
  logBytes: fc.option(anyAge, { nil: null }),
  bytesPerSecond: fc.option(anyAge, { nil: null }),
})
const anyAims = fc.record({ objectiveMinutes: fc.option(anyAge, { nil: null }), graceMinutes: anyAge })
const lossOf = (database: KnownBackups) => protectionOf(database, aims).exposureMinutes

describe('exposure', () => {
  it('is never less than the age of the youngest backup, and the worst of the week never less than it', () => {
    fc.assert(
      fc.property(anyKnown, anyAims, (database, own) => {
        const { exposureMinutes, worstExposureMinutes7d } = protectionOf(database, own)
        const ages = [database.full, database.incremental, database.log].flatMap(
          (each) => each?.minutes ?? [],
        )
        if (exposureMinutes !== null) expect(exposureMinutes).toBeGreaterThanOrEqual(Math.min(...ages))
        if (worstExposureMinutes7d !== null)
          expect(worstExposureMinutes7d).toBeGreaterThanOrEqual(exposureMinutes ?? Number.POSITIVE_INFINITY)
      }),
    )
  })

  it('is never smaller with a broken chain, a lost base or a missing backup', () => {
    fc.assert(
      fc.property(anyKnown, (database) => {
        const sound = { ...database, isCertain: true }
        const whole = lossOf({ ...sound, chain: 'intact', hasBase: true })
        for (const worse of [
          { ...sound, chain: 'broken' as const, hasBase: true },
          { ...sound, chain: 'intact' as const, hasBase: false },
          { ...sound, chain: 'broken' as const, hasBase: null },
          { ...sound, chain: 'intact' as const, hasBase: true, full: null },
        ]) {
          const loss = lossOf(worse)
          if (loss !== null) expect(loss).toBeGreaterThanOrEqual(whole ?? Number.POSITIVE_INFINITY)
        }
      }),
    )
  })

  it('is known and within the objective wherever a database counts as protected', () => {
    fc.assert(
      fc.property(anyKnown, anyAims, (database, own) => {
        const judged = protectionOf(database, own)
        expect(ProtectedDatabase.safeParse(judged).error).toBeUndefined()
        if (judged.state !== 'protected') return
        expect(judged.exposureMinutes).not.toBeNull()
        expect(judged.exposureMinutes).toBeLessThanOrEqual(own.objectiveMinutes ?? Number.POSITIVE_INFINITY)
      }),
    )
  })
})

const many = (count: number, changes: Partial<KnownBackups>) =>
  Array.from({ length: count }, (_, index) =>
    protectionOf(known({ database: `db${index}`, ...changes }), aims),
  )

describe('the protection of an instance', () => {
  it('counts all databases and holds the worst of very many', () => {
    const databases = [
      ...many(32_000, {}),
      ...many(40, { log: backup(70) }),
      ...many(80, { lastWeek: null, full: null }),
    ]
    const protection = protectionOfAll(databases, 25)
    expect(protection?.totals).toEqual({ 'at-risk': 40, unknown: 80, new: 0, protected: 32_000 })
    expect(protection?.databases.length).toBe(maxProtectedDatabases)
    expect(protection?.databases.map(({ state }) => state).join(' ')).toBe(
      [...Array.from({ length: 40 }, () => 'at-risk'), ...Array.from({ length: 60 }, () => 'unknown')].join(
        ' ',
      ),
    )
    expect(JSON.stringify(protection).length).toBeLessThan(64 * 1024)
  })

  it('puts what would lose more first, and names in order', () => {
    const databases = [
      ...many(1, { database: 'b', log: backup(70) }),
      ...many(1, { database: 'c', log: backup(90) }),
      ...many(1, { database: 'a', log: backup(70) }),
    ]
    expect(protectionOfAll(databases, 25)?.databases.map(({ database }) => database)).toEqual(['c', 'a', 'b'])
  })

  it('is nothing where no database is judged', () => {
    expect(protectionOfAll([], 25)).toBeNull()
  })

  it('is unknown once the precheck is too old', () => {
    const seen = { asOf: '2026-11-21T02:00:00.000Z', maxAgeHours: 25 }
    expect(stateNow('protected', seen, new Date('2026-11-22T03:00:00.000Z'))).toBe('protected')
    expect(stateNow('protected', seen, new Date('2026-11-22T03:00:00.001Z'))).toBe('unknown')
  })
})

const protectionWith = (changes: Partial<KnownBackups>) => protectionOfAll(many(1, changes), 25)
const good = protectionWith({})
const bad = protectionWith({ log: backup(70) })
const unknown = protectionWith({ full: null })

describe('a change of protection', () => {
  it.each<[string, typeof good, ProtectionChange['state'] | null, ProtectionChange | null]>([
    ['nothing is known yet', null, null, null],
    ['what is known first is no news', bad, null, { state: 'at-risk' }],
    ['that all is well neither', good, null, { state: 'protected' }],
    ['more would be lost', bad, 'protected', { state: 'at-risk', change: 'at-risk' }],
    ['it still would', bad, 'at-risk', { state: 'at-risk' }],
    ['no more', good, 'at-risk', { state: 'protected', change: 'restored' }],
    ['it is not known any more, which restores nothing', unknown, 'at-risk', { state: 'at-risk' }],
    ['no item says', null, 'at-risk', { state: 'at-risk' }],
    ['it was never known', unknown, null, null],
  ])('%s', (_, protection, before, change) => {
    expect(protectionChange(protection, before)).toEqual(change)
  })

  it('goes by the worst database', () => {
    expect([good, bad, unknown].map((each) => each && stateIn(each))).toEqual([
      'protected',
      'at-risk',
      'unknown',
    ])
  })
})
