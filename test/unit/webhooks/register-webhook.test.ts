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

describe('a webhook by e-mail', () => {
  const mail = (url: string, over: object = {}) =>
    WebhookDefinition.safeParse({ url, format: 'email', ...over })
  const many = (count: number) =>
    `mailto:${Array.from({ length: count }, (_, index) => `dba${index}@a.example`).join(',')}`

  it.each(['mailto:dba@example.com', 'mailto:dba+night@example.com,backup.team@mail.example.com', many(20)])(
    'is sent to %s',
    (url) => {
      expect(mail(url).success).toBe(true)
    },
  )

  it.each([
    'mailto:',
    'mailto:dba',
    'mailto:dba@example.com,',
    'mailto:dba@example.com?bcc=x@example.com',
    'mailto:dba@example.com%0d%0aBcc:x@example.com',
    'mailto:"DBA" <dba@example.com>',
    'mailto:dba@example.com\r\nBcc: x@example.com',
    many(21),
    `mailto:${'x'.repeat(250)}@example.com`,
    'https://receiver.example/hook',
  ])('is not sent to %s', (url) => {
    expect(mail(url).success).toBe(false)
  })

  it('has no other format', () => {
    expect(mail('mailto:dba@example.com', { format: 'json' }).success).toBe(false)
  })

  it('is refused, with the setting that it takes, where no mail server is known', async () => {
    const change = { webhookId, definition: mail('mailto:dba@example.com').data! }
    const refused = { code: 'WEBHOOK_REFUSED', detail: expect.stringContaining('PRECHECK_SMTP_URL') }
    expect(await changeWebhook(deps, change)).toMatchObject({ failure: refused })
    const open = { ...deps, webhookRules: { ...deps.webhookRules, hasMailServer: true } }
    expect(await changeWebhook(open, change)).toHaveProperty('value.definition.format', 'email')
  })
})

it.each([
  ['http://receiver.example/hook', 'PRECHECK_WEBHOOK_HTTP'],
  ['https://10.0.0.1/hook', 'PRECHECK_WEBHOOK_NETWORKS'],
  ['https://localhost/hook', 'PRECHECK_WEBHOOK_NETWORKS'],
  ['https://receiver.internal/hook', 'PRECHECK_WEBHOOK_NETWORKS'],
])('a refusal of %s names the setting that would allow it', async (url, setting) => {
  const refused = { code: 'WEBHOOK_REFUSED', detail: expect.stringContaining(setting) }
  const changed = await changeWebhook(deps, { webhookId, definition: { ...definition, url } })
  expect(changed).toMatchObject({ failure: refused })
})
