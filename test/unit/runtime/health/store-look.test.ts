import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { StoreFault } from '../../../../shared/ports/store-fault.ts'
import { storeLook } from '../../../../shared/runtime/health/store-look.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const steady = { ms: () => performance.now() }

it('writes once in three seconds, however often somebody looks', async () => {
  const write = vi.fn<() => Promise<void>>(async () => undefined)
  const look = storeLook(write, steady)
  const looks = await Promise.all(Array.from({ length: 100 }, async () => look()))
  expect(looks.every(({ status }) => status === 'pass')).toBe(true)
  expect(write).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2999)
  await look()
  expect(write).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1)
  await look()
  expect(write).toHaveBeenCalledTimes(2)
})

it('says why a store takes no writes, nothing of other faults, and passes again', async () => {
  const faults: unknown[] = [new StoreFault('STORE_FULL', 'Full.'), new Error('secret at /data')]
  const look = storeLook(async () => {
    const fault = faults.shift()
    if (fault !== undefined) throw fault
  }, steady)
  const seen = []
  for (let turn = 0; turn < 3; turn += 1) {
    const { status, output = '' } = await look()
    seen.push([status, output])
    await vi.advanceTimersByTimeAsync(3000)
  }
  expect(seen).toEqual([
    ['fail', 'Full.'],
    ['fail', 'The store does not answer as it should. See the log.'],
    ['pass', ''],
  ])
})

it('nobody waits for a disk that hangs, which has failed after ten seconds', async () => {
  let end = (): void => undefined
  const write = vi.fn<() => Promise<void>>(
    () =>
      new Promise<void>((resolve) => {
        end = resolve
      }),
  )
  const look = storeLook(write, steady)
  const lookFor = async (ms: number) => {
    const looking = look()
    await vi.advanceTimersByTimeAsync(ms)
    return looking
  }
  expect(await lookFor(500)).toMatchObject({ status: 'warn', observedValue: 500 })
  await vi.advanceTimersByTimeAsync(9501)
  expect(await lookFor(500)).toMatchObject({ status: 'fail', output: 'The store hangs. Check its disk.' })
  expect(write).toHaveBeenCalledTimes(1)
  end()
  await vi.advanceTimersByTimeAsync(0)
  write.mockResolvedValue(undefined)
  expect(await look()).toMatchObject({ status: 'pass' })
})
