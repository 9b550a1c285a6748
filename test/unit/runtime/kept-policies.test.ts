import { describe, expect, it } from 'vitest'
import { keptPolicies } from '../../../shared/runtime/kept-policies.ts'
import { pageOf } from '../../support/stores.ts'

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
