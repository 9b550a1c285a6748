import type { Limits, StartDeps } from '../../../shared/flows/prechecks/start-precheck.ts'
import type { SecretRules } from '../../../shared/model/connections/secret-rules.ts'
import type { FanOut } from '../../../shared/model/fan-out.ts'
import type { Health } from '../../../shared/model/health.ts'
import type { LoginMessage } from '../../../shared/model/queue-messages.ts'
import type { WebhookRules } from '../../../shared/webhooks/model/address.ts'
import type { NotificationMessage } from '../../../shared/webhooks/model/delivery.ts'
import type { BackupRecords } from '../../../shared/ports/backup-records.ts'
import type { DeadLetterQueues } from '../../../shared/ports/dead-letters.ts'
import type { DueStarts, ScheduleChanges } from '../../../shared/ports/due-starts.ts'
import type { InstanceMemories } from '../../../shared/ports/instance-memories.ts'
import type { Instances } from '../../../shared/ports/instances.ts'
import type { Log } from '../../../shared/ports/log.ts'
import type { Policies } from '../../../shared/ports/policies.ts'
import type { Protections } from '../../../shared/ports/protections.ts'
import type { Queue } from '../../../shared/ports/queue.ts'
import type { QueueLooks } from '../../../shared/ports/queue-contents.ts'
import type { BeginPrecheck, Results } from '../../../shared/ports/results.ts'
import type { Secret } from '../../../shared/ports/secrets.ts'
import type { Clocks } from '../../../shared/ports/steady-clock.ts'
import type { SweepEntries, Sweeps } from '../../../shared/ports/sweeps.ts'
import type { Tokens } from '../../../shared/ports/tokens.ts'
import type { WebhookDeliveries, WebhookTraffics, Webhooks } from '../../../shared/webhooks/stores.ts'

/** Everything that the resources of the API use; each flow names the few members that it needs. */
export interface ApiDeps extends Clocks {
  readonly instances: Instances
  readonly memories: InstanceMemories
  readonly results: Results
  readonly begin: BeginPrecheck
  readonly checks: Queue<LoginMessage>
  readonly tokens: Tokens
  readonly policies: Policies
  readonly protections: Protections
  readonly backupRecords: BackupRecords
  readonly currentPolicies: StartDeps['currentPolicies']
  readonly scheduleChanges: ScheduleChanges
  readonly sweeps: Sweeps
  readonly sweepEntries: SweepEntries
  readonly dueStarts: DueStarts
  readonly webhooks: Webhooks
  readonly deliveries: WebhookDeliveries
  readonly traffics: Pick<WebhookTraffics, 'get'>
  readonly notifications: Queue<NotificationMessage>
  readonly deadLetterQueues: DeadLetterQueues
  readonly queueLooks: QueueLooks
  readonly webhookRules: WebhookRules
  /** Where the console is, without a slash at its end, for mails; null: nobody said. */
  readonly publicUrl: string | null
  /** References that registrations may use. */
  readonly secretRules: SecretRules
  /** Key from which the secrets of webhooks are computed. */
  readonly webhookKey: () => Promise<Secret>
  readonly limits: Limits
  readonly fanOut: FanOut
  /** That each token may make; 0: as many as it likes. */
  readonly requestsPerMinute: number
  readonly log: Log
  /** How the service is. Never rejects, and never takes long. */
  readonly health: () => Promise<Health>
  readonly sleep: (ms: number) => Promise<void>
  readonly newPrecheckId: () => string
  /** 8 random hex digits. */
  readonly newSweepSuffix: () => string
  readonly newAcknowledgementId: () => string
  readonly newChangeId: () => string
  readonly newValidationId: () => string
  readonly newWebhookId: () => string
}
