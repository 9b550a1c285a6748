import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type MnsClient, mnsClient } from '../adapters/mns/mns-client.ts'
import { mnsDeadLetters } from '../adapters/mns/mns-dead-letters.ts'
import { mnsLook } from '../adapters/mns/mns-look.ts'
import { mnsQueue } from '../adapters/mns/mns-queue.ts'
import { mnsIncomingResults, mnsResultQueue, resultPartKind } from '../adapters/mns/mns-results.ts'
import { defaultRetryPolicy } from '../adapters/alibaba-cloud/retry.ts'
import { cloudAssistant } from '../adapters/cloud-assistant/cloud-assistant.ts'
import { kmsSecrets } from '../adapters/kms/kms-secrets.ts'
import { withoutKept } from '../adapters/secrets/kept-secret.ts'
import { asKey } from '../adapters/secrets/key.ts'
import { functionSecrets } from '../adapters/secrets/local-secrets.ts'
import { tablestoreClient } from '../adapters/tablestore/tablestore-client.ts'
import { tablestoreDocuments } from '../adapters/tablestore/tablestore-documents.ts'
import { tablestoreInstances } from '../adapters/tablestore/tablestore-instances.ts'
import { tablestoreResults } from '../adapters/tablestore/tablestore-results.ts'
import { webhookSender } from '../adapters/webhook/webhook-sender.ts'
import { beginInOrder } from '../flows/prechecks/begin-in-order.ts'
import type { LoginMessage } from '../model/queue-messages.ts'
import type { NotificationMessage } from '../webhooks/model/delivery.ts'
import type { DeadLetterQueues } from '../ports/dead-letters.ts'
import type { QueueLooks } from '../ports/queue-contents.ts'
import type { Instances } from '../ports/instances.ts'
import type { Secrets } from '../ports/secrets.ts'
import { backupRecordKind } from '../ports/backup-records.ts'
import { instanceMemoryKind } from '../ports/instance-memories.ts'
import { policyKind } from '../ports/policies.ts'
import { protectionKind } from '../ports/protections.ts'
import { replicaHistoryKind } from '../ports/replica-histories.ts'
import { dueStartKind, scheduleChangeKind } from '../ports/due-starts.ts'
import { hostSlotsKind } from '../ports/host-slots.ts'
import { sweepClockKind, sweepEntryKind, sweepKind } from '../ports/sweeps.ts'
import { tokenKind } from '../ports/tokens.ts'
import { deliveryKind, trafficKind, webhookKind } from '../webhooks/stores.ts'
import type {
  ApiSettings,
  CollectSettings,
  NotifySettings,
  RunCheckSettings,
  ScheduleSettings,
} from './fc-environment.ts'
import { deadLetterQueue } from './fc-environment.ts'
import type { Surroundings } from './fc-function.ts'
import { letterReader } from './dead-letter.ts'
import { withFailedInvocations } from './failed-invocations.ts'
import type { Clocks } from '../ports/steady-clock.ts'
import { healthOf } from './health/health.ts'
import { storeLook } from './health/store-look.ts'
import { keptPolicies } from './kept-policies.ts'
import { realNights } from './real-nights.ts'
import { steadyClock } from './steady-clock.ts'
import { newAcknowledgementId, newChangeId, newSweepSuffix, newValidationId, newWebhookId } from './ids.ts'
import { realProbes } from './probes.ts'
import { mailDeps } from './mail-settings.ts'
import { deadLettersOf, putBackTo } from './unserved-messages.ts'
import { deliveryLimits } from './webhook-settings.ts'

/**
 * The composition root of the cloud way: one function for each deployed function, so that a bundle holds only what that
 * one uses.
 */

/** Time for one answer of KMS, ms; it is in the same network, and a check item has 20 s in all. */
const kmsTimeoutMs = 3000

/** Time for one answer of ECS, ms; its endpoint is on the Internet, and a check item has 20 s in all. */
const ecsTimeoutMs = 5000

/**
 * How long `schedule` goes on, ms, of the 240 s that it has in `s.yaml`. What is left is for the starts that it has
 * begun: up to eight requests one after the other, each repeated for up to 15 s while tables and queues answer slowly.
 */
const runForMs = 120_000

/** Time for one answer of a queue about itself, ms; it is in the same network, and Prometheus waits for 10 s by default. */
const queueLookMs = 2000

/** Calls of one receiver at a time, of the instances of `notify` that `s.yaml` reserves: one that hangs leaves room for others. */
const maxCallsOfReceiver = 4

/** Both clocks of an instance of a function. */
const clocks: Clocks = { now: () => new Date(), steady: steadyClock }

