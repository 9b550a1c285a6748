import { describe, expect, it } from 'vitest'
import { type ReplicaHistory, ageAt, knownElsewhere } from '../../../shared/model/replica-history.ts'

const asOf = '2026-11-21T02:00:00.000Z'
const logs = { from: '100', to: '200' }
const ages = { full: 1440, incremental: null, log: 15 }
const theirs = { id: 'sales', fork: 'one', ...ages, logs, baseLsn: '100', base: 'full' }

const replicaWith = (...databases: ReplicaHistory['databases']): ReplicaHistory => ({
  groupId: 'ag1',
  instanceId: 'other',
  asOf,
  databases,
})

describe('what another replica knows of a database', () => {
  it('counts where it is on the same recovery fork', () => {
    const replicas = [replicaWith({ ...theirs, id: 'hr' }, theirs)]
    expect(knownElsewhere({ id: 'sales', fork: 'one' }, replicas)).toEqual([{ ...theirs, asOf }])
  })

  it('does not count where it is on another one, nor of another database', () => {
    const replicas = [replicaWith(theirs)]
    expect(knownElsewhere({ id: 'sales', fork: 'two' }, replicas)).toEqual([])
    expect(knownElsewhere({ id: 'hr', fork: 'one' }, replicas)).toEqual([])
  })

  // "Recovery Paths", SQL Server manual: two forks use the same log sequence numbers.
  it('is its ages alone where one of the forks is not known', () => {
    const { fork: _, ...withoutFork } = theirs
    const agesAlone = [{ id: 'sales', ...ages, asOf }]
    expect(knownElsewhere({ id: 'sales' }, [replicaWith(withoutFork)])).toEqual(agesAlone)
    expect(knownElsewhere({ id: 'sales', fork: 'one' }, [replicaWith(withoutFork)])).toEqual(agesAlone)
    expect(knownElsewhere({ id: 'sales' }, [replicaWith(theirs)])).toEqual([{ ...agesAlone[0], fork: 'one' }])
  })

  it('has grown older since it looked, and no younger where its clock is ahead', () => {
    const at = Date.parse('2026-11-21T02:30:00.000Z')
    expect(ageAt(15, { asOf }, at)).toBe(45)
    expect(ageAt(15, { asOf: '2026-11-21T02:40:00.000Z' }, at)).toBe(15)
  })
})
