import type { SecretReference } from '../../model/connections/credential.ts'
import type { Secrets } from '../../ports/secrets.ts'

/**
 * Secrets without the one that the service keeps for itself, if there is one: whoever registers an instance or a
 * webhook says where a secret is sent, and must not have this one sent anywhere. Values are compared, since a file has
 * many paths.
 */
export const withoutKept = (secrets: Secrets, kept: SecretReference | undefined): Secrets => ({
  resolve: async (reference) => {
    if (kept === undefined) return secrets.resolve(reference)
    const [secret, own] = await Promise.all([secrets.resolve(reference), secrets.resolve(kept)])
    const isKept = 'value' in secret && 'value' in own && secret.value === own.value
    return isKept ? { unavailable: 'this secret is reserved for the service' } : secret
  },
})
