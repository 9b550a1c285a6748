import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Policy } from '../../../shared/model/policy.ts'
import { keptPolicies, ownPolicies } from '../../../shared/runtime/kept-policies.ts'
import { embeddedStores, pageOf } from '../../support/stores.ts'
import { temporaryDatabase } from '../../support/temporary-database.ts'

/** Policies that can be read or not, with the times that they were. */
const world = () => {
  const state = { ms: 0, reads: 0, isDown: false }
  const current = keptPolicies(
    {
      list: async () => {
        state.reads += 1
        if (state.isDown) throw new Error('OTSServerBusy')
        return pageOf([])
      },
    },
    { id: 'test', ms: () => state.ms },
  )
  return { state, current }
}

describe('the policies that starts go by', () => {
  it('are read once a minute', async () => {
    const { state, current } = world()
    await Promise.all([current(), current()])
    state.ms = 59_999
    await current()
    expect(state.reads).toBe(1)
    state.ms = 60_000
    await current()
    expect(state.reads).toBe(2)
  })

  it('are read again at once after a read that failed', async () => {
    const { state, current } = world()
    state.isDown = true
    await expect(current()).rejects.toThrow('OTSServerBusy')
    state.isDown = false
    expect(await current()).toEqual([])
  })
})

describe('the policies of a process that alone writes them', () => {
  const { database, writer, close } = temporaryDatabase()
  const { policies: stored } = embeddedStores(database, writer)
  let reads = 0
  const { policies, currentPolicies } = ownPolicies({
    ...stored,
    list: (selection) => {
      reads += 1
      return stored.list(selection)
    },
  })
  const policy = Policy.parse({
    name: 'a',
    definition: { thresholds: { fullBackupMaxAgeHours: 5 } },
    revision: 1,
    updatedAt: '2026-11-21T02:00:00.000Z',
  })
  afterEach(() => policies.remove('a'))
  afterAll(close)

  it('are read once', async () => {
    const before = reads
    await Promise.all([currentPolicies(), currentPolicies()])
    await currentPolicies()
    expect(reads).toBe(before + 1)
  })

  it('are as they were written when one is put, changed and removed', async () => {
    expect(await currentPolicies()).toEqual([])
    await policies.put('a', policy, 0)
    expect(await currentPolicies()).toEqual([policy])
    await policies.update('a', () => ({ put: { ...policy, revision: 2 }, value: null }))
    expect(await currentPolicies()).toEqual([{ ...policy, revision: 2 }])
    await policies.remove('a')
    expect(await currentPolicies()).toEqual([])
  })

  it('are read again at once after a read that failed', async () => {
    const failing = ownPolicies({
      ...stored,
      list: async (selection) => {
        if (reads > failedAt) return stored.list(selection)
        reads += 1
        throw new Error('disk I/O error')
      },
    })
    const failedAt = reads
    await expect(failing.currentPolicies()).rejects.toThrow('disk I/O error')
    expect(await failing.currentPolicies()).toEqual([])
  })
})
