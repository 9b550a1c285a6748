import * as z from 'zod'
import { BackupRecord } from '../../model/backup-record.ts'
import { InstanceMemory } from '../../model/instance-memory.ts'
import { InstanceId, Instance } from '../../model/instance.ts'
import { Policy, PolicyName } from '../../model/policy.ts'
import { CompletedPrecheck, PrecheckId } from '../../model/precheck.ts'
import { Sweep, SweepClock, SweepEntry, SweepId } from '../../model/sweep.ts'
import { Token } from '../../model/token.ts'
import { EventId, WebhookDelivery } from '../../webhooks/model/delivery.ts'
import { Webhook, WebhookId } from '../../webhooks/model/webhook.ts'

/** Of the format; another one is refused. */
const formatVersion = 1

/** The first line: what the file is, of which version of the service and when (UTC) it was made. */
export const BackupHeader = z.strictObject({
  kind: z.literal('backup'),
  format: z.literal(formatVersion),
  version: z.string(),
  at: z.iso.datetime(),
})

/** The last line, without which a file is not whole: how many lines are between it and the first one. */
export const BackupEnd = z.strictObject({ kind: z.literal('end'), lines: z.int().nonnegative() })

const line = <Kind extends string, Key extends z.ZodType, Document extends z.ZodType>(
  kind: Kind,
  key: Key,
  document: Document,
) => z.strictObject({ kind: z.literal(kind), key, document })

/** A document with its key, by the name of its table. Pages come before the precheck that names them. */
export const BackupLine = z.discriminatedUnion('kind', [
  line('tokens', z.string().min(1), Token),
  line('policies', PolicyName, Policy),
  line('webhooks', WebhookId, Webhook),
  line('webhook_deliveries', z.tuple([WebhookId, EventId]), WebhookDelivery),
  line('sweeps', SweepId, Sweep),
  line('sweep_entries', z.tuple([SweepId, InstanceId]), SweepEntry),
  line('sweep_clock', z.string().min(1), SweepClock),
  line('instances', InstanceId, Instance),
  line('instance_memory', InstanceId, InstanceMemory),
  line('backup_records', InstanceId, BackupRecord),
  /** In base64, as it is stored: JSON, compressed by brotli. */
  line('precheck_pages', z.tuple([PrecheckId, z.string().min(1)]), z.base64()),
  line('prechecks', PrecheckId, CompletedPrecheck),
])
export type BackupLine = Readonly<z.infer<typeof BackupLine>>

/** How many documents of each kind there are. */
export type BackupCounts = Readonly<Partial<Record<BackupLine['kind'], number>>>
