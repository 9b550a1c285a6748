import * as z from 'zod'
import { EventId } from './webhook-delivery.ts'

/** Who is calling a webhook at this moment, and how it has answered lately: what keeps a slow receiver from delaying others. */
export const WebhookTraffic = z.strictObject({
  /** Calls under way. `until` (UTC): one that has not ended by then was lost with its process. */
  calls: z.array(z.strictObject({ eventId: EventId, until: z.iso.datetime() })),
  /** Calls in a row that had no answer in time. */
  failures: z.int().nonnegative(),
  /** UTC; nothing is sent before. */
  pausedUntil: z.iso.datetime().nullable(),
})
export type WebhookTraffic = Readonly<z.infer<typeof WebhookTraffic>>
