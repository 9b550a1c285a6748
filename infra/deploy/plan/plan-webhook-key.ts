import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import type { Change } from './change.ts'
import { type Control, type Operation, ask } from './control.ts'

/** The KMS instance that was bought, and the key in it that encrypts secrets. */
export interface KmsPlace {
  readonly instanceId: string
  readonly keyId: string
}

/** What `webhookKey` in `s.yaml` refers to. */
const secretName = 'backup-precheck-webhook-key'

const operation = (action: string, query: Readonly<Record<string, string>>): Operation => ({
  product: 'kms',
  action,
  of: `secret ${secretName}`,
  query: { SecretName: secretName, ...query },
  settledBy: /ResourceNotFound/,
})

/**
 * Plans the key from which the secrets of webhooks are computed, if there is a KMS to keep it and none in it. Another
 * one would change all these secrets, so that one that is there stays. Only reads. Throws `DeployFailed`.
 */
export const planWebhookKey = async (
  control: Control,
  place: KmsPlace | null,
): Promise<readonly Change[]> => {
  if (place === null) return []
  if ((await ask(control, operation('DescribeSecret', {}), z.unknown())) !== null) return []
  return [
    {
      title: `create secret ${secretName}`,
      details: ['32 random bytes', `key: ${place.keyId}`],
      apply: async () => {
        const query = {
          VersionId: 'v1',
          SecretData: randomBytes(32).toString('base64'),
          DKMSInstanceId: place.instanceId,
          EncryptionKeyId: place.keyId,
        }
        await ask(control, operation('CreateSecret', query), z.unknown())
      },
    },
  ]
}
