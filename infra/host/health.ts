import { msPerMinute, msPerSecond } from '../../shared/model/durations.ts'
import type { HealthFinding, HealthStatus } from '../../shared/model/health.ts'
import type { Log } from '../../shared/ports/log.ts'
import { type Look, healthOf } from '../../shared/runtime/health/health.ts'
import { storeLook } from '../../shared/runtime/health/store-look.ts'
import type { LocalRuntime } from '../../shared/runtime/local.ts'
import type { Health } from '../../shared/model/health.ts'
import type { CheckThreads } from './check-threads.ts'

/** A session may take 280 s; a queue in which nothing was done for twice as long hangs, ms. */
const standstillMs = 10 * msPerMinute

const seconds = (ms: number): Pick<HealthFinding, 'observedValue' | 'observedUnit'> => ({
  observedValue: Math.round(ms / msPerSecond),
  observedUnit: 's',
})

const queueLook =
  ({ stalledMs }: { readonly stalledMs: () => number }): Look =>
  () => {
    const ms = stalledMs()
    if (ms <= standstillMs) return { status: 'pass', ...seconds(ms) }
    return { status: 'fail', ...seconds(ms), output: 'Messages wait and none is done. See the log.' }
  }

const silenceLook =
  ({ silentMs }: Pick<CheckThreads, 'silentMs'>, blockedMs: number): Look =>
  () => {
    const ms = silentMs()
    if (ms <= blockedMs) return { status: 'pass', ...seconds(ms) }
    return {
      status: 'warn',
      ...seconds(ms),
      output: 'A thread of check items is silent. It will be replaced.',
    }
  }

const suspectsLook =
  ({ suspects }: Pick<CheckThreads, 'suspects'>): Look =>
  () => {
    const found = { observedValue: suspects(), observedUnit: 'servers' }
    if (found.observedValue === 0) return { status: 'pass', ...found }
    const output = 'What some servers sent blocked or ended a thread: they are checked apart. See the log.'
    return { status: 'warn', ...found, output }
  }

const clockLook =
  ({ clock }: Pick<LocalRuntime, 'clock'>): Look =>
  () => {
    const jump = clock.jump()
    if (!jump) return { status: 'pass', ...seconds(0) }
    const way = jump.byMs > 0 ? 'went ahead, or the service was stopped for so long' : 'went back'
    const output = `The clock ${way}. Nothing old is removed for a day. If it is wrong, set it right.`
    return { status: 'warn', ...seconds(jump.byMs), output }
  }

/** Looks at all of the service on one machine. */
export const hostHealth = (
  runtime: LocalRuntime,
  threads: Pick<CheckThreads, 'silentMs' | 'suspects'>,
  blockedMs: number,
): (() => Promise<Health>) =>
  healthOf(
    {
      'store:write': storeLook(runtime.writePulse, runtime.steady),
      'check-threads:silence': silenceLook(threads, blockedMs),
      'check-threads:suspects': suspectsLook(threads),
      'queue-checks:standstill': queueLook(runtime.checks),
      'queue-results:standstill': queueLook(runtime.resultQueue),
      'queue-notifications:standstill': queueLook(runtime.notifications),
      'clock:jump': clockLook(runtime),
    },
    runtime.now,
  )

const levels = { pass: 'info', warn: 'warn', fail: 'error' } as const

/** Looks again and again, and logs what has changed: a check whose status is another one, and every jump of the clock. */
export const healthLog = (
  health: () => Promise<Health>,
  { takeJumps }: LocalRuntime['clock'],
  log: Log,
): (() => Promise<{ readonly isBusy: false }>) => {
  const statuses = new Map<string, HealthStatus>()
  return async () => {
    for (const byMs of takeJumps()) log.warn('clock.jumped', { seconds: Math.round(byMs / msPerSecond) })
    const { checks } = await health()
    for (const [check, [found]] of Object.entries(checks)) {
      if (!found || found.status === (statuses.get(check) ?? 'pass')) continue
      statuses.set(check, found.status)
      log[levels[found.status]]('health.changed', {
        check,
        status: found.status,
        ...(found.output !== undefined && { output: found.output }),
      })
    }
    return { isBusy: false }
  }
}
