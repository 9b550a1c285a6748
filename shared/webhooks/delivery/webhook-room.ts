import {
  type Call,
  type CallEnd,
  type CallLimits,
  type DeliveryEnd,
  countEnd,
  enter,
  leave,
} from '../model/traffic.ts'
import { DocumentContended } from '../../ports/documents.ts'
import type { WebhookTraffics } from '../stores.ts'

interface Deps {
  readonly traffics: Pick<WebhookTraffics, 'update'>
  readonly now: () => Date
}

/** When very many messages came for a webhook at once, so that nobody could tell whether there is room, ms. */
const crowdedMs = 1000

/** Lets a call begin; or tells after which time, ms, there may be room for it. */
export const takeRoom = async (
  { traffics, now }: Deps,
  webhookId: string,
  call: Call,
  limits: CallLimits,
): Promise<{ readonly comeBackAfterMs: number } | null> => {
  try {
    return await traffics.update(webhookId, (traffic) => {
      const entrance = enter(traffic, call, now(), limits)
      return 'traffic' in entrance ? { put: entrance.traffic, value: null } : { value: entrance }
    })
  } catch (fault) {
    if (!(fault instanceof DocumentContended)) throw fault
    return { comeBackAfterMs: crowdedMs }
  }
}

/**
 * Ends a call, and counts the delivery that ended with it (null: none did). Rejects if that could not be written; then
 * the call is forgotten when its time is over, and the delivery is not counted.
 */
export const giveRoomBack = (
  { traffics, now }: Deps,
  webhookId: string,
  call: Call,
  ended: CallEnd,
  delivery: DeliveryEnd | null,
): Promise<void> =>
  traffics.update(webhookId, (traffic) => ({
    put: countEnd(leave(traffic, call, ended, now()), delivery),
    value: undefined,
  }))
