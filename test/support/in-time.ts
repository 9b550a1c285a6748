import { setTimeout as sleep } from 'node:timers/promises'

/** A step of the control, ms. */
const stepMs = 10

/**
 * What `work` comes to, if it does so within `ms` of this process; rejects if not. Measured against a control and not
 * by the clock: a chain of short waits, which a busy machine stretches just as it stretches the work.
 */
export const inTime = async <Result>(ms: number, work: Promise<Result>): Promise<Result> => {
  const control = { isStopped: false }
  const run = async (): Promise<never> => {
    for (let waited = 0; waited < ms && !control.isStopped; waited += stepMs) await sleep(stepMs)
    throw new Error(`not within ${ms} ms of this process`)
  }
  try {
    return await Promise.race([work, run()])
  } finally {
    control.isStopped = true
  }
}
