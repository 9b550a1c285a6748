import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { withoutKept } from '../adapters/secrets/kept-secret.ts'
import { asKey } from '../adapters/secrets/key.ts'
import { localSecrets } from '../adapters/secrets/local-secrets.ts'
import { ownKey } from '../adapters/secrets/own-key.ts'
import { openDatabase } from '../adapters/sqlite/database.ts'
import { groupCommit } from '../adapters/sqlite/group-commit.ts'
import { sqliteDeadLetters } from '../adapters/sqlite/sqlite-dead-letters.ts'
import { sqliteDocuments } from '../adapters/sqlite/sqlite-documents.ts'
import { sqliteInstances } from '../adapters/sqlite/sqlite-instances.ts'
import { sqliteBegin } from '../adapters/sqlite/sqlite-begin.ts'
import { sqlitePurgeHistory } from '../adapters/sqlite/purge-history.ts'
import { type QueueSettings, sqliteQueue } from '../adapters/sqlite/sqlite-queue.ts'
import { sqlitePulse } from '../adapters/sqlite/sqlite-pulse.ts'
import { sqliteResults } from '../adapters/sqlite/sqlite-results.ts'
import { webhookSender } from '../adapters/webhook/webhook-sender.ts'
import { type LoginMessage, ResultMessage } from '../model/queue-messages.ts'
import type { NotificationMessage } from '../webhooks/model/delivery.ts'
import { logLevels } from '../ports/log.ts'
import { wholeMessages } from '../ports/queue.ts'
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
import type { Secret } from '../ports/secrets.ts'
import { databaseFile } from './data-folder.ts'
import type { Settings } from './environment.ts'
import { ownPolicies } from './kept-policies.ts'
import { jsonLog, linesToStdout } from './log.ts'
import { realNights } from './real-nights.ts'
import { steadyClock } from './steady-clock.ts'
import { newAcknowledgementId, newChangeId, newSweepSuffix, newValidationId, newWebhookId } from './ids.ts'
import { mailDeps } from './mail-settings.ts'
import { deliveryLimits } from './webhook-settings.ts'

/**
 * A check item takes 280 s at most; what is not over by then was lost. Every start of the process counts as a delivery
 * of all that waits, so that the limit has room for some.
 */
const checkQueue: QueueSettings = { visibilityTimeoutMs: 300_000, maxReceives: 20 }

/**
 * Recording is quick and must not be given up: with growing delays these deliveries last for most of a day, so that an
 * operator can free a full disk and lose nothing.
 */
const resultQueue: QueueSettings = { visibilityTimeoutMs: 30_000, maxReceives: 2000 }

/** A call of a receiver takes 10 s at most; every other try is a message of its own, so that repeats come of faults here alone. */
const notificationQueue: QueueSettings = { visibilityTimeoutMs: 60_000, maxReceives: 2000 }

/** Calls of one receiver at a time, of the 64 that the host makes: several that hang leave room for others. */
const maxCallsOfReceiver = 16

/** How long one tick of the clock goes on before the next one goes on with it, ms. */
const runForMs = 30_000

/** Hex digits of a time in ms, and of an address. */
const timeDigits = 12
const addressDigits = 32

/**
 * Address of a new precheck on one machine: the time, then 76 random bits, so that neighbours in time are neighbours in
 * the index and share its pages. A store that spreads by key wants ids without a time in front.
 */
const newPrecheckId = (): string => {
  const time = Date.now().toString(16).padStart(timeDigits, '0')
  return `pc_${time}${randomUUID().replaceAll('-', '')}`.slice(0, 'pc_'.length + addressDigits)
}

