import type { WebhookTraffic } from '../../webhooks/model/traffic.ts'
import type { WebhookTraffics } from '../../webhooks/stores.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { revisionedDocuments } from './revisioned-documents.ts'

/** Who is calling which webhook, in the embedded database. */
export const sqliteWebhookTraffics = (database: Database, { write }: Writer): WebhookTraffics => {
  const traffics = revisionedDocuments<WebhookTraffic>(database, 'webhook_traffic', ['webhook_id'])
  return {
    get: async (webhookId) => traffics.get(webhookId),
    put: (webhookId, traffic, revision) => write(() => traffics.put([webhookId], traffic, revision)),
  }
}
