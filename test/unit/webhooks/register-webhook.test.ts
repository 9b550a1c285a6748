import { describe, expect, it } from 'vitest'
import { changeWebhook } from '../../../shared/webhooks/register-webhook.ts'
import { type Webhook, WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'

const at = '2026-11-21T02:00:00.000Z'
const definition = WebhookDefinition.parse({ url: 'https://receiver.example/hook' })
const stored: Webhook = {
  id: `wh_${'1'.repeat(16)}`,
  definition,
  secrets: [{ version: 1, until: null }],
  stopped: null,
  revision: 3,
  createdAt: at,
  updatedAt: at,
}
const webhookId = stored.id
const deps = {
  webhooks: { get: async () => ({ document: stored, revision: 3 }), put: async () => true },
  webhookRules: { allowHttp: false, allowedNetworks: [] },
  secretRules: { folder: '/run/secrets' },
  now: () => new Date('2026-11-22T09:00:00.000Z'),
}

describe('a change of a webhook', () => {
  it('keeps its secrets and its age', async () => {
    const changed = { ...definition, description: 'moved' }
    expect(await changeWebhook(deps, { webhookId, definition: changed, expectedRevision: 3 })).toEqual({
      value: { ...stored, definition: changed, revision: 4, updatedAt: '2026-11-22T09:00:00.000Z' },
    })
  })

  it('made of a definition that was changed since it was read is declined', async () => {
    const declined = await changeWebhook(deps, { webhookId, definition, expectedRevision: 2 })
    expect(declined).toHaveProperty('failure.code', 'WEBHOOK_CHANGED')
  })

  it('may call http where the service is set to', async () => {
    const change = { webhookId, definition: { ...definition, url: 'http://receiver.example/hook' } }
    expect(await changeWebhook(deps, change)).toHaveProperty('failure.code', 'WEBHOOK_REFUSED')
    const open = { ...deps, webhookRules: { allowHttp: true, allowedNetworks: [] } }
    expect(await changeWebhook(open, change)).toHaveProperty('value.definition.url', change.definition.url)
  })
})