/** Every port on one database file in `settings.dataFolder`, for one process. Throws `DatabaseUnusable` with the reason. */
export const localRuntime = (settings: Settings, environment: NodeJS.ProcessEnv) => {
  const database = openDatabase(databaseFile(settings.dataFolder))
  const writer = groupCommit(database)
  const documents = sqliteDocuments(database, writer)
  const checks = sqliteQueue<LoginMessage>(database, writer, 'checks', checkQueue)
  const incoming = sqliteQueue<ResultMessage>(database, writer, 'results', resultQueue)
  const results = sqliteResults(database, writer)
  const notifications = sqliteQueue<NotificationMessage>(database, writer, 'notifications', notificationQueue)
  const { webhookKey, previousWebhookKey, keptSecrets, secretsFolder } = settings
  const allSecrets = localSecrets(environment, secretsFolder)
  const keyOfOwn = ownKey(settings.dataFolder, 'webhook-key')

  return {
    instances: sqliteInstances(database, writer),
    memories: documents(instanceMemoryKind),
    results,
    begin: sqliteBegin(writer, results, checks, incoming),
    tokens: documents(tokenKind),
    ...ownPolicies(documents(policyKind)),
    protections: documents(protectionKind),
    backupRecords: documents(backupRecordKind),
    replicaHistories: documents(replicaHistoryKind),
    checks,
    resultQueue: incoming,
    incomingResults: wholeMessages(ResultMessage),
    notifications,
    deadLetterQueues: {
      checks: sqliteDeadLetters(database, writer, 'checks', checks),
      results: sqliteDeadLetters(database, writer, 'results', incoming),
      notifications: sqliteDeadLetters(database, writer, 'notifications', notifications),
    },
    queueLooks: { checks: checks.look, results: incoming.look, notifications: notifications.look },
    sweeps: documents(sweepKind),
    sweepEntries: documents(sweepEntryKind),
    sweepClock: documents(sweepClockKind),
    hostSlots: documents(hostSlotsKind),
    dueStarts: documents(dueStartKind),
    scheduleChanges: documents(scheduleChangeKind),
    webhooks: documents(webhookKind),
    deliveries: documents(deliveryKind),
    traffics: documents(trafficKind),
    sendWebhook: webhookSender(settings.webhookRules),
    ...mailDeps(settings.mail, allSecrets),
    webhookRules: settings.webhookRules,
    secretRules: { folder: secretsFolder, kept: keptSecrets },
    webhookKey: async (): Promise<Secret> =>
      webhookKey === undefined ? keyOfOwn() : asKey(await allSecrets.resolve(webhookKey)),
    previousWebhookKey: async (): Promise<Secret | null> =>
      previousWebhookKey === undefined ? null : asKey(await allSecrets.resolve(previousWebhookKey)),
    secrets: withoutKept(allSecrets, keptSecrets),
    limits: settings.limits,
    fanOut: settings.fanOut,
    requestsPerMinute: settings.requestsPerMinute,
    endpoints: settings.endpoints,
    sweepLimits: settings.sweepLimits,
    fleetSchedule: settings.fleetSchedule,
    sweepConcurrency: settings.sweepConcurrency,
    maxSweepConcurrency: settings.maxSweepConcurrency,
    hostLimit: settings.hostLimit,
    spreadSeconds: settings.spreadSeconds,
    runForMs,
    ...deliveryLimits,
    maxCalls: maxCallsOfReceiver,
    now: () => new Date(),
    steady: steadyClock,
    realNights: realNights(steadyClock, () => database.clock.jump()?.agoMs ?? null),
    newPrecheckId,
    newSweepSuffix,
    newAcknowledgementId,
    newChangeId,
    newValidationId,
    newWebhookId,
    clock: database.clock,
    writePulse: sqlitePulse(database, writer),
    purgeHistory: sqlitePurgeHistory(database, writer),
    /** Sends waiting consumers home, so that pumps can stop. */
    wake: () => {
      checks.close()
      incoming.close()
      notifications.close()
    },
    /** Commits what is waiting and closes the file. */
    close: () => {
      writer.close()
      database.close()
    },
  }
}

/** Of the settings, what a check thread goes by; it gets them as plain data. */
export const CheckThreadSettings = z.object({
  secretsFolder: z.string(),
  keptSecrets: z.array(z.string()),
  endpoints: z.object({ oss: z.string(), service: z.array(z.string()) }),
  databaseNetworks: z.array(z.string()).nullable(),
  logLevel: z.enum(logLevels),
})

/** What a check thread works with: no table and no queue, since it hands back what is to be sent. */
export const localCheckDeps = (
  settings: z.infer<typeof CheckThreadSettings>,
  environment: NodeJS.ProcessEnv,
) => ({
  secrets: withoutKept(localSecrets(environment, settings.secretsFolder), settings.keptSecrets),
  endpoints: settings.endpoints,
  log: jsonLog(settings.logLevel, linesToStdout()),
  now: () => new Date(),
  steady: steadyClock,
})

/** What `localRuntime` gives. */
export type LocalRuntime = ReturnType<typeof localRuntime>
