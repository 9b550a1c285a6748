import type { BackupRecords } from '../../ports/backup-records.ts'
import type { InstanceMemories } from '../../ports/instance-memories.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Policies } from '../../ports/policies.ts'
import type { Results } from '../../ports/results.ts'
import type { SweepClocks, SweepEntries, Sweeps } from '../../ports/sweeps.ts'
import type { Tokens } from '../../ports/tokens.ts'
import type { WebhookDeliveries, Webhooks } from '../../webhooks/stores.ts'

/** The stores whose documents are backed up. */
export interface BackupStores {
  readonly tokens: Tokens
  readonly policies: Policies
  readonly webhooks: Webhooks
  readonly deliveries: WebhookDeliveries
  readonly sweeps: Sweeps
  readonly sweepEntries: SweepEntries
  readonly sweepClock: SweepClocks
  readonly instances: Instances
  readonly memories: InstanceMemories
  readonly backupRecords: BackupRecords
  readonly results: Results
}
