import * as z from 'zod'
import type { Secret, Secrets } from '../../ports/secrets.ts'
import { type OpenApiFault, type OpenApiSettings, callOpenApi } from '../alibaba-cloud/openapi.ts'

/** How long and how many secrets are held in memory. A secret that was changed is seen after `ttlMs` at the latest. */
export interface SecretCache {
  readonly ttlMs: number
  readonly maxSecrets: number
}

/** Five minutes: a nightly sweep reads each secret about once, and a rotated password is known soon. */
const defaultSecretCache: SecretCache = { ttlMs: 5 * 60_000, maxSecrets: 256 }

/** Where and as whom secrets are read. */
export type KmsSettings = Omit<OpenApiSettings, 'isTransient'> & { readonly cache?: SecretCache }

const prefix = 'kms:'

/** `Rejected.Throttling` and failures of the service are to be tried again with growing pauses ("Error codes", KMS manual). */
const transientKinds: readonly OpenApiFault['kind'][] = ['throttled', 'unavailable', 'unreachable']

const SecretValue = z.object({ SecretData: z.string().min(1), SecretDataType: z.string() })

const reasons: Readonly<Record<OpenApiFault['kind'], string>> = {
  refused: 'KMS denied access to the secret',
  throttled: 'KMS throttles requests',
  unavailable: 'KMS failed',
  unreachable: 'KMS cannot be reached',
  'timed-out': 'KMS did not answer in time',
  unreadable: 'KMS returned an unexpected answer',
  'no-credentials': 'no usable credentials',
}

const unavailableBy = ({ kind, code, requestId }: OpenApiFault): Secret => {
  const reason = code === 'Forbidden.ResourceNotFound' ? 'KMS has no secret of this name' : reasons[kind]
  return { unavailable: `${reason} (${code}${requestId === undefined ? '' : `, request ${requestId}`})` }
}

/** Reads the current version of a secret (GetSecretValue). */
const readSecret = async (settings: KmsSettings, name: string): Promise<Secret> => {
  const isTransient = ({ kind }: OpenApiFault): boolean => transientKinds.includes(kind)
  const call = { action: 'GetSecretValue', version: '2016-01-20', query: { SecretName: name } }
  const outcome = await callOpenApi({ ...settings, isTransient }, call)
  if ('fault' in outcome) return unavailableBy(outcome.fault)
  const parsed = SecretValue.safeParse(outcome.answer)
  if (!parsed.success) return { unavailable: reasons.unreadable }
  const { SecretData: value, SecretDataType: type } = parsed.data
  return type === 'text' ? { value } : { unavailable: `the secret is ${type}, but a password must be text` }
}

interface Held {
  readonly secret: Promise<Secret>
  readonly until: number
}

/**
 * Secrets of KMS Secrets Manager (`kms:NAME`), held for a while; other references are passed on to `otherwise`. Reads
 * of one secret at the same time are one request, and a failure is not held.
 */
export const kmsSecrets = (settings: KmsSettings, otherwise: Secrets): Secrets => {
  const held = new Map<string, Held>()
  const { ttlMs, maxSecrets } = settings.cache ?? defaultSecretCache

  const hold = async (name: string): Promise<Secret> => {
    const entry = { secret: readSecret(settings, name), until: performance.now() + ttlMs }
    held.delete(name)
    held.set(name, entry)
    const [oldest] = held.keys()
    if (held.size > maxSecrets && oldest !== undefined) held.delete(oldest)
    const secret = await entry.secret
    if ('unavailable' in secret && held.get(name) === entry) held.delete(name)
    return secret
  }

  return {
    resolve: async (reference) => {
      if (!reference.startsWith(prefix)) return otherwise.resolve(reference)
      const name = reference.slice(prefix.length)
      const known = held.get(name)
      return known && performance.now() < known.until ? known.secret : hold(name)
    },
  }
}
