import { parentPort, workerData } from 'node:worker_threads'
import { createHandler } from '../../functions/run-check/handler.ts'
import { withoutKept } from '../../shared/adapters/secrets/kept-secret.ts'
import { localSecrets } from '../../shared/adapters/secrets/local-secrets.ts'
import type { Probes } from '../../shared/ports/probe.ts'
import type { Settings } from '../../shared/runtime/environment.ts'
import { queueEvent } from '../../shared/runtime/fc-event.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { answerCalls } from './calls.ts'

/** An instance of `run-check`, as Function Compute keeps them: it runs one message at a time. */
interface Instance {
  /** Resolves with the results that it sent. */
  readonly run: (body: string) => Promise<readonly string[]>
}

const startInstance = (probes: Probes): Instance => {
  const settings: Settings = workerData
  let sent: string[] = []
  const handler = createHandler(
    {
      probes,
      secrets: withoutKept(localSecrets(process.env, settings.dataFolder), settings.webhookKey),
      endpoints: settings.endpoints,
      resultQueue: {
        send: async (messages) => {
          for (const message of messages) sent.push(JSON.stringify(message))
        },
      },
      now: () => new Date(),
    },
    jsonLog(settings.logLevel, (line) => process.stdout.write(line)),
  )
  return {
    run: async (body) => {
      sent = []
      await handler(queueEvent('checks', [body]), { requestId: 'check' })
      return sent
    },
  }
}

/** The other side of a check thread: runs `run-check` on every message that the host hands in, and gives back its results. */
export const serveChecks = (probes: Probes): void => {
  if (!parentPort) throw new Error('This program runs in a thread of the host.')
  const idle: Instance[] = []
  answerCalls(parentPort, async (body) => {
    const instance = idle.pop() ?? startInstance(probes)
    try {
      return await instance.run(body)
    } finally {
      idle.push(instance)
    }
  })
}
