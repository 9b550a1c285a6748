import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { localSecrets } from '../adapters/secrets/local-secrets.ts'
import { openDatabase } from '../adapters/sqlite/database.ts'
import { groupCommit } from '../adapters/sqlite/group-commit.ts'
import { sqliteInstances } from '../adapters/sqlite/sqlite-instances.ts'
import { type QueueSettings, sqliteQueue } from '../adapters/sqlite/sqlite-queue.ts'
import { sqliteResults } from '../adapters/sqlite/sqlite-results.ts'
import { sqliteTokens } from '../adapters/sqlite/sqlite-tokens.ts'
import { sqliteWebhooks } from '../adapters/sqlite/sqlite-webhooks.ts'
import type { CheckMessage, ResultMessage } from '../model/queue-messages.ts'
import type { NotificationMessage } from '../model/webhook-delivery.ts'
import type { Probes } from '../ports/probe.ts'
import type { Settings } from './environment.ts'
import { newAcknowledgementId } from './ids.ts'

/**
 * A check item takes 280 s at most; what is not over by then was lost. Every start of the process counts as a delivery of all
 * that waits, so that the limit has room for some.
 */
const checkQueue: QueueSettings = { visibilityTimeoutMs: 300_000, maxReceives: 20 }

/**
 * Recording is quick and must not be given up: with growing delays these deliveries last for most of a day, so that an
 * operator can mend a full disk and lose nothing.
 */
const resultQueue: QueueSettings = { visibilityTimeoutMs: 30_000, maxReceives: 2000 }

/** An attempt to deliver takes 25 s at most, and what could not be written of it must not be given up either. */
const notificationQueue: QueueSettings = { visibilityTimeoutMs: 60_000, maxReceives: 2000 }

/** Hex digits of a time in ms, and of an address. */
const timeDigits = 12
const addressDigits = 32

/**
 * Address of a new precheck on one machine: the time, then 76 random bits, so that neighbours in time are neighbours in the
 * index and share its pages. A store that spreads by key wants ids without a time in front.
 */
const newPrecheckId = (): string => {
  const time = Date.now().toString(16).padStart(timeDigits, '0')
  return `pc_${time}${randomUUID().replaceAll('-', '')}`.slice(0, 'pc_'.length + addressDigits)
}

/** Every port on one database file in `settings.dataFolder`, for one process. Throws `DatabaseUnusable` with the reason. */
export const localRuntime = (settings: Settings, environment: NodeJS.ProcessEnv, probes: Probes) => {
  const database = openDatabase(join(settings.dataFolder, 'precheck.db'))
  const writer = groupCommit(database)
  const checks = sqliteQueue<CheckMessage>(database, writer, 'checks', checkQueue)
  const results = sqliteQueue<ResultMessage>(database, writer, 'results', resultQueue)
  const notifications = sqliteQueue<NotificationMessage>(database, writer, 'notifications', notificationQueue)

  return {
    instances: sqliteInstances(database, writer),
    results: sqliteResults(database, writer),
    tokens: sqliteTokens(database, writer),
    webhooks: sqliteWebhooks(database, writer),
    checks,
    resultQueue: results,
    notifications,
    probes,
    secrets: localSecrets(environment, settings.dataFolder),
    limits: settings.limits,
    endpoints: settings.endpoints,
    now: () => new Date(),
    newPrecheckId,
    newAcknowledgementId,
    /** Sends waiting consumers home, so that pumps can stop. */
    wake: () => {
      checks.close()
      results.close()
      notifications.close()
    },
    /** Commits what is waiting and closes the file. */
    close: () => {
      writer.close()
      database.close()
    },
  }
}

/** What `localRuntime` gives. */
export type LocalRuntime = ReturnType<typeof localRuntime>
