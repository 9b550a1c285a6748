import * as z from 'zod'
import {
  type CreatedWebhook,
  changeWebhook,
  createWebhook,
  unknownWebhook,
} from '../../../shared/webhooks/register-webhook.ts'
import { rotateWebhookSecret } from '../../../shared/webhooks/rotate-webhook-secret.ts'
import { Webhook, WebhookDefinition, WebhookId } from '../../../shared/webhooks/model/webhook.ts'
import type { ApiDeps } from '../deps.ts'
import { conditional, createdResponse, expectRevision, tagHeader, taggedResponse } from '../conditional.ts'
import { mergePatch } from '../merge-patch.ts'
import { accepted, declined, fieldsInvalid, route } from '../route.ts'

const shownOnce = 'Signs what the webhook is sent. Shown this once and kept nowhere.'

const WebhookView = Webhook.meta({ id: 'Webhook' })
const Definition = WebhookDefinition.meta({ id: 'WebhookDefinition' })
const CreatedView = Webhook.extend({
  secret: z.string().nullable().describe(`${shownOnce} Null for robots.`),
}).meta({ id: 'CreatedWebhook' })
const RotatedView = Webhook.extend({ secret: z.string().describe(shownOnce) }).meta({
  id: 'RotatedWebhook',
})
const Changed = z.object({ body: Definition })
const params = z.strictObject({ webhookId: WebhookId })

/** A day for the receivers to take the new secret; a week if they say so. */
const SecretRequest = z
  .strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('How long old secrets sign beside the new one at most; 0: they do no more.'),
  })
  .prefault({})
  .meta({ id: 'WebhookSecretRequest' })

/** Reads a webhook, or ends the request. */
export const existingWebhook = async (
  { webhooks }: Pick<ApiDeps, 'webhooks'>,
  webhookId: string,
): Promise<Webhook> => {
  const webhook = await webhooks.get(webhookId)
  if (!webhook) throw declined(unknownWebhook(webhookId).failure)
  return webhook
}

/** The only answers in which a secret is. */
const withSecret = ({ webhook, secret }: CreatedWebhook) => ({ ...webhook, secret })

export const webhookRoutes = [
  route({
    method: 'POST',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    summary: 'Registers a webhook; its secret is shown this once',
    scope: 'admin',
    input: z.object({ body: Definition }),
    answers: {
      201: {
        description: 'The webhook and its secret.',
        schema: CreatedView,
        headers: { ...tagHeader, Location: 'Address of the webhook.' },
      },
    },
    problems: [
      'FIELDS_INVALID',
      'BODY_INVALID',
      'WEBHOOK_REFUSED',
      'WEBHOOKS_TOO_MANY',
      'WEBHOOK_CHANGED',
      'WEBHOOK_KEY_UNAVAILABLE',
    ],
    handle: async (deps, { body }) => {
      const created = accepted(await createWebhook(deps, body))
      return createdResponse(withSecret(created), `/v1/webhooks/${created.webhook.id}`)
    },
  }),
  route({
    method: 'GET',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    summary: 'Lists the webhooks in the order of their ids, without their secrets',
    scope: 'read',
    input: z.object({}),
    answers: {
      200: { description: 'The webhooks.', schema: z.strictObject({ items: z.array(WebhookView) }) },
    },
    problems: [],
    handle: async ({ webhooks }) => ({ status: 200, json: { items: await webhooks.list() } }),
  }),
  route({
    method: 'GET',
    path: '/v1/webhooks/{webhookId}',
    operationId: 'getWebhook',
    summary: 'Reads a webhook; secrets are references only',
    scope: 'read',
    input: z.object({ params }),
    answers: { 200: { description: 'The webhook.', schema: WebhookView, headers: tagHeader } },
    problems: ['WEBHOOK_NOT_FOUND'],
    handle: async (deps, input) => taggedResponse(await existingWebhook(deps, input.params.webhookId)),
  }),
  route({
    method: 'PATCH',
    path: '/v1/webhooks/{webhookId}',
    operationId: 'patchWebhook',
    summary: 'Changes parts of a webhook (JSON Merge Patch, RFC 7396); one that was stopped is called again',
    scope: 'admin',
    input: z.object({
      params,
      headers: conditional,
      body: z.record(z.string(), z.json()).meta({ id: 'WebhookPatch' }),
    }),
    answers: { 200: { description: 'It was changed.', schema: WebhookView, headers: tagHeader } },
    problems: [
      'FIELDS_INVALID',
      'BODY_INVALID',
      'WEBHOOK_NOT_FOUND',
      'WEBHOOK_CHANGED',
      'WEBHOOK_REFUSED',
      'PRECONDITION_FAILED',
    ],
    handle: async (deps, { params: { webhookId }, body, headers }) => {
      const stored = await existingWebhook(deps, webhookId)
      expectRevision(stored, headers['if-match'])
      const patched = Changed.safeParse({ body: mergePatch(stored.definition, body) })
      if (!patched.success) throw fieldsInvalid(patched.error)
      const definition = patched.data.body
      const change = { webhookId, definition, expectedRevision: stored.revision }
      return taggedResponse(accepted(await changeWebhook(deps, change)))
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/webhooks/{webhookId}',
    operationId: 'deleteWebhook',
    summary: 'Removes a webhook; it is called no more',
    scope: 'admin',
    input: z.object({ params }),
    answers: { 204: { description: 'It was removed.' } },
    problems: ['WEBHOOK_NOT_FOUND'],
    handle: async ({ webhooks }, { params: { webhookId } }) => {
      if (!(await webhooks.remove(webhookId))) throw declined(unknownWebhook(webhookId).failure)
      return { status: 204 }
    },
  }),
  route({
    method: 'POST',
    path: '/v1/webhooks/{webhookId}/secret',
    operationId: 'rotateWebhookSecret',
    summary: 'Gives a webhook a new secret, shown this once; the old one signs too for a while',
    scope: 'admin',
    input: z.object({ params, body: SecretRequest }),
    answers: {
      200: { description: 'The webhook and its new secret.', schema: RotatedView, headers: tagHeader },
    },
    problems: [
      'FIELDS_INVALID',
      'BODY_INVALID',
      'WEBHOOK_NOT_FOUND',
      'WEBHOOK_CHANGED',
      'WEBHOOK_NOT_SIGNED',
      'WEBHOOK_KEY_UNAVAILABLE',
    ],
    handle: async (deps, { params: { webhookId }, body }) => {
      const rotation = { webhookId, overlapHours: body.overlapHours }
      return taggedResponse(withSecret(accepted(await rotateWebhookSecret(deps, rotation))))
    },
  }),
]
