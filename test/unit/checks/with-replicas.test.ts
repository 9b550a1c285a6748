import { describe, expect, it } from 'vitest'
import type { Check } from '../../../shared/checks/framework/define-check.ts'
import baseCheck from '../../../shared/checks/sqlserver/sql-server-differential-base.ts'
import check from '../../../shared/checks/sqlserver/sql-server-last-backup.ts'
import chainCheck from '../../../shared/checks/sqlserver/sql-server-log-chain.ts'
import { withReplicas as mergedWith } from '../../../shared/checks/with-replicas.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import { type ReplicaHistory, knownElsewhere } from '../../../shared/model/replica-history.ts'
import { contextFor, judged } from '../../support/context.ts'
import {
  type HistoryChanges,
  historyOfSales,
  inAvailabilityGroup,
  replicasOfSales,
  sqlServerFacts,
  withSales,
} from '../../support/facts/sqlserver.ts'

const now = new Date('2026-11-21T02:00:00Z')
const minutesAgo = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString()

/** What the item says of `Sales`, which is in a group, with this history on this replica. */
const seenWith = (changes: HistoryChanges, role = 'PRIMARY'): ItemResult =>
  judged(
    check,
    {
      answer: sqlServerFacts({
        databases: withSales(inAvailabilityGroup),
        replicas: replicasOfSales(role),
        backupHistory: historyOfSales(changes),
      }),
    },
    contextFor('sqlserver'),
  )

/** The history here shows a full backup of last week, and none since. */
const alone = () =>
  seenWith({ last_full_minutes: 10 * 1440, last_incremental_minutes: null, last_log_minutes: null })

/** Another replica that knows so much of the first database of a result. */
const replica = (
  { shared = [] }: ItemResult,
  ages: Partial<ReplicaHistory['databases'][number]>,
  asOf = minutesAgo(0),
): ReplicaHistory => {
  const [own] = shared
  if (!own) throw new Error('The result tells of no database in a group')
  const none = { full: null, incremental: null, log: null }
  return {
    groupId: own.groupId,
    instanceId: 'other',
    asOf,
    databases: [{ id: own.id, ...(own.fork && { fork: own.fork }), ...none, ...ages }],
  }
}

const withReplicas = (result: ItemResult, replicas: readonly ReplicaHistory[], at: Date): ItemResult =>
  mergedWith(result, result.shared ?? [], replicas, at)

/** What an item says of `Sales`, which is in a group, with what the item of ages shares of it, after a merge. */
const mergedOf = (
  item: Check,
  changes: HistoryChanges,
  ofReplica: Partial<ReplicaHistory['databases'][number]>,
  asOf?: string,
): ItemResult => {
  const answer = sqlServerFacts({
    databases: withSales(inAvailabilityGroup),
    replicas: replicasOfSales('PRIMARY'),
    backupHistory: historyOfSales(changes),
  })
  const context = contextFor('sqlserver', {}, now.toISOString())
  const ofAges = judged(check, { answer }, context)
  const result = { ...judged(item, { answer }, context), startedAt: now.toISOString() }
  return mergedWith(result, ofAges.shared ?? [], [replica(ofAges, ofReplica, asOf)], now)
}

const saidOf = ({ status, findings }: ItemResult) => [
  status,
  ...findings.map(({ message }) => [message.code, message.params['operations']]),
]

