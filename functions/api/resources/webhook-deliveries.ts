import * as z from 'zod'
import { deliveryBody } from '../../../shared/webhooks/delivery/delivery-body.ts'
import { redeliver, redeliverDead, unknownDelivery } from '../../../shared/webhooks/delivery/redeliver.ts'
import { sendSample } from '../../../shared/webhooks/delivery/send-sample.ts'
import { EventId, WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import { WebhookId } from '../../../shared/webhooks/model/webhook.ts'
import { andThen, found } from '../../../shared/model/failure.ts'
import { documentsOf } from '../../../shared/ports/documents.ts'
import { pageOf, pageQuery, pageResponse, pageSchema } from '../routing/paging.ts'
import { route } from '../routing/route.ts'
import { existingWebhook } from './webhooks.ts'

const DeliveryView = WebhookDelivery.meta({ id: 'WebhookDelivery' })
const ofWebhook = z.strictObject({ webhookId: WebhookId })
const ofDelivery = ofWebhook.extend({ eventId: EventId })

const ListQuery = z.strictObject({
  ...pageQuery,
  state: WebhookDelivery.shape.state
    .optional()
    .describe('`dead`: the dead letters. Default: all deliveries.'),
})

export const Redelivery = z
  .strictObject({
    redelivered: z.int().describe('Number of deliveries that were started again.'),
    more: z.boolean().describe('There are more dead letters: send the request again.'),
  })
  .meta({ id: 'WebhookRedelivery' })

const DeliveryBodyView = z
  .strictObject({
    body: z
      .strictObject({
        type: z.string().describe('Media type. Of a mail: its text, after its subject.'),
        text: z.string(),
      })
      .nullable()
      .describe('Null: what the event tells of is not stored any more.'),
  })
  .meta({ id: 'WebhookDeliveryBody' })
export type DeliveryBodyView = Readonly<z.infer<typeof DeliveryBodyView>>

const underWay = (delivery: WebhookDelivery) =>
  ({
    status: 202,
    headers: { location: `/v1/webhooks/${delivery.webhookId}/deliveries/${delivery.eventId}` },
    body: delivery,
  }) as const

const underWayAnswer = {
  description: 'It is under way.',
  schema: DeliveryView,
  headers: { Location: 'Address of the delivery.' },
} as const

export const webhookDeliveryRoutes = [
  route({
    method: 'POST',
    path: '/v1/webhooks/{webhookId}/test',
    operationId: 'testWebhook',
    summary: 'Sends a sample event to a webhook, even to a disabled one',
    scope: 'run',
    input: z.object({ params: ofWebhook }),
    answers: { 202: underWayAnswer },
    problems: ['WEBHOOK_NOT_FOUND'],
    handle: (deps, { params: { webhookId } }) => sendSample(deps, webhookId),
    respond: underWay,
  }),
  route({
    method: 'GET',
    path: '/v1/webhooks/{webhookId}/deliveries',
    operationId: 'listWebhookDeliveries',
    summary: 'Lists the deliveries to a webhook, newest event first',
    scope: 'read',
    input: z.object({ params: ofWebhook, query: ListQuery }),
    answers: { 200: { description: 'A page.', schema: pageSchema(DeliveryView) } },
    problems: ['WEBHOOK_NOT_FOUND'],
    handle: async (deps, { params: { webhookId }, query }) =>
      andThen(await existingWebhook(deps, webhookId), async () => ({
        value: documentsOf(
          await deps.deliveries.list({
            group: webhookId,
            ...pageOf(query),
            statuses: query.state && [query.state],
          }),
        ),
      })),
    respond: (page, { params: { webhookId }, query }) =>
      pageResponse(page, `/v1/webhooks/${webhookId}/deliveries`, query),
  }),
  route({
    method: 'GET',
    path: '/v1/webhooks/{webhookId}/deliveries/{eventId}',
    operationId: 'getWebhookDelivery',
    summary: 'Reads a delivery with every attempt',
    scope: 'read',
    input: z.object({ params: ofDelivery }),
    answers: { 200: { description: 'The delivery.', schema: DeliveryView } },
    problems: ['WEBHOOK_NOT_FOUND', 'DELIVERY_NOT_FOUND'],
    handle: async (deps, { params }) =>
      andThen(await existingWebhook(deps, params.webhookId), async () =>
        found(await deps.deliveries.get([params.webhookId, params.eventId]), unknownDelivery(params)),
      ),
    respond: ({ document }) => ({ status: 200, body: document }),
  }),
  route({
    method: 'GET',
    path: '/v1/webhooks/{webhookId}/deliveries/{eventId}/body',
    operationId: 'getWebhookDeliveryBody',
    summary: 'Reads what is sent of an event to a webhook as it is defined now, without what signs it',
    scope: 'read',
    input: z.object({ params: ofDelivery }),
    answers: { 200: { description: 'What its attempts send.', schema: DeliveryBodyView } },
    problems: ['WEBHOOK_NOT_FOUND', 'DELIVERY_NOT_FOUND'],
    handle: (deps, { params }) => deliveryBody(deps, params),
    respond: (body) => ({ status: 200, body: { body } }),
  }),
  route({
    method: 'POST',
    path: '/v1/webhooks/{webhookId}/deliveries/{eventId}/redeliver',
    operationId: 'redeliverWebhookDelivery',
    summary: 'Delivers an event again, with the same id; its delivery must have ended',
    scope: 'run',
    input: z.object({ params: ofDelivery }),
    answers: { 202: underWayAnswer },
    problems: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_DISABLED', 'DELIVERY_NOT_FOUND', 'DELIVERY_PENDING'],
    handle: (deps, { params }) => redeliver(deps, params),
    respond: underWay,
  }),
  route({
    method: 'POST',
    path: '/v1/webhooks/{webhookId}/redeliver',
    operationId: 'redeliverDeadWebhookDeliveries',
    summary: 'Delivers the newest dead letters of a webhook again',
    scope: 'run',
    input: z.object({ params: ofWebhook }),
    answers: { 202: { description: 'They are under way.', schema: Redelivery } },
    problems: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_DISABLED'],
    handle: (deps, { params: { webhookId } }) => redeliverDead(deps, webhookId),
    respond: (body) => ({ status: 202, body }),
  }),
]
