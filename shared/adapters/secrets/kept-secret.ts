import type { SecretReference } from '../../model/connections/credential.ts'
import type { Secrets } from '../../ports/secrets.ts'

/**
 * Secrets without those that the service keeps for itself: whoever registers an instance or a webhook says where a
 * secret is sent, and must not have one of these sent anywhere. Values are compared, since a file has many paths.
 */
export const withoutKept = (secrets: Secrets, kept: readonly SecretReference[]): Secrets => ({
  resolve: async (reference) => {
    const [secret, own] = await Promise.all([
      secrets.resolve(reference),
      Promise.all(kept.map((each) => secrets.resolve(each))),
    ])
    const isKept = 'value' in secret && own.some((each) => 'value' in each && each.value === secret.value)
    return isKept ? { unavailable: 'this secret is reserved for the service' } : secret
  },
})
