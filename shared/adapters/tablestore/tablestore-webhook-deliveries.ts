import type { WebhookDelivery } from '../../webhooks/model/delivery.ts'
import type { WebhookDeliveries } from '../../webhooks/stores.ts'
import { equals } from './conditions.ts'
import { readPage } from './range.ts'
import { revisionedRows } from './revisioned-rows.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

const keyOf = (webhookId: string, eventId: string) => ({ webhook_id: webhookId, event_id: eventId })

/** Deliveries on Tablestore. Ids of events begin with their time, so that the newest ones come first backward. */
export const tablestoreWebhookDeliveries = (client: TablestoreClient): WebhookDeliveries => {
  const rows = revisionedRows<WebhookDelivery>(client, tables.deliveries)
  return {
    get: (webhookId, eventId) => rows.get(keyOf(webhookId, eventId)),

    put: (delivery, revision) =>
      rows.put(keyOf(delivery.webhookId, delivery.eventId), delivery, revision, { state: delivery.state }),

    list: (webhookId, page, state) => {
      const newestFirst = {
        table: tables.deliveries,
        direction: 'BACKWARD',
        within: { webhook_id: webhookId },
        by: 'event_id',
        ...(state && { filter: equals('state', state) }),
      } as const
      return readPage(client, newestFirst, page, rows.parse)
    },
  }
}
