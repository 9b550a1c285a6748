import { eventTypes, webhookFormats } from '../../../shared/webhooks/model/choices.ts'
import type { WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import type { Field, PathOf } from '../../forms/fields.ts'
import { engines } from '../../forms/registration-fields.ts'

type WebhookField = Field<PathOf<WebhookDefinition>>

/** Where events are sent, and which. */
export const webhookFields: readonly WebhookField[] = [
  { path: 'url', kind: 'text', example: 'https://ops.example/hooks/precheck', isRequired: true },
  { path: 'format', kind: 'choice', options: webhookFormats, isRequired: true },
  { path: 'token', kind: 'text', example: 'env:PRECHECK_SECRET_ROBOT' },
  { path: 'signingSecret', kind: 'text', example: 'env:PRECHECK_SECRET_SIGNING' },
  { path: 'description', kind: 'text' },
  { path: 'events', kind: 'choices', options: eventTypes },
  { path: 'only', kind: 'choice', options: ['changes', 'always'] },
  { path: 'locale', kind: 'choice', options: ['en', 'zh'] },
  { path: 'filter.engine', kind: 'choice', options: engines },
  { path: 'filter.tags', kind: 'tags', example: 'team:orders' },
  { path: 'filter.instances', kind: 'lines', example: 'orders-db' },
]
