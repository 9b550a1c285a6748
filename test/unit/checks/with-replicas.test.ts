import { describe, expect, it } from 'vitest'
import check from '../../../shared/checks/sqlserver/sql-server-last-backup.ts'
import { withReplicas } from '../../../shared/checks/with-replicas.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import type { ReplicaHistory } from '../../../shared/model/replica-history.ts'
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
  return { groupId: own.groupId, instanceId: 'other', asOf, databases: [{ id: own.id, ...none, ...ages }] }
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
  })

  it('are told apart by the id of the database in the group', () => {
    const result = alone()
    const other = replica(result, { id: 'another', full: 600, log: 10 })
    expect(saidOf(withReplicas(result, [other], now))[0]).toBe('error')
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
