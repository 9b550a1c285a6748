import type { Webhook } from '../../webhooks/model/webhook.ts'
import { type Webhooks, maxWebhooks } from '../../webhooks/stores.ts'
import { rangeOf, readRange } from './range.ts'
import { revisionedRows } from './revisioned-rows.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

const keyOf = (webhookId: string) => ({ webhook_id: webhookId })

const allWebhooks = { table: tables.webhooks, direction: 'FORWARD', within: {}, by: 'webhook_id' } as const

/** Registered webhooks on Tablestore. */
export const tablestoreWebhooks = (client: TablestoreClient): Webhooks => {
  const rows = revisionedRows<Webhook>(client, tables.webhooks)
  return {
    get: async (webhookId) => (await rows.get(keyOf(webhookId)))?.document ?? null,
    put: (webhook, revision) => rows.put(keyOf(webhook.id), webhook, revision),
    remove: (webhookId) => rows.remove(keyOf(webhookId)),
    list: async () => {
      const found: Webhook[] = []
      for await (const { columns } of readRange(client, { ...rangeOf(allWebhooks), limit: maxWebhooks }))
        found.push(await rows.parse(columns))
      return found
    },
  }
}
