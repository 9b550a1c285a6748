import type { SecretReference } from './credential.ts'

/**
 * Whoever registers an instance or a webhook says where a secret is sent. So a reference reaches what was put there as
 * such a secret, and nothing else: variables of one prefix, files of one folder, secrets of KMS that a role may read.
 */
export interface SecretRules {
  /** The folder whose files may be referred to, absolute; null: none may. */
  readonly folder: string | null
  /** Secrets that the service keeps for itself. */
  readonly kept?: readonly SecretReference[]
}

const prefix = 'PRECHECK_SECRET_'
const secretName = /^PRECHECK_SECRET_[A-Za-z0-9_]+$/

/** KMS secrets of webhooks, as their names begin; the roles that log in to databases may not read them. */
const ofWebhooks = /^kms:precheck-webhook-/

const variableRefusal = (name: string, folder: string | null): string | null => {
  if (secretName.test(name)) return null
  const allowed = prefix + (name.replace(/^PRECHECK_(SECRET_)?/i, '') || 'NAME')
  const advice = `rename the variable to ${allowed} and refer to env:${allowed}`
  return `only variables named ${prefix}… can be used; ${advice}${folder === null ? ', or use kms:NAME' : ''}`
}

const fileRefusal = (path: string, folder: string | null): string | null => {
  if (folder === null) return 'files cannot be used on Alibaba Cloud; use kms:NAME'
  const isPlain = path.split('/').every((name, index) => index === 0 || !['', '.', '..'].includes(name))
  if (isPlain && path.startsWith(`${folder}/`)) return null
  const name = path.slice(path.lastIndexOf('/') + 1)
  return `only files in ${folder} (PRECHECK_SECRETS_FOLDER) can be used; move the file there and refer to file:${folder}/${name}`
}

/** Why a reference may not be used, and what to use instead; null if it may. */
export const referenceRefusal = (
  reference: SecretReference,
  { folder, kept }: SecretRules,
): string | null => {
  if (kept?.includes(reference)) return 'this secret is reserved for the service'
  const name = reference.slice(reference.indexOf(':') + 1)
  if (reference.startsWith('env:')) return variableRefusal(name, folder)
  return reference.startsWith('file:') ? fileRefusal(name, folder) : null
}

/** Why a reference may not be used for the password of a database, beside what holds for all; null if it may. */
export const passwordRefusal = (reference: SecretReference, rules: SecretRules): string | null =>
  ofWebhooks.test(reference)
    ? 'secrets named precheck-webhook-… belong to webhooks'
    : referenceRefusal(reference, rules)
