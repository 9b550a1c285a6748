import middy from '@middy/core'
import * as z from 'zod'
import { invokeChain } from './chain.ts'
import { type FcContext, eventOf } from './fc-event.ts'
import type { Log } from '../ports/log.ts'

/** A function behind a timer trigger. Rejects where its work failed; the next tick does it. */
export type TimerFunction<Answer> = (event: unknown, context: FcContext) => Promise<Answer>

/** The event of a timer trigger; `payload` is the text of its configuration ("Timer triggers", Function Compute manual). */
const TimerEvent = z.object({ triggerTime: z.iso.datetime(), triggerName: z.string(), payload: z.string() })

/** The event that the timer trigger makes, for the host that stands in for it. */
export const timerEvent = (triggerName: string, at: Date): z.infer<typeof TimerEvent> => ({
  triggerTime: at.toISOString(),
  triggerName,
  payload: '{}',
})

/** The chain of every timer function: event → flow. What is due is read from the clock and the store, not from the event. */
export const timerFunction = <Answer>(log: Log, flow: () => Promise<Answer>): TimerFunction<Answer> => {
  const chain = middy<unknown, Answer, Error, never>()
    .onError(({ error }) =>
      log.error('timer.failed', { name: error?.name ?? '', message: error?.message ?? '' }),
    )
    .handler(async (event) => {
      TimerEvent.parse(eventOf(event))
      return flow()
    })
  return (event, context) => invokeChain(chain, event, context)
}
