import { describe, expect, it } from 'vitest'
import type { LastBackup, ProtectedDatabase } from '../../../shared/model/protection.ts'
import type { ReplicaHistory } from '../../../shared/model/replica-history.ts'
import { protectionWithReplicas } from '../../../shared/model/replica-protection.ts'
import type { SharedDatabase } from '../../../shared/model/shared-database.ts'

const asOf = '2026-11-21T02:00:00.000Z'
const at = Date.parse(asOf)

const taken = (minutes: number): LastBackup => ({ minutes, bytes: 1000, device: 'disk', by: 'backup' })
/** Of a backup that another replica took. */
const elsewhere = (minutes: number): LastBackup => ({ minutes, bytes: null, device: null, by: null })

/** A database of which the history here does not say what would be lost, so many minutes at most. */
const open: ProtectedDatabase = {
  database: 'Sales',
  state: 'unknown',
  full: null,
  incremental: null,
  log: null,
  chain: 'unknown',
  exposureMinutes: null,
  objectiveMinutes: 60,
  worstExposureMinutes7d: null,
  restoreSeconds: null,
}

const none = { full: null, incremental: null, log: null }
const here: SharedDatabase = { groupId: 'ag1', id: 'sales', name: 'Sales', fork: 'one', ...none, open: {} }

type Known = Partial<ReplicaHistory['databases'][number]>

const replica = (known: Known): ReplicaHistory => ({
  groupId: 'ag1',
  instanceId: 'other',
  asOf,
  databases: [{ id: 'sales', fork: 'one', ...none, ...known }],
})

const merged = (
  row: Partial<ProtectedDatabase>,
  own: Partial<SharedDatabase>,
  ...others: Known[]
): ProtectedDatabase | undefined => {
  const databases = [{ ...open, ...row }]
  const totals = { 'at-risk': 0, unknown: 1, new: 0, protected: 0 }
  const protection = { databases, totals, maxAgeHours: 26 }
  return protectionWithReplicas(protection, [{ ...here, ...own }], others.map(replica), at).databases[0]
}

