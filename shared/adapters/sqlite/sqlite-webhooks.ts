import type { Webhook } from '../../webhooks/model/webhook.ts'
import type { Webhooks } from '../../webhooks/stores.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { revisionedDocuments } from './revisioned-documents.ts'

/** Registered webhooks in the embedded database. */
export const sqliteWebhooks = (database: Database, { write }: Writer): Webhooks => {
  const { connection } = database
  const webhooks = revisionedDocuments<Webhook>(database, 'webhooks', ['webhook_id'])
  const remove = connection.prepare('DELETE FROM webhooks WHERE webhook_id = ?')
  const all = connection.prepare('SELECT document FROM webhooks ORDER BY webhook_id')

  return {
    get: async (webhookId) => webhooks.get(webhookId)?.document ?? null,
    put: (webhook, revision) => write(() => webhooks.put([webhook.id], webhook, revision)),
    remove: (webhookId) => write(() => remove.run(webhookId).changes === 1),
    list: async () => all.all().map(webhooks.parse),
  }
}
