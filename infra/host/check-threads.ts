import { Worker } from 'node:worker_threads'
import type { Log } from '../../shared/ports/log.ts'
import type { Settings } from '../../shared/runtime/environment.ts'
import { type Calls, type Reply, callsInto } from './calls.ts'

/** Threads that run check items. */
export interface CheckThreads {
  /**
   * Runs the check items of a message, and hands in what they send as soon as it is known. Resolves when all of it is
   * taken care of; rejects if the thread ended, or if something could not be taken care of.
   */
  readonly run: (body: string, take: (reply: Reply) => Promise<unknown>) => Promise<void>
  readonly stop: () => Promise<void>
}

/** What a check item leaves behind is short-lived: room for some thousands of them between two collections. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 }

interface Running {
  readonly worker: Worker
  readonly calls: Calls
}

/**
 * Runs check items beside the service, as Function Compute runs them in instances of their own: what a driver computes
 * does not hold up the API, and a driver that fails badly ends its thread alone. Threads start when they are needed;
 * one that died is replaced, and what ran on it is for the queue to deliver again.
 */
export const checkThreads = (
  program: URL,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  log: Log,
): CheckThreads => {
  const running = new Set<Running>()

  const start = (): Running => {
    const worker = new Worker(program, { workerData: settings, env: environment, resourceLimits })
    const thread = { worker, calls: callsInto(worker) }
    running.add(thread)
    worker.on('error', ({ name, message }) => log.error('check-thread.failed', { name, message }))
    worker.on('exit', () => {
      running.delete(thread)
      thread.calls.abandon()
    })
    return thread
  }

  /** An idle thread, a new one as long as there may be more, else the one with the least to do. */
  const leastBusy = (): Running => {
    let least: Running | undefined
    for (const each of running) if (!least || each.calls.openCalls() < least.calls.openCalls()) least = each
    const mayStartAnother = running.size < settings.checkThreads
    return least && (least.calls.openCalls() === 0 || !mayStartAnother) ? least : start()
  }

  return {
    run: (body, take) => leastBusy().calls.call(body, take),
    stop: async () => {
      await Promise.all([...running].map(({ worker }) => worker.terminate()))
    },
  }
}