describe('the histories of the replicas of a group', () => {
  it('leave unknown what none of them shows', () => {
    const expected = ['error', ['OTHER_REPLICA', ['full', 'incremental', 'log']]]
    expect(saidOf(withReplicas(alone(), [], now))).toEqual(expected)
    expect(saidOf(withReplicas(alone(), [replica(alone(), {})], now))).toEqual(expected)
  })

  it('answer together what is asked of one', () => {
    const result = alone()
    const replicas = [replica(result, { full: 600 }), replica(result, { log: 10 })]
    expect(saidOf(withReplicas(result, replicas, now))).toEqual(['passed'])
  })

  it('leave unknown the part that they do not answer', () => {
    const result = alone()
    expect(saidOf(withReplicas(result, [replica(result, { full: 600 })], now))).toEqual([
      'error',
      ['OTHER_REPLICA', ['log']],
    ])
    expect(saidOf(withReplicas(result, [replica(result, { incremental: 600, log: 10 })], now))).toEqual([
      'error',
      ['OTHER_REPLICA', ['full']],
    ])
  })

  it('are as old as they are by now, not as they were when they were seen', () => {
    const result = alone()
    const [young, old] = [49, 51].map((minutes) =>
      replica(result, { full: 600, log: 10 }, minutesAgo(minutes)),
    )
    expect(saidOf(withReplicas(result, [young!], now))).toEqual(['passed'])
    expect(saidOf(withReplicas(result, [old!], now))).toEqual(['error', ['OTHER_REPLICA', ['log']]])
    const atTheLimit = replica(result, { full: 600, log: 10 }, minutesAgo(50))
    expect(saidOf(withReplicas(result, [atTheLimit], now))).toEqual(['passed'])
  })

  it('are asked for nothing that the history here shows', () => {
    const result = seenWith({ last_log_minutes: null })
    expect(saidOf(withReplicas(result, [], now))).toEqual(['error', ['OTHER_REPLICA', ['log']]])
  })

  it('answer for the database that a finding is about, by its name, whatever comes before it', () => {
    const result = alone()
    const [own] = result.shared ?? []
    const shared = [{ ...own!, id: 'another', name: 'HR' }, own!]
    const known = replica(result, { full: 600, log: 10 })
    expect(saidOf(mergedWith(result, shared, [known], now))).toEqual(['passed'])
    expect(saidOf(mergedWith(result, shared.slice(0, 1), [known], now))).toEqual(saidOf(result))
  })

  it('answer no finding but that another replica may know more', () => {
    const result = alone()
    const findings = result.findings.map((each) => ({ ...each, message: { code: 'TOO_OLD', params: {} } }))
    const known = replica(result, { full: 600, log: 10 })
    expect(withReplicas({ ...result, findings }, [known], now).findings).toEqual(findings)
  })

  it('are told apart by the id of the database in the group', () => {
    const result = alone()
    const other = replica(result, { id: 'another', full: 600, log: 10 })
    expect(saidOf(withReplicas(result, [other], now))[0]).toBe('error')
  })

  it('do not count where a failover with loss of data has left their recovery fork', () => {
    const result = alone()
    const left = replica(result, { full: 600, log: 10, fork: 'left-behind' })
    expect(saidOf(withReplicas(result, [left], now))).toEqual(saidOf(withReplicas(result, [], now)))
  })

  it('say nothing of places in the log where a recovery fork is not known', () => {
    const [history] = [replica(alone(), { full: 600, baseLsn: '5', logs: { from: '1', to: '9' }, base: 'b' })]
    const [{ id, fork }] = history!.databases as [ReplicaHistory['databases'][number]]
    expect(knownElsewhere({ id, ...(fork && { fork }) }, [history!])).toMatchObject([
      { logs: { to: '9' }, base: 'b' },
    ])
    const [known] = knownElsewhere({ id }, [history!])
    expect(known).toMatchObject({ full: 600 })
    expect(Object.keys(known!)).not.toEqual(expect.arrayContaining(['logs']))
    expect([known!.baseLsn, known!.base]).toEqual([undefined, undefined])
  })

  it('are told by secondaries too, of which nothing is asked', () => {
    const { shared } = seenWith({ last_full_minutes: 600 }, 'SECONDARY')
    expect(shared).toMatchObject([{ name: 'Sales', full: 600, incremental: 240, log: 15, open: {} }])
  })

  it('do not tell of databases in no group, nor change a result without any', () => {
    const result = judged(check, { answer: sqlServerFacts() }, contextFor('sqlserver'))
    expect(result).not.toHaveProperty('shared')
    expect(withReplicas(result, [], now)).toBe(result)
  })
})

describe('the log backups of several replicas', () => {
  const gap = { log_gaps: 1, base_lsn: '100', logs_from_lsn: '90', logs_to_lsn: '500' }
  const between = { ...gap, gap_from_lsn: '200', gap_to_lsn: '300' }
  const merged = (changes: HistoryChanges, logs?: { from: string; to: string }) =>
    mergedOf(chainCheck, changes, { log: 20, ...(logs && { logs }) }).status

  it.each([
    ['follow on where another one has all that is missing', { from: '200', to: '300' }, 'passed'],
    ['follow on where another one has more than that', { from: '150', to: '400' }, 'passed'],
    ['do not where it begins too late', { from: '201', to: '300' }, 'error'],
    ['do not where it ends too early', { from: '200', to: '299' }, 'error'],
    ['are unknown where nothing is known of those of the other', undefined, 'error'],
  ])('%s', (_, logs, status) => {
    expect(merged(between, logs)).toBe(status)
  })

  it('are unknown where this server does not say what is missing', () => {
    expect(merged({ ...gap, gap_from_lsn: null, gap_to_lsn: null }, { from: '1', to: '999' })).toBe('error')
  })

  it('are unknown where some are damaged', () => {
    expect(merged({ ...between, damaged_backups: 1 }, { from: '1', to: '999' })).toBe('error')
  })
})

