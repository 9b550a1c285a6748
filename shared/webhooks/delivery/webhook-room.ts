import { type Call, type CallEnd, type CallLimits, enter, leave } from '../model/traffic.ts'
import type { WebhookTraffics } from '../stores.ts'

interface Deps {
  readonly traffics: WebhookTraffics
  readonly now: () => Date
}

/** Calls of a webhook at a time are few. More rounds than this mean that very many messages came for it at once. */
const maxRounds = 32

/** When it was too crowded to tell whether there is room, ms. */
const crowdedMs = 1000

/** Lets a call begin; or tells after which time, ms, there may be room for it. */
export const takeRoom = async (
  { traffics, now }: Deps,
  webhookId: string,
  call: Call,
  limits: CallLimits,
): Promise<{ readonly comeBackAfterMs: number } | null> => {
  for (let round = 0; round < maxRounds; round += 1) {
    const stored = await traffics.get(webhookId)
    const entrance = enter(stored?.document ?? null, call, now(), limits)
    if ('comeBackAfterMs' in entrance) return entrance
    if (await traffics.put(webhookId, entrance.traffic, stored?.revision ?? 0)) return null
  }
  return { comeBackAfterMs: crowdedMs }
}

/** Ends a call. Rejects if that could not be written; then it is forgotten when its time is over. */
export const giveRoomBack = async (
  { traffics, now }: Deps,
  webhookId: string,
  call: Call,
  ended: CallEnd,
): Promise<void> => {
  for (let round = 0; round < maxRounds; round += 1) {
    const stored = await traffics.get(webhookId)
    const traffic = leave(stored?.document ?? null, call, ended, now())
    if (await traffics.put(webhookId, traffic, stored?.revision ?? 0)) return
  }
  throw new Error(`The traffic of ${webhookId} kept changing under ${maxRounds} attempts to write it`)
}
