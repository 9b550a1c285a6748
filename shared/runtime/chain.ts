import type { MiddlewareObj } from '@middy/core'
import type { Log } from '../ports/log.ts'

/** Logs why something failed, as the line `event`. */
export const logFailure = (log: Log, event: string, fault: unknown): void => {
  const { name, message } = fault instanceof Error ? fault : new Error(String(fault))
  log.error(event, { name, message })
}

/** A middleware for any chain: logs why an invocation failed, as the line `event`, and lets it fail. */
export const failureLog = (log: Log, event: string): MiddlewareObj => ({
  // What it gave back would be the answer of the function, and its failure a success.
  onError: ({ error }) => {
    logFailure(log, event, error)
  },
})
