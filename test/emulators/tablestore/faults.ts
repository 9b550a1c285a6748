import type { ErrorAnswer } from './operation.ts'

/** A request that has been found to be genuine and allowed. */
interface SeenRequest {
  /** `PutRow`, `GetRange` … */
  readonly operation: string
  readonly tables: readonly string[]
  readonly principal: string
  /** How many requests of this operation have come, this one included. */
  readonly count: number
}

/**
 * What goes wrong with a request. At the point `when`, before or after the operation is done, it waits for `until`, and
 * then the connection is dropped, or the error is answered; without either it goes on as usual.
 */
export interface Fault {
  readonly when?: 'before' | 'after'
  readonly until?: Promise<unknown>
  readonly outcome?: 'drop' | ErrorAnswer
  /** Lets rows of a batch fail by themselves: they are not done, the others are. */
  readonly rows?: (table: string, index: number) => ErrorAnswer | undefined
}

/** Decides on each request; undefined lets it be. */
export type RequestHandler = (request: SeenRequest) => Fault | undefined | Promise<Fault | undefined>

export interface Faults {
  /** Adds a handler; the first one that answers decides. Returns how to take it away again. */
  onRequest(handler: RequestHandler): () => void
  decide(request: Omit<SeenRequest, 'count'>): Promise<Fault>
}

export const faultInjection = (): Faults => {
  const handlers = new Set<RequestHandler>()
  const counts = new Map<string, number>()
  return {
    onRequest: (handler) => {
      handlers.add(handler)
      return () => void handlers.delete(handler)
    },
    decide: async (request) => {
      const count = (counts.get(request.operation) ?? 0) + 1
      counts.set(request.operation, count)
      for (const handler of handlers) {
        const fault = await handler({ ...request, count })
        if (fault) return fault
      }
      return {}
    },
  }
}
