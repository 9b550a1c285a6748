import { keptDays, keptSince } from '../model/retention.ts'
import type { DocumentKind, Documents } from '../ports/documents.ts'
import { WebhookDelivery, eventIdsAt } from './model/delivery.ts'
import { WebhookTraffic } from './model/traffic.ts'
import { Webhook } from './model/webhook.ts'

/** Webhooks that there can be: all of them are read at once for every precheck that ends. */
export const maxWebhooks = 100

/** The registered webhooks by their ids. */
export const webhookKind: DocumentKind<Webhook> = {
  table: 'webhooks',
  keyColumns: ['webhook_id'],
  schema: Webhook,
  order: 'ascending',
}

/** What was delivered to whom, and what was not: newest event first, since ids of events begin with their time. */
export const deliveryKind: DocumentKind<WebhookDelivery, DeliveryKey> = {
  table: 'webhook_deliveries',
  keyColumns: ['webhook_id', 'event_id'],
  schema: WebhookDelivery,
  order: 'descending',
  status: 'state',
  keptDays,
  expiry: { column: 'event_id', firstKept: ({ beganAt }) => eventIdsAt(keptSince(beganAt)) },
}

/** Who is calling a webhook, by its id. */
export const trafficKind: DocumentKind<WebhookTraffic> = {
  table: 'webhook_traffic',
  keyColumns: ['webhook_id'],
  schema: WebhookTraffic,
  order: 'ascending',
}

export type DeliveryKey = readonly [webhookId: string, eventId: string]
export type Webhooks = Documents<Webhook>
export type WebhookDeliveries = Documents<WebhookDelivery, DeliveryKey>
export type WebhookTraffics = Documents<WebhookTraffic>
