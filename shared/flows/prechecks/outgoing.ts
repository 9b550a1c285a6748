import type { ItemResult } from '../../model/item-result.ts'
import type { CheckMessage, ResultMessage } from '../../model/queue-messages.ts'

/** What is to be sent, and to which queue; all of it at once. `delaySeconds`: when it may be delivered at the earliest. */
export type Outgoing =
  /** `isLast`: no result comes after it. */
  | { readonly queue: 'results'; readonly messages: readonly ResultMessage[]; readonly isLast?: boolean }
  | { readonly queue: 'checks'; readonly messages: readonly CheckMessage[]; readonly delaySeconds: number }

/** Results of a precheck, sent together. */
export const sending = (precheckId: string, results: readonly ItemResult[]): Outgoing => ({
  queue: 'results',
  messages: results.map((result) => ({ kind: 'result', precheckId, result })),
})
