import { type WebhookDelivery, eventIdsAt } from '../../webhooks/model/delivery.ts'
import type { WebhookDeliveries } from '../../webhooks/stores.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { afterAllIds, pageOf } from './page-of.ts'
import { keptSince } from './retention.ts'
import { revisionedDocuments } from './revisioned-documents.ts'

/** Deliveries to webhooks in the embedded database. A new one removes those of its webhook that are too old. */
export const sqliteWebhookDeliveries = (database: Database, { write }: Writer): WebhookDeliveries => {
  const { connection } = database
  const deliveries = revisionedDocuments<WebhookDelivery>(database, 'webhook_deliveries', [
    'webhook_id',
    'event_id',
  ])
  const newestFirst = connection.prepare(`
    SELECT document FROM webhook_deliveries WHERE webhook_id = ? AND event_id < ?
    ORDER BY event_id DESC LIMIT ?`)
  // Dead letters are few among very many, which SQLite does not know.
  const newestFirstIn = connection.prepare(`
    SELECT document FROM webhook_deliveries INDEXED BY webhook_deliveries_by_state
    WHERE webhook_id = ? AND json_extract(document, '$.state') = ? AND event_id < ?
    ORDER BY event_id DESC LIMIT ?`)
  const removeOld = connection.prepare('DELETE FROM webhook_deliveries WHERE webhook_id = ? AND event_id < ?')

  return {
    get: async (webhookId, eventId) => deliveries.get(webhookId, eventId),

    put: (delivery, revision) => {
      const { webhookId, eventId, beganAt } = delivery
      return write(() => {
        if (!deliveries.put([webhookId, eventId], delivery, revision)) return false
        if (revision === 0) removeOld.run(webhookId, eventIdsAt(keptSince(beganAt)))
        return true
      })
    },

    list: async (webhookId, { limit, after = afterAllIds }, state) => {
      const rows =
        state === undefined
          ? newestFirst.all(webhookId, after, limit + 1)
          : newestFirstIn.all(webhookId, state, after, limit + 1)
      return pageOf(rows.map(deliveries.parse), limit, ({ eventId }) => eventId)
    },
  }
}
