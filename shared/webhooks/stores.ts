import type { Page, PageRequest } from '../model/page.ts'
import type { Webhook } from './model/webhook.ts'
import type { WebhookDelivery } from './model/delivery.ts'
import type { WebhookTraffic } from './model/traffic.ts'
import type { Stored } from '../ports/stored.ts'

/** Webhooks that there can be: all of them are read at once for every precheck that ends. */
export const maxWebhooks = 100

/** Keeps the registered webhooks. A resolved write is durable. */
export interface Webhooks {
  readonly get: (webhookId: string) => Promise<Webhook | null>
  /** Writes a webhook if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (webhook: Webhook, revision: number) => Promise<boolean>
  /** Removes a webhook; tells whether there was one. */
  readonly remove: (webhookId: string) => Promise<boolean>
  /** All of them, in the order of their ids. */
  readonly list: () => Promise<readonly Webhook[]>
}

/** Keeps what was delivered to whom, and what was not. A resolved write is durable. */
export interface WebhookDeliveries {
  readonly get: (webhookId: string, eventId: string) => Promise<Stored<WebhookDelivery> | null>
  /** Writes a delivery if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (delivery: WebhookDelivery, revision: number) => Promise<boolean>
  /** Deliveries of a webhook, newest event first; `state` left out: all. */
  readonly list: (
    webhookId: string,
    page: PageRequest,
    state?: WebhookDelivery['state'],
  ) => Promise<Page<WebhookDelivery>>
}

/** Keeps who is calling which webhook. */
export interface WebhookTraffics {
  readonly get: (webhookId: string) => Promise<Stored<WebhookTraffic> | null>
  /** Writes the traffic if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (webhookId: string, traffic: WebhookTraffic, revision: number) => Promise<boolean>
}