/** Address of a new precheck: 128 random bits, so that prechecks of one moment spread over the partitions of the table. */
const newPrecheckId = (): string => `pc_${randomBytes(16).toString('hex')}`

const queuesOf = ({ mns }: Pick<RunCheckSettings, 'mns'>, { credentials }: Surroundings) =>
  mnsClient({ ...mns, credentials })

/** The queue of check items, and the one of their results. */
const checkQueuesOf = (
  { queues }: { readonly queues: { readonly checks: string; readonly results: string } },
  client: MnsClient,
) => ({
  checks: mnsQueue<LoginMessage>(client, queues.checks),
  resultQueue: mnsResultQueue(client, queues.results),
})

const tablesOf = ({ tablestore }: Pick<CollectSettings, 'tablestore'>, { credentials }: Surroundings) =>
  tablestoreClient({ endpoint: tablestore.endpoint, instanceName: tablestore.instance, credentials })

/** `kms:` references are read in KMS, `env:PRECHECK_SECRET_*` in the environment of the function, and no others. */
const secretsOf = (
  { kms }: Pick<RunCheckSettings, 'kms'>,
  { environment, credentials }: Surroundings,
): Secrets =>
  kmsSecrets(
    { endpoint: kms.endpoint, credentials, timeoutMs: kmsTimeoutMs, retry: defaultRetryPolicy },
    functionSecrets(environment),
  )

/** Reads something of the store: what `api` may write there says nothing of what others may. */
const readOne = async ({ list }: Pick<Instances, 'list'>): Promise<void> => {
  await list({ limit: 1 })
}

/** What the queues gave up. */
const deadLetterQueuesOf = (
  client: MnsClient,
  { checks, results, notifications }: ApiSettings['queues'],
): DeadLetterQueues => {
  const of = (queue: string, takesRecords: boolean) =>
    mnsDeadLetters(client, { queue, deadLetters: deadLetterQueue(queue) }, letterReader({ takesRecords }))
  return { checks: of(checks, false), results: of(results, true), notifications: of(notifications, false) }
}

/** Looks into the queues. One that is silent is given up before who scrapes the metrics gives up. */
const queueLooksOf = (
  { mns, queues: { checks, results, notifications } }: ApiSettings,
  { credentials }: Surroundings,
): QueueLooks => {
  const client = mnsClient({ ...mns, credentials, timeoutMs: queueLookMs })
  const of = (queue: string) => mnsLook(client, queue)
  return { checks: of(checks), results: of(results), notifications: of(notifications) }
}

/** Ports of `api`. */
export const apiDeps = (settings: ApiSettings, surroundings: Surroundings) => {
  const tables = tablesOf(settings, surroundings)
  const documents = tablestoreDocuments(tables)
  const queues = queuesOf(settings, surroundings)
  const webhookSecrets = secretsOf(settings, surroundings)
  const instances = tablestoreInstances(tables)
  const results = tablestoreResults(tables)
  const policies = documents(policyKind)
  const checkQueues = checkQueuesOf(settings, queues)
  return {
    instances,
    health: healthOf({ 'store:read': storeLook(() => readOne(instances), steadyClock) }, clocks.now),
    memories: documents(instanceMemoryKind),
    results,
    begin: beginInOrder({ results, ...checkQueues }),
    checks: checkQueues.checks,
    tokens: documents(tokenKind),
    policies,
    protections: documents(protectionKind),
    backupRecords: documents(backupRecordKind),
    currentPolicies: keptPolicies(policies, steadyClock),
    scheduleChanges: documents(scheduleChangeKind),
    sweeps: documents(sweepKind),
    sweepEntries: documents(sweepEntryKind),
    dueStarts: documents(dueStartKind),
    webhooks: documents(webhookKind),
    deliveries: documents(deliveryKind),
    traffics: documents(trafficKind),
    webhookRules: settings.webhookRules,
    publicUrl: settings.publicUrl,
    secretRules: { folder: null, kept: settings.keptSecrets },
    webhookKey: async () => asKey(await webhookSecrets.resolve(settings.webhookKey)),
    notifications: mnsQueue<NotificationMessage>(queues, settings.queues.notifications),
    deadLetterQueues: deadLetterQueuesOf(queues, settings.queues),
    queueLooks: queueLooksOf(settings, surroundings),
    limits: settings.limits,
    fanOut: settings.fanOut,
    requestsPerMinute: settings.requestsPerMinute,
    ...clocks,
    sleep: (ms: number) => sleep(ms),
    newPrecheckId,
    newSweepSuffix,
    newAcknowledgementId,
    newChangeId,
    newValidationId,
    newWebhookId,
  }
}

