import type { MiddlewareObj } from '@middy/core'
import type { Log } from '../ports/log.ts'

/** A middleware for any chain: logs why an invocation failed, as the line `event`, and lets it fail. */
export const failureLog = (log: Log, event: string): MiddlewareObj => ({
  // What it gave back would be the answer of the function, and its failure a success.
  onError: ({ error }) => {
    log.error(event, { name: error?.name ?? '', message: error?.message ?? '' })
  },
})
