import { describe, expect, it } from 'vitest'
import type { Sweep } from '../../../shared/model/sweep.ts'
import type { Sweeps } from '../../../shared/ports/sweeps.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'
import { loggedDeliveries, loggedSweeps, loggedWebhooks } from '../../../shared/runtime/logged-ports.ts'
import { webhookOf } from '../../support/delivery-world.ts'

/** A log, and what was written to it. */
const logging = () => {
  const lines: Record<string, unknown>[] = []
  return { log: jsonLog('info', (line) => lines.push(JSON.parse(line))), lines }
}

const at = '2026-11-21T02:00:00.000Z'
/** A store whose writes end so. */
const putting = (isWritten: boolean): { put: (...given: readonly unknown[]) => Promise<boolean> } => ({
  put: async () => isWritten,
})

const sweep: Sweep = {
  id: '2026-11-21',
  kind: 'nightly',
  state: 'completed',
  filter: {},
  listing: null,
  startedAt: at,
  completedAt: at,
  counts: { started: 3, running: 0, passed: 1, warning: 0, failed: 2, inconclusive: 0, notRun: 1 },
}

describe('the log of an operator', () => {
  it.each([
    [sweep, true, 1],
    [sweep, false, 0],
    [{ ...sweep, state: 'running', counts: null } as const, true, 0],
  ])('tells of a sweep when it has been completed', async (written, isWritten, count) => {
    const { log, lines } = logging()
    const sweeps = loggedSweeps(putting(isWritten) as unknown as Sweeps, log)
    expect(await sweeps.put(written, 1)).toBe(isWritten)
    expect(lines).toHaveLength(count)
    if (count > 0)
      expect(lines[0]).toMatchObject({ event: 'sweep.completed', sweep: '2026-11-21', failed: 2, notRun: 1 })
  })

  it('tells of a delivery that is given up, and of no other', async () => {
    const { log, lines } = logging()
    const deliveries = loggedDeliveries(putting(true), log)
    const failure = { code: 'TIMED_OUT', detail: 'There was no whole answer within 10000 ms.' } as const
    const delivery = {
      webhookId: webhookOf(1).id,
      eventId: `evt_${'0'.repeat(32)}`,
      source: { kind: 'sample', at },
      state: 'dead',
      attempts: [{ at, durationMs: 10_000, status: null, failure }],
      attemptsBefore: 0,
      beganAt: at,
      nextAttemptAt: null,
      endedAt: at,
    } as const
    await deliveries.put({ ...delivery, attempts: [...delivery.attempts] }, 1)
    await deliveries.put({ ...delivery, state: 'pending', attempts: [...delivery.attempts] }, 1)
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        event: 'delivery.dead',
        webhook: webhookOf(1).id,
        ...failure,
      }),
    ])
  })

  it('tells of a webhook that is stopped', async () => {
    const { log, lines } = logging()
    const webhooks = loggedWebhooks(putting(true), log)
    await webhooks.put(webhookOf(1), 1)
    await webhooks.put({ ...webhookOf(1), stopped: { at, code: 'GONE' } }, 1)
    expect(lines).toEqual([expect.objectContaining({ event: 'webhook.stopped', code: 'GONE' })])
  })
})
