import { expect, it, vi } from 'vitest'
import { jsonLog } from '../../../shared/runtime/log.ts'
import { timerEvent, timerFunction } from '../../../shared/runtime/timer-chain.ts'
import { timerEvent as eventOfTheCloud } from '../../emulators/fc/timer-trigger.ts'

const context = { requestId: 'tick-1' }

const logging = () => {
  const lines: string[] = []
  return { lines, log: jsonLog('debug', (line) => lines.push(line)) }
}

it.each([
  ['the bytes that Function Compute hands in', eventOfTheCloud('tick', '{}')],
  ['the event of the host', timerEvent('tick', new Date('2026-11-21T02:00:00Z'))],
])('does its work on %s, and answers what it came to', async (_, event) => {
  const tick = timerFunction(logging().log, async () => ({ isBusy: true }))
  expect(await tick(event, context)).toEqual({ isBusy: true })
})

it('does nothing on the event of another trigger', async () => {
  const { log, lines } = logging()
  const work = vi.fn<() => Promise<void>>(async () => undefined)
  await expect(timerFunction(log, work)({ type: 'mns:Queue:SendMessage' }, context)).rejects.toThrow(
    'triggerTime',
  )
  expect(work).not.toHaveBeenCalled()
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', event: 'timer.failed' })
})

it('logs why its work failed, and fails', async () => {
  const { log, lines } = logging()
  const tick = timerFunction(log, () => Promise.reject(new TypeError('the store is away')))
  await expect(tick(timerEvent('tick', new Date()), context)).rejects.toThrow('the store is away')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    event: 'timer.failed',
    name: 'TypeError',
    message: 'the store is away',
  })
})
