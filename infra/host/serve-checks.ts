import { parentPort, workerData } from 'node:worker_threads'
import { runCheck } from '../../shared/flows/prechecks/run-check.ts'
import { CheckMessage } from '../../shared/model/queue-messages.ts'
import type { Probes } from '../../shared/ports/probe.ts'
import { CheckThreadSettings, localCheckDeps } from '../../shared/runtime/local.ts'
import { answerCalls } from './calls.ts'

/** The other side of a check thread: runs the check items of every message that the host hands in, and gives back what they send. */
export const serveChecks = (probes: Probes): void => {
  if (!parentPort) throw new Error('This program runs in a thread of the host.')
  const deps = localCheckDeps(CheckThreadSettings.parse(workerData), process.env, probes)

  answerCalls(parentPort, async (body, give) => {
    for await (const outgoing of runCheck(deps, CheckMessage.parse(JSON.parse(body)))) {
      const delaySeconds = outgoing.queue === 'checks' ? outgoing.delaySeconds : 0
      for (const message of outgoing.messages) {
        give({ queue: outgoing.queue, body: JSON.stringify(message), delaySeconds })
      }
    }
  })
}
