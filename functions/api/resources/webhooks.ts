import * as z from 'zod'
import { JsonValue } from '../routing/json-value.ts'
import { changeWebhook, createWebhook, unknownWebhook } from '../../../shared/webhooks/register-webhook.ts'
import { rotateWebhookSecret } from '../../../shared/webhooks/rotate-webhook-secret.ts'
import { Webhook, WebhookDefinition, WebhookId } from '../../../shared/webhooks/model/webhook.ts'
import { type Result, andThen, found } from '../../../shared/model/failure.ts'
import { listAll } from '../../../shared/ports/documents.ts'
import type { ApiDeps } from '../routing/deps.ts'
import {
  atRevision,
  conditional,
  createdResponse,
  tagHeader,
  taggedResponse,
} from '../routing/conditional.ts'
import { dryRunQuery, reachedBy } from '../routing/dry-run.ts'
import { patched } from '../routing/merge-patch.ts'
import { route } from '../routing/route.ts'

const shownOnce = 'Signs what is sent to the webhook. It is shown only once and not stored.'

const WebhookView = Webhook.meta({ id: 'Webhook' })
const Definition = WebhookDefinition.meta({ id: 'WebhookDefinition' })
export const CreatedView = Webhook.extend({
  secret: z.string().nullable().describe(`${shownOnce} Null for robots.`),
}).meta({ id: 'CreatedWebhook' })
export const RotatedView = Webhook.extend({ secret: z.string().describe(shownOnce) }).meta({
  id: 'RotatedWebhook',
})
const params = z.strictObject({ webhookId: WebhookId })

/** A day for the receivers to take the new secret; a week if they say so. */
const SecretRequest = z
  .strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('Hours for which old secrets still sign beside the new one, at most; 0: not at all.'),
  })
  .prefault({})
  .meta({ id: 'WebhookSecretRequest' })

export const existingWebhook = async (
  { webhooks }: Pick<ApiDeps, 'webhooks'>,
  webhookId: string,
): Promise<Result<Webhook, 'WEBHOOK_NOT_FOUND'>> =>
  found((await webhooks.get(webhookId))?.document ?? null, unknownWebhook(webhookId))

export const webhookRoutes = [
  route({
    method: 'POST',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    summary: 'Registers a webhook; its secret is shown only once',
    scope: 'admin',
    input: z.object({ query: dryRunQuery, body: Definition }),
    answers: {
      201: {
        description: 'The webhook and its secret.',
        schema: CreatedView,
        headers: { ...tagHeader, Location: 'Address of the webhook.' },
      },
    },
    problems: [
      'WEBHOOK_REFUSED',
      'SECRET_REFUSED',
      'WEBHOOKS_TOO_MANY',
      'WEBHOOK_CHANGED',
      'WEBHOOK_KEY_UNAVAILABLE',
    ],
    handle: (deps, { query, body }) => createWebhook(reachedBy(deps, query), body),
    respond: ({ webhook, secret }) => createdResponse({ ...webhook, secret }, `/v1/webhooks/${webhook.id}`),
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
    handle: async ({ webhooks }) => ({ value: await listAll(webhooks) }),
    respond: (items) => ({ status: 200, body: { items } }),
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
    handle: (deps, { params: { webhookId } }) => existingWebhook(deps, webhookId),
    respond: (webhook) => taggedResponse(webhook),
  }),
  route({
    method: 'PATCH',
    path: '/v1/webhooks/{webhookId}',
    operationId: 'patchWebhook',
    summary: 'Changes parts of a webhook (JSON Merge Patch, RFC 7396); one that was stopped is resumed',
    scope: 'admin',
    input: z.object({
      params,
      query: dryRunQuery,
      headers: conditional,
      body: z.record(z.string(), JsonValue).meta({ id: 'WebhookPatch' }),
    }),
    answers: { 200: { description: 'It was changed.', schema: WebhookView, headers: tagHeader } },
    problems: [
      'FIELDS_INVALID',
      'WEBHOOK_NOT_FOUND',
      'WEBHOOK_CHANGED',
      'WEBHOOK_REFUSED',
      'SECRET_REFUSED',
      'PRECONDITION_FAILED',
    ],
    handle: async (deps, { params: { webhookId }, query, body, headers }) => {
      const existing = await existingWebhook(deps, webhookId)
      const seen = andThen(existing, (webhook) => atRevision(webhook, headers['if-match']))
      return andThen(seen, (webhook) =>
        andThen(patched(Definition, webhook.definition, body), (definition) =>
          changeWebhook(reachedBy(deps, query), {
            webhookId,
            definition,
            expectedRevision: webhook.revision,
          }),
        ),
      )
    },
    respond: (webhook) => taggedResponse(webhook),
  }),
  route({
    method: 'DELETE',
    path: '/v1/webhooks/{webhookId}',
    operationId: 'deleteWebhook',
    summary: 'Removes a webhook; nothing more is sent to it',
    scope: 'admin',
    input: z.object({ params }),
    answers: { 204: { description: 'It was removed.' } },
    problems: ['WEBHOOK_NOT_FOUND'],
    handle: async ({ webhooks }, { params: { webhookId } }) =>
      (await webhooks.remove(webhookId)) ? { value: null } : unknownWebhook(webhookId),
    respond: () => ({ status: 204 }),
  }),
  route({
    method: 'POST',
    path: '/v1/webhooks/{webhookId}/secret',
    operationId: 'rotateWebhookSecret',
    summary: 'Gives a webhook a new secret, shown only once; the old one also signs for a while',
    scope: 'admin',
    input: z.object({ params, body: SecretRequest }),
    answers: {
      200: { description: 'The webhook and its new secret.', schema: RotatedView, headers: tagHeader },
    },
    problems: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_CHANGED', 'WEBHOOK_NOT_SIGNED', 'WEBHOOK_KEY_UNAVAILABLE'],
    handle: (deps, { params: { webhookId }, body: { overlapHours } }) =>
      rotateWebhookSecret(deps, { webhookId, overlapHours }),
    respond: ({ webhook, secret }) => taggedResponse({ ...webhook, secret }),
  }),
]
