import { parentPort, workerData } from 'node:worker_threads'
import { createHandler } from '../../functions/run-check/handler.ts'
import { localSecrets } from '../../shared/adapters/secrets/local-secrets.ts'
import type { Probes } from '../../shared/ports/probe.ts'
import type { Settings } from '../../shared/runtime/environment.ts'
import { queueEvent } from '../../shared/runtime/fc-event.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { callsOver } from './calls.ts'

/** The other side of a check thread: runs `run-check` on every message that the host hands in, and hands the results out. */
export const serveChecks = (probes: Probes): void => {
  if (!parentPort) throw new Error('This program runs in a thread of the host.')
  const settings: Settings = workerData
  const log = jsonLog(settings.logLevel, (line) => process.stdout.write(line))
  const calls = callsOver(parentPort, async (body) => {
    await runCheck(queueEvent('checks', [body]), { requestId: 'check' })
  })
  const resultQueue = {
    send: async (messages: readonly unknown[]) => {
      await Promise.all(messages.map((message) => calls.call(JSON.stringify(message))))
    },
  }
  const runCheck = createHandler(
    {
      probes,
      resultQueue,
      secrets: localSecrets(process.env),
      endpoints: settings.endpoints,
      now: () => new Date(),
    },
    log,
  )
}
