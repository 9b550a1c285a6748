import { mnsClient } from '../adapters/mns/mns-client.ts'
import { mnsQueue } from '../adapters/mns/mns-queue.ts'
import { defaultRetryPolicy } from '../adapters/alibaba-cloud/retry.ts'
import { kmsSecrets } from '../adapters/kms/kms-secrets.ts'
import { localSecrets } from '../adapters/secrets/local-secrets.ts'
import type { ResultMessage } from '../model/queue-messages.ts'
import type { Secrets } from '../ports/secrets.ts'
import type { RunCheckSettings } from './fc-environment.ts'
import type { Surroundings } from './fc-function.ts'
import { realProbes } from './probes.ts'

/**
 * The composition root of the cloud way: one function for each deployed function, so that a bundle holds only what that one uses.
 */

/** Time for one answer of KMS, ms; it is in the same network, and a check item has 20 s in all. */
const kmsTimeoutMs = 3000

const now = () => new Date()

/** `kms:` references are read in KMS, the others in the environment and the files of the function. */
const secretsOf = (
  { kms }: Pick<RunCheckSettings, 'kms'>,
  { environment, credentials }: Surroundings,
): Secrets =>
  kmsSecrets(
    { endpoint: kms.endpoint, credentials, timeoutMs: kmsTimeoutMs, retry: defaultRetryPolicy },
    localSecrets(environment),
  )

/** Ports of `run-check`. It sees no table. */
export const runCheckDeps = (settings: RunCheckSettings, surroundings: Surroundings) => {
  const queues = mnsClient({ ...settings.mns, credentials: surroundings.credentials })
  return {
    probes: realProbes,
    secrets: secretsOf(settings, surroundings),
    endpoints: settings.endpoints,
    resultQueue: mnsQueue<ResultMessage>(queues, settings.queues.results),
    now,
  }
}
