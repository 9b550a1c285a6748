import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { mnsClient } from '../adapters/mns/mns-client.ts'
import { mnsQueue } from '../adapters/mns/mns-queue.ts'
import { defaultRetryPolicy } from '../adapters/alibaba-cloud/retry.ts'
import { cloudAssistant } from '../adapters/cloud-assistant/cloud-assistant.ts'
import { kmsSecrets } from '../adapters/kms/kms-secrets.ts'
import { functionSecrets } from '../adapters/secrets/local-secrets.ts'
import { tablestoreClient } from '../adapters/tablestore/tablestore-client.ts'
import { tablestoreInstances } from '../adapters/tablestore/tablestore-instances.ts'
import { tablestoreResults } from '../adapters/tablestore/tablestore-results.ts'
import { tablestoreTokens } from '../adapters/tablestore/tablestore-tokens.ts'
import { tablestoreWebhooks } from '../adapters/tablestore/tablestore-webhooks.ts'
import type { CheckMessage, ResultMessage } from '../model/queue-messages.ts'
import type { NotificationMessage } from '../model/webhook-delivery.ts'
import type { Secrets } from '../ports/secrets.ts'
import type { ApiSettings, CollectSettings, RunCheckSettings } from './fc-environment.ts'
import type { Surroundings } from './fc-function.ts'
import { newAcknowledgementId } from './ids.ts'
import { realProbes } from './probes.ts'

/**
 * The composition root of the cloud way: one function for each deployed function, so that a bundle holds only what that one uses.
 */

/** Time for one answer of KMS, ms; it is in the same network, and a check item has 20 s in all. */
const kmsTimeoutMs = 3000

/** Time for one answer of ECS, ms; its endpoint is on the Internet, and a check item has 20 s in all. */
const ecsTimeoutMs = 5000

const now = () => new Date()

/** Address of a new precheck: 128 random bits, so that prechecks of one moment spread over the partitions of the table. */
const newPrecheckId = (): string => `pc_${randomBytes(16).toString('hex')}`

const queuesOf = ({ mns }: Pick<RunCheckSettings, 'mns'>, { credentials }: Surroundings) =>
  mnsClient({ ...mns, credentials })

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

/** Ports of `api`. */
export const apiDeps = (settings: ApiSettings, surroundings: Surroundings) => {
  const tables = tablesOf(settings, surroundings)
  const queues = queuesOf(settings, surroundings)
  return {
    instances: tablestoreInstances(tables),
    results: tablestoreResults(tables),
    tokens: tablestoreTokens(tables),
    checks: mnsQueue<CheckMessage>(queues, settings.queues.checks),
    resultQueue: mnsQueue<ResultMessage>(queues, settings.queues.results),
    probes: realProbes,
    secrets: secretsOf(settings, surroundings),
    limits: settings.limits,
    now,
    sleep: (ms: number) => sleep(ms),
    newPrecheckId,
    newAcknowledgementId,
  }
}

/** Ports of `collect`. */
export const collectDeps = (settings: CollectSettings, surroundings: Surroundings) => {
  const tables = tablesOf(settings, surroundings)
  const queues = queuesOf(settings, surroundings)
  return {
    results: tablestoreResults(tables),
    webhooks: tablestoreWebhooks(tables),
    resultQueue: mnsQueue<ResultMessage>(queues, settings.queues.results),
    notifications: mnsQueue<NotificationMessage>(queues, settings.queues.notifications),
    now,
  }
}

/** Ports of `run-check`. It sees no table. */
export const runCheckDeps = (settings: RunCheckSettings, surroundings: Surroundings) => {
  const queues = queuesOf(settings, surroundings)
  const { credentials } = surroundings
  const { endpoint } = settings.ecs
  return {
    probes: realProbes,
    secrets: secretsOf(settings, surroundings),
    endpoints: settings.endpoints,
    resultQueue: mnsQueue<ResultMessage>(queues, settings.queues.results),
    hostCommands: {
      reach: cloudAssistant({ endpoint, credentials, timeoutMs: ecsTimeoutMs, retry: defaultRetryPolicy }),
      checks: mnsQueue<CheckMessage>(queues, settings.queues.checks),
    },
    now,
  }
}
