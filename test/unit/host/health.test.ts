import { expect, it } from 'vitest'
import { healthLog, hostHealth } from '../../../infra/host/health.ts'
import type { LocalRuntime } from '../../../shared/runtime/local.ts'
import { keptLog } from '../../support/kept-log.ts'
import { clocksAt } from '../../support/clocks.ts'

const minute = 60_000

/** A host whose parts are as the test says. */
const world = () => {
  const parts = { stalledMs: 0, silentMs: 0, suspects: 0, jumpedByMs: 0, jumps: [] as number[] }
  const queue = { stalledMs: () => parts.stalledMs }
  const clock = {
    jump: () => (parts.jumpedByMs === 0 ? null : { byMs: parts.jumpedByMs, agoMs: 0 }),
    takeJumps: () => parts.jumps.splice(0),
  } as unknown as LocalRuntime['clock']
  const runtime = {
    writePulse: async () => undefined,
    ...clocksAt(),
    clock,
    checks: queue,
    resultQueue: { stalledMs: () => 0 },
    notifications: { stalledMs: () => 0 },
  } as unknown as LocalRuntime
  const threads = { silentMs: () => parts.silentMs, suspects: () => parts.suspects }
  const health = hostHealth(runtime, threads, 3000)
  const { log, lines } = keptLog()
  return { parts, health, look: healthLog(health, clock, log), lines }
}

it.each([
  ['stalledMs', 10 * minute, 10 * minute + 1, 'fail', 'queue-checks:standstill', 600],
  ['silentMs', 3000, 3001, 'warn', 'check-threads:silence', 3],
  ['suspects', 0, 1, 'warn', 'check-threads:suspects', 1],
  ['jumpedByMs', 0, -2 * 60 * minute, 'warn', 'clock:jump', -7200],
] as const)(
  '%s of %i is well, and of %i is a %s of %s',
  async (part, well, ill, status, check, observedValue) => {
    const { parts, health } = world()
    Object.assign(parts, { [part]: well })
    expect((await health()).status).toBe('pass')
    Object.assign(parts, { [part]: ill })
    const { status: whole, checks } = await health()
    expect([whole, checks[check]?.[0]?.status, checks[check]?.[0]?.observedValue]).toEqual([
      status,
      status,
      observedValue,
    ])
    const others = Object.entries(checks).filter(([name]) => name !== check)
    expect(others.map(([, [found]]) => found?.status)).toEqual(others.map(() => 'pass'))
  },
)

it('what changes is logged once, and so is every jump of the clock', async () => {
  const { parts, look, lines } = world()
  await look()
  parts.stalledMs = 11 * minute
  parts.jumps = [7_200_000, -7_200_000]
  for (let turn = 0; turn < 3; turn += 1) await look()
  parts.stalledMs = 0
  for (let turn = 0; turn < 3; turn += 1) await look()
  expect(lines.map(({ event, status, seconds }) => [event, status ?? seconds])).toEqual([
    ['clock.jumped', 7200],
    ['clock.jumped', -7200],
    ['health.changed', 'fail'],
    ['health.changed', 'pass'],
  ])
})
