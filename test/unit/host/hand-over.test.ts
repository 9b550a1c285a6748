import { describe, expect, it } from 'vitest'
import { handOver } from '../../../infra/host/hand-over.ts'

describe('handing over results', () => {
  it('hands what comes in while the collector is busy over at once', async () => {
    const batches: string[][] = []
    const goOn: (() => void)[] = []
    const record = handOver(async (bodies) => {
      batches.push([...bodies])
      await new Promise<void>((resolve) => goOn.push(resolve))
    })
    const all = [record(['a', 'b']), record(['c'])]
    await expect.poll(() => goOn.length).toBe(1)
    all.push(record(['d']), record(['e']))
    goOn[0]?.()
    await expect.poll(() => goOn.length).toBe(2)
    goOn[1]?.()
    await Promise.all(all)
    expect(batches).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
  })

  it('rejects with the collector, and goes on after that', async () => {
    let calls = 0
    const record = handOver(async () => {
      calls += 1
      if (calls === 1) throw new Error('the disk is full')
    })
    await expect(record(['a'])).rejects.toThrow('full')
    await record(['a'])
    expect(calls).toBe(2)
  })
})
