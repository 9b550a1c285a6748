import type { WebhookTraffic } from '../../webhooks/model/traffic.ts'
import type { WebhookTraffics } from '../../webhooks/stores.ts'
import { revisionedRows } from './revisioned-rows.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

const keyOf = (webhookId: string) => ({ webhook_id: webhookId })

/** Who is calling which webhook, on Tablestore. */
export const tablestoreWebhookTraffics = (client: TablestoreClient): WebhookTraffics => {
  const rows = revisionedRows<WebhookTraffic>(client, tables.traffic)
  return {
    get: (webhookId) => rows.get(keyOf(webhookId)),
    put: (webhookId, traffic, revision) => rows.put(keyOf(webhookId), traffic, revision),
  }
}
