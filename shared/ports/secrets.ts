import type { SecretReference } from '../model/connections/credential.ts'

/** A secret, or why there is none; `detail` never holds the secret. */
export type Secret = { readonly value: string } | { readonly unavailable: string }

/** Resolves references to secrets, at the last moment. */
export interface Secrets {
  readonly resolve: (reference: SecretReference) => Promise<Secret>
}
