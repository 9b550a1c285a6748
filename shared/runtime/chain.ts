import type { MiddyfiedHandler } from '@middy/core'
import type { FcContext } from './fc-event.ts'

/** A chain of middy over an event of Function Compute. */
export type Chain<Event, Answer> = MiddyfiedHandler<Event, Answer, Error, never>

/**
 * Invokes a chain with the context of Function Compute. The types of middy know the context of another cloud; of it the core
 * uses `getRemainingTimeInMillis` alone, and only where it exists (@middy/core 6.4.5, index.js).
 */
export const invokeChain = <Event, Answer>(
  chain: Chain<Event, Answer>,
  event: Event,
  context: FcContext,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where the two contexts meet
): Promise<Answer> => chain(event, context as never)
