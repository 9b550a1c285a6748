import { describe, expect, it } from 'vitest'
import type { CheckThreads } from '../../../infra/host/check-threads.ts'
import { checksIn } from '../../../infra/host/pumps.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'

const log = jsonLog('error', () => undefined)
const nothingTaken = async () => undefined

/** Threads that give one reply, outside of any promise, as a port does that hears a message. */
const giving = (body: string): CheckThreads => ({
  run: (_message, take) => {
    const taken = take({ queue: 'results', body, delaySeconds: 0 })
    return taken.then(() => undefined)
  },
  silentMs: () => 0,
  suspects: () => 0,
  stop: async () => undefined,
})

describe('check items in threads', () => {
  it.each(['{', 'null', '{}'])('fail their message alone with a reply of %s', async (body) => {
    const run = checksIn(giving(body), nothingTaken, { sendBodies: nothingTaken }, log)
    let failed: Promise<unknown> = Promise.resolve()
    expect(() => {
      failed = run(['message'])
    }).not.toThrow()
    await expect(failed).rejects.toThrow(/in JSON|Invalid input/)
  })
})