describe('the base of differential backups', () => {
  const unseen = {
    base_is_found: 0,
    base_is_snapshot: null,
    base_is_lost: null,
    base_is_foreign: null,
  } as const
  const guid = String(withSales({})?.find(({ name }) => name === 'Sales')?.differential_base_guid)

  it.each([
    ['is known where another replica shows that very backup', guid, 'passed'],
    ['is unknown where it shows another one', 'another', 'error'],
    ['is unknown where it shows none', undefined, 'error'],
  ])('%s', (_, base, status) => {
    expect(mergedOf(baseCheck, unseen, base === undefined ? {} : { base }).status).toBe(status)
  })

  /** What one replica that shows the backup, and one that does not, leave of a base that is looked for. */
  const leftBy = (isWantedKnown: boolean): ItemResult => {
    const answer = sqlServerFacts({
      databases: withSales(inAvailabilityGroup),
      replicas: replicasOfSales('PRIMARY'),
      backupHistory: historyOfSales(unseen),
    })
    const [ofAges, result] = [check, baseCheck].map((item) =>
      judged(item, { answer }, contextFor('sqlserver')),
    )
    const shared = (ofAges!.shared ?? []).map(({ wantedBase, ...rest }) => ({
      ...rest,
      ...(isWantedKnown && wantedBase !== undefined && { wantedBase }),
    }))
    const replicas = [replica(ofAges!, { base: guid }), replica(ofAges!, {})]
    return mergedWith(result!, shared, replicas, now)
  }

  it('is known where one of several replicas shows it', () => {
    expect(leftBy(true).status).toBe('passed')
  })

  it('is unknown where nobody knows which backup is looked for', () => {
    expect(leftBy(false).status).toBe('error')
  })

  it('is told of by a replica only where it is sound', () => {
    const toldWith = (changes: HistoryChanges) => seenWith(changes).shared?.[0]?.base
    expect(toldWith({})).toBe(guid)
    for (const wrong of ['base_is_lost', 'base_is_snapshot', 'base_is_foreign'] as const)
      expect(toldWith({ [wrong]: 1 })).toBeUndefined()
  })
})

describe('what would be lost of a database in a group', () => {
  /** A full backup of two days ago, nothing since; the objective is 25 hours. */
  const old = {
    last_full_minutes: 3000,
    last_incremental_minutes: null,
    last_log_minutes: null,
    base_lsn: '100',
    logs_from_lsn: null,
    logs_to_lsn: null,
  }
  const sales = (ofReplica: Parameters<typeof mergedOf>[2], changes: HistoryChanges = old, asOf?: string) =>
    mergedOf(check, changes, ofReplica, asOf).protection

  it('counts the full backup of another replica, as old as it was then', () => {
    const found = sales({ full: 600 }, old, minutesAgo(60))
    expect(found?.databases.find(({ database }) => database === 'Sales')).toMatchObject({
      state: 'protected',
      exposureMinutes: 660,
      full: { minutes: 660, bytes: null, device: null, by: null },
    })
    const before = sales({})
    expect(before?.totals.unknown).toBe(1)
    expect(found?.totals).toEqual({
      ...before?.totals,
      unknown: 0,
      protected: (before?.totals.protected ?? 0) + 1,
    })
  })

  it.each([
    [
      'counts log backups that follow on from its full one',
      { from: '90', to: '500' },
      'protected',
      20,
      'intact',
    ],
    ['does not count those that begin after it', { from: '101', to: '500' }, 'unknown', null, 'none'],
  ])('%s', (_, logs, state, exposureMinutes, chain) => {
    const found = sales({ log: 20, logs })?.databases.find(({ database }) => database === 'Sales')
    expect(found).toMatchObject({ state, exposureMinutes, chain, log: { minutes: 20 } })
  })

  it('counts its own log backups where the others have what is missing', () => {
    const changes = {
      ...old,
      last_log_minutes: 15,
      log_gaps: 1,
      logs_from_lsn: '90',
      logs_to_lsn: '500',
      gap_from_lsn: '200',
      gap_to_lsn: '300',
    }
    const foundWith = (to: string) =>
      sales({ log: 900, logs: { from: '200', to } }, changes)?.databases.find(
        ({ database }) => database === 'Sales',
      )
    expect(foundWith('300')).toMatchObject({ state: 'protected', exposureMinutes: 15, chain: 'intact' })
    expect(foundWith('299')).toMatchObject({ state: 'unknown', exposureMinutes: null, chain: 'unknown' })
  })

  it('stays unknown where what they have is too old', () => {
    const found = sales({ full: 2000 })?.databases.find(({ database }) => database === 'Sales')
    expect(found).toMatchObject({ state: 'unknown', exposureMinutes: null, full: { minutes: 2000 } })
  })
})
