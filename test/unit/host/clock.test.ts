import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Clock, type Tick, clock } from '../../../infra/host/clock.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'

describe('the clock of the host', () => {
  let running: Clock
  let ticks: number
  let lines: string[]

  beforeEach(() => {
    vi.useFakeTimers()
    ticks = 0
    lines = []
  })
  afterEach(async () => {
    await running.stop()
    vi.useRealTimers()
  })

  const start = (tick: Tick): void => {
    running = clock(
      () => {
        ticks += 1
        return tick()
      },
      1000,
      jsonLog('error', (line) => lines.push(line)),
    )
  }

  it('looks every second while nothing is to be done', async () => {
    start(async () => ({ isBusy: false }))
    await vi.advanceTimersByTimeAsync(10_500)
    expect(ticks).toBe(11)
  })

  it('looks again at once while there is more to do', async () => {
    start(async () => ({ isBusy: ticks < 20 }))
    await vi.advanceTimersByTimeAsync(1000)
    expect(ticks).toBe(20)
  })

  it('goes on after a tick that failed, and logs it', async () => {
    start(async () => {
      throw new Error('the disk is full')
    })
    await vi.advanceTimersByTimeAsync(2500)
    expect(ticks).toBe(3)
    expect(lines.join()).toContain('the disk is full')
  })

  it('never ticks twice at once, and stops when the tick under way has ended', async () => {
    let end = (): void => undefined
    start(
      () =>
        new Promise((resolve) => {
          end = () => resolve({ isBusy: true })
        }),
    )
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ticks).toBe(1)
    const order: string[] = []
    const stop = async (): Promise<void> => {
      await running.stop()
      order.push('stopped')
    }
    const stopped = stop()
    await vi.advanceTimersByTimeAsync(1000)
    order.push('ended')
    end()
    await stopped
    expect(order).toEqual(['ended', 'stopped'])
    expect(ticks).toBe(1)
  })
})
