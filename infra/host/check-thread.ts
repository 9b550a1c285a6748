import { Worker } from 'node:worker_threads'
import type { Settings } from '../../shared/runtime/environment.ts'
import type { Log } from '../../shared/ports/log.ts'
import { type Calls, callsInto } from './calls.ts'

/** A thread that runs check items. */
export interface CheckThread {
  /** Runs the check item of a message and resolves with the messages of its results; rejects if the thread ended. */
  readonly run: (body: string) => Promise<readonly string[]>
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
 * does not hold up the API, and a driver that fails badly ends this thread alone. The next message starts it again.
 */
export const checkThread = (
  program: URL,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  log: Log,
): CheckThread => {
  let running: Running | null = null

  const start = (): Running => {
    const worker = new Worker(program, { workerData: settings, env: environment, resourceLimits })
    const calls = callsInto(worker)
    worker.on('error', ({ name, message }) => log.error('check-thread.failed', { name, message }))
    worker.on('exit', () => {
      running = null
      calls.abandon()
    })
    return { worker, calls }
  }

  return {
    run: (body) => {
      running ??= start()
      return running.calls.call(body)
    },
    stop: async () => {
      await running?.worker.terminate()
    },
  }
}
