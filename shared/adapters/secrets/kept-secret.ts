import type { SecretReference } from '../../model/instance.ts'
import type { Secrets } from '../../ports/secrets.ts'

/**
 * Secrets without the one that the service keeps for itself: whoever registers an instance or a webhook says where a secret is
 * sent, and must not have this one sent anywhere.
 */
export const withoutKept = (secrets: Secrets, kept: SecretReference): Secrets => ({
  resolve: async (reference) =>
    reference === kept
      ? { unavailable: 'the service keeps this secret for itself' }
      : secrets.resolve(reference),
})
