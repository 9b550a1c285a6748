import middy, { type MiddlewareObj } from '@middy/core'
import * as z from 'zod'
import type { Log } from '../ports/log.ts'
import { failureLog } from './chain.ts'
import { type FcContext, eventOf } from './fc-event.ts'

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

const refuseOtherEvents: MiddlewareObj = {
  before: ({ event }) => {
    TimerEvent.parse(eventOf(event))
  },
}

/** The chain of every timer function: event → flow. What is due is read from the clock and the store, not from the event. */
export const timerFunction = <Answer>(log: Log, flow: () => Promise<Answer>): TimerFunction<Answer> =>
  middy<unknown, Answer>().use(failureLog(log, 'timer.failed')).use(refuseOtherEvents).handler(flow)
