import { Worker } from 'node:worker_threads'
import type { Settings } from '../../shared/runtime/environment.ts'
import type { Log } from '../../shared/runtime/log.ts'
import { type Calls, callsOver } from './calls.ts'

/** A thread that runs check items. */
export interface CheckThread {
  /** Runs the check item of a message; rejects if its result could not be handed over, or if the thread ended. */
  readonly run: (body: string) => Promise<void>
  readonly stop: () => Promise<void>
}

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
  handOver: (result: string) => Promise<void>,
  log: Log,
): CheckThread => {
  let running: Running | null = null

  const start = (): Running => {
    const worker = new Worker(program, { workerData: settings, env: environment })
    const calls = callsOver(worker, handOver)
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