describe('the backups of replicas', () => {
  it.each<[string, Partial<ProtectedDatabase>, Known[], Partial<ProtectedDatabase>]>([
    ['protect up to the objective', {}, [{ full: 60 }], { state: 'protected', exposureMinutes: 60 }],
    ['leave unknown what is beyond it', {}, [{ full: 61 }], { state: 'unknown', exposureMinutes: null }],
    [
      'protect what does not change, however old they are',
      { objectiveMinutes: null },
      [{ full: 99_999 }],
      { state: 'protected', exposureMinutes: 99_999 },
    ],
    ['say nothing where none is known', { objectiveMinutes: null }, [{}], { state: 'unknown', full: null }],
    [
      'say nothing where nobody else is known',
      { full: taken(20) },
      [],
      { state: 'unknown', full: taken(20), exposureMinutes: null },
    ],
    ['count the youngest of many', {}, [{ full: 50 }, { full: 10 }, { full: 30 }], { full: elsewhere(10) }],
    ['count where some have none', {}, [{}, { full: 10 }], { full: elsewhere(10), exposureMinutes: 10 }],
    [
      'give way to one of this server that is as young',
      { full: taken(10) },
      [{ full: 10 }],
      { full: taken(10) },
    ],
    ['go before an older one of this server', { full: taken(11) }, [{ full: 10 }], { full: elsewhere(10) }],
    [
      'make no loss greater than it is here',
      { state: 'protected', exposureMinutes: 15, chain: 'intact' },
      [{ full: 40 }],
      { state: 'protected', exposureMinutes: 15, chain: 'intact' },
    ],
    [
      'do not acquit what this server knows to be at risk',
      { state: 'at-risk', exposureMinutes: 90 },
      [{ full: 40 }],
      { state: 'at-risk', exposureMinutes: 40 },
    ],
  ])('%s', (_, row, others, expected) => {
    expect(merged(row, {}, ...others)).toMatchObject(expected)
  })

  it.each<[string, Partial<SharedDatabase>, Known[], number | null]>([
    [
      'its log backups follow on theirs',
      { logs: { from: '200', to: '300' }, log: 5 },
      [{ baseLsn: '200' }],
      5,
    ],
    [
      'the youngest data backup is here',
      { baseLsn: '300' },
      [{ baseLsn: '100', logs: { from: '100', to: '200' }, log: 20 }],
      null,
    ],
    [
      'the youngest data backup is there',
      { baseLsn: '100', logs: { from: '100', to: '200' }, log: 20 },
      [{ baseLsn: '300' }],
      null,
    ],
    [
      'the youngest data backup is there, with logs that follow',
      { baseLsn: '100', logs: { from: '100', to: '200' }, log: 20 },
      [{ baseLsn: '300', logs: { from: '300', to: '400' }, log: 7 }],
      7,
    ],
    [
      'two end at the same place: the younger',
      { baseLsn: '100', logs: { from: '100', to: '200' }, log: 20 },
      [{ logs: { from: '150', to: '200' }, log: 8 }],
      8,
    ],
    ['nobody knows a data backup', { logs: { from: '100', to: '200' }, log: 5 }, [{ log: 9 }], null],
    ['no log backup leads on', { baseLsn: '100', logs: { from: '150', to: '200' }, log: 5 }, [{}], null],
    ['the age here is not known', { baseLsn: '100', logs: { from: '100', to: '200' } }, [{}], null],
    ['the age there is not known', { baseLsn: '100' }, [{ logs: { from: '100', to: '200' } }], null],
    [
      'they hold what is missing here',
      {
        baseLsn: '100',
        log: 5,
        gaps: { missing: { from: '200', to: '300' }, logs: { from: '100', to: '400' } },
      },
      [{ logs: { from: '200', to: '300' }, log: 90 }],
      5,
    ],
    [
      'they do not hold all that is missing here',
      {
        baseLsn: '100',
        log: 5,
        gaps: { missing: { from: '200', to: '300' }, logs: { from: '100', to: '400' } },
      },
      [{ logs: { from: '200', to: '299' }, log: 90 }],
      null,
    ],
  ])('are one chain of the log where %s', (_, own, others, reached) => {
    const row = merged(
      { log: own.log === undefined || own.log === null ? null : taken(own.log) },
      own,
      ...others,
    )
    const isReached = reached !== null
    expect([row?.state, row?.exposureMinutes]).toEqual([isReached ? 'protected' : 'unknown', reached])
  })

  it('leave a database without an objective unknown where no chain is reached', () => {
    const row = merged(
      { objectiveMinutes: null },
      { baseLsn: '100', logs: { from: '150', to: '200' }, log: 5 },
      {},
    )
    expect(row).toEqual({ ...open, objectiveMinutes: null })
  })

  it('say that the chain is whole only where it leads to the last log backup', () => {
    const logs = { from: '100', to: '200' }
    expect(merged({}, { baseLsn: '100' }, { logs, log: 15 })).toMatchObject({
      chain: 'intact',
      log: elsewhere(15),
    })
    expect(merged({}, { baseLsn: '100' }, { logs, log: 15 }, { log: 5 })).toMatchObject({
      chain: 'unknown',
      log: elsewhere(5),
      exposureMinutes: 15,
    })
    expect(merged({}, {}, { full: 15 })).toMatchObject({ chain: 'unknown', log: null })
  })

  it('change their own database alone, and the order and the counts with it', () => {
    const databases = [
      open,
      { ...open, database: 'HR', exposureMinutes: null },
      { ...open, database: 'Archive', state: 'protected' as const, exposureMinutes: 30 },
    ]
    const protection = {
      databases,
      totals: { 'at-risk': 0, unknown: 2, new: 0, protected: 1 },
      maxAgeHours: 26,
    }
    const shared = [{ ...here, id: 'hr', name: 'HR' }, here]
    const after = protectionWithReplicas(protection, shared, [replica({ full: 10 })], at)
    expect(after.databases.map(({ database, state }) => [database, state])).toEqual([
      ['HR', 'unknown'],
      ['Archive', 'protected'],
      ['Sales', 'protected'],
    ])
    expect(after.totals).toEqual({ 'at-risk': 0, unknown: 1, new: 0, protected: 2 })
    expect(after.maxAgeHours).toBe(26)
  })
})
