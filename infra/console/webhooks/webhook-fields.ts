import type { EventType, WebhookDefinition, WebhookFormat } from '../../../shared/webhooks/model/webhook.ts'
import type { Field, PathOf } from '../../forms/fields.ts'

type WebhookField = Field<PathOf<WebhookDefinition>>

const formats: readonly WebhookFormat[] = ['json', 'email', 'dingtalk', 'feishu', 'wecom', 'slack']

const events: readonly EventType[] = [
  'precheck.failed',
  'precheck.warning',
  'precheck.recovered',
  'precheck.completed',
  'precheck.reminder',
  'sweep.completed',
  'night.digest',
  'precheck.missed',
  'protection.at-risk',
  'protection.restored',
]

/** Where events are sent, and which. */
export const webhookFields: readonly WebhookField[] = [
  { path: 'url', kind: 'text', example: 'https://ops.example/hooks/precheck', isRequired: true },
  { path: 'format', kind: 'choice', options: formats, isRequired: true },
  { path: 'token', kind: 'text', example: 'env:PRECHECK_SECRET_ROBOT' },
  { path: 'signingSecret', kind: 'text', example: 'env:PRECHECK_SECRET_SIGNING' },
  { path: 'description', kind: 'text' },
  { path: 'events', kind: 'choices', options: events },
  { path: 'only', kind: 'choice', options: ['changes', 'always'] },
  { path: 'locale', kind: 'choice', options: ['en', 'zh'] },
  { path: 'filter.engine', kind: 'choice', options: ['oracle', 'sqlserver', 'mysql'] },
  { path: 'filter.tags', kind: 'tags', example: 'team:orders' },
  { path: 'filter.instances', kind: 'lines', example: 'orders-db' },
]