/** Ports of `collect`. */
export const collectDeps = (settings: CollectSettings, surroundings: Surroundings) => {
  const tables = tablesOf(settings, surroundings)
  const documents = tablestoreDocuments(tables)
  const queues = queuesOf(settings, surroundings)
  return {
    instances: tablestoreInstances(tables),
    memories: documents(instanceMemoryKind),
    currentPolicies: keptPolicies(documents(policyKind), steadyClock),
    results: tablestoreResults(tables),
    protections: documents(protectionKind),
    replicaHistories: documents(replicaHistoryKind),
    resultQueue: mnsResultQueue(queues, settings.queues.results),
    incomingResults: withFailedInvocations(mnsIncomingResults(documents(resultPartKind))),
    deadLetters: deadLettersOf(queues, settings.queues.results),
    putBack: putBackTo(queues, settings.queues.results),
    webhooks: documents(webhookKind),
    notifications: mnsQueue<NotificationMessage>(queues, settings.queues.notifications),
    ...clocks,
  }
}

/** Ports of `schedule`. */
export const scheduleDeps = (settings: ScheduleSettings, surroundings: Surroundings) => {
  const tables = tablesOf(settings, surroundings)
  const documents = tablestoreDocuments(tables)
  const queues = queuesOf(settings, surroundings)
  const results = tablestoreResults(tables)
  const checkQueues = checkQueuesOf(settings, queues)
  return {
    instances: tablestoreInstances(tables),
    results,
    currentPolicies: keptPolicies(documents(policyKind), steadyClock),
    begin: beginInOrder({ results, ...checkQueues }),
    resultQueue: checkQueues.resultQueue,
    sweeps: documents(sweepKind),
    sweepEntries: documents(sweepEntryKind),
    sweepClock: documents(sweepClockKind),
    hostSlots: documents(hostSlotsKind),
    dueStarts: documents(dueStartKind),
    scheduleChanges: documents(scheduleChangeKind),
    webhooks: documents(webhookKind),
    notifications: mnsQueue<NotificationMessage>(queues, settings.queues.notifications),
    sweepLimits: settings.sweepLimits,
    fanOut: settings.fanOut,
    fleetSchedule: settings.fleetSchedule,
    sweepConcurrency: settings.sweepConcurrency,
    maxSweepConcurrency: settings.maxSweepConcurrency,
    hostLimit: settings.hostLimit,
    spreadSeconds: settings.spreadSeconds,
    runForMs,
    realNights: realNights(steadyClock, () => null),
    ...clocks,
    newPrecheckId,
  }
}

/** Ports of `notify`. */
export const notifyDeps = (settings: NotifySettings, surroundings: Surroundings) => {
  const queues = queuesOf(settings, surroundings)
  const tables = tablesOf(settings, surroundings)
  const documents = tablestoreDocuments(tables)
  const allSecrets = secretsOf(settings, surroundings)
  const { previousWebhookKey } = settings
  const secrets = withoutKept(allSecrets, settings.keptSecrets)
  return {
    webhooks: documents(webhookKind),
    deliveries: documents(deliveryKind),
    traffics: documents(trafficKind),
    results: tablestoreResults(tables),
    instances: tablestoreInstances(tables),
    sweeps: documents(sweepKind),
    sweepEntries: documents(sweepEntryKind),
    secrets,
    webhookKey: async () => asKey(await allSecrets.resolve(settings.webhookKey)),
    previousWebhookKey: async () =>
      previousWebhookKey === undefined ? null : asKey(await allSecrets.resolve(previousWebhookKey)),
    sendWebhook: webhookSender(settings.webhookRules),
    ...mailDeps(settings.mail, allSecrets),
    notifications: mnsQueue<NotificationMessage>(queues, settings.queues.notifications),
    putBack: putBackTo(queues, settings.queues.notifications),
    ...deliveryLimits,
    maxCalls: maxCallsOfReceiver,
    ...clocks,
  }
}

/** Ports of `run-check`. It sees no table. */
export const runCheckDeps = (settings: RunCheckSettings, surroundings: Surroundings) => {
  const queues = queuesOf(settings, surroundings)
  const { credentials } = surroundings
  const { endpoint } = settings.ecs
  return {
    probes: realProbes(settings.databaseNetworks),
    secrets: secretsOf(settings, surroundings),
    endpoints: settings.endpoints,
    ...checkQueuesOf(settings, queues),
    putBack: putBackTo(queues, settings.queues.checks),
    hostReach: cloudAssistant({ endpoint, credentials, timeoutMs: ecsTimeoutMs, retry: defaultRetryPolicy }),
    ...clocks,
  }
}
