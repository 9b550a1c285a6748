import { describe, expect, it } from 'vitest'
import { handOver } from '../../../infra/host/hand-over.ts'
import type { ResultMessage } from '../../../shared/model/queue-messages.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'

const message = (precheckId: string): ResultMessage => ({ kind: 'deadline', precheckId })

const logged = () => {
  const lines: string[] = []
  return { lines, log: jsonLog('error', (line) => void lines.push(line)) }
}

describe('handing over results', () => {
  it('hands what comes in while the collector is busy over at once', async () => {
    const batches: string[][] = []
    const goOn: (() => void)[] = []
    const record = handOver(async (messages) => {
      batches.push(messages.map((each) => ('precheckId' in each ? each.precheckId : '')))
      await new Promise<void>((resolve) => goOn.push(resolve))
    }, logged().log)
    const all = [record([message('a'), message('b')]), record([message('c')])]
    await expect.poll(() => goOn.length).toBe(1)
    all.push(record([message('d')]), record([message('e')]))
    goOn[0]?.()
    await expect.poll(() => goOn.length).toBe(2)
    goOn[1]?.()
    await Promise.all(all)
    expect(batches).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
  })

  it('logs what the collector fails at, rejects with it, and goes on after that', async () => {
    const { lines, log } = logged()
    let calls = 0
    const record = handOver(async () => {
      calls += 1
      if (calls === 1) throw new Error('the disk is full')
    }, log)
    await expect(record([message('a')])).rejects.toThrow('full')
    await record([message('a')])
    expect(calls).toBe(2)
    await expect.poll(() => lines.join('')).toMatch(/queue\.failed.*the disk is full/)
  })
})
