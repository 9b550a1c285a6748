import { isIP } from 'node:net'
import { type SecureContext, createSecureContext, rootCertificates } from 'node:tls'
import { CallFailed, type NameLookup } from './checked-addresses.ts'

/** What calls are made with. `ca`: certificates in PEM that are trusted beside the public authorities. */
export interface CallOptions {
  readonly lookup?: NameLookup
  readonly ca?: string
}

/** How a TLS connection makes sure of who answers. */
interface VerifiedTls {
  readonly rejectUnauthorized: true
  readonly servername: string
  readonly secureContext?: SecureContext
}

/** How connections to a host are verified. Without `ca` those of `NODE_EXTRA_CA_CERTS` are trusted too. */
export const verifying = (ca: string | undefined): ((host: string) => VerifiedTls) => {
  const secureContext = ca === undefined ? undefined : createSecureContext({ ca: [...rootCertificates, ca] })
  return (host) => ({
    // Said, since the environment can switch it off.
    rejectUnauthorized: true,
    servername: isIP(host) === 0 ? host.replace(/\.$/, '') : '',
    ...(secureContext && { secureContext }),
  })
}

/** Rejects when the time is over. */
const endOf = (limit: AbortSignal): Promise<never> =>
  new Promise((_, reject) => limit.addEventListener('abort', () => reject(new Error('time is over'))))

/** Makes a call that has so much time; `late`: what is said of one that had no end by then. */
export const withinLimit = async <Answer>(
  limitMs: number,
  late: string,
  call: (limit: AbortSignal) => Promise<Answer>,
): Promise<Answer> => {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), limitMs)
  try {
    return await Promise.race([call(limit.signal), endOf(limit.signal)])
  } catch (fault) {
    throw limit.signal.aborted ? new CallFailed('TIMED_OUT', late) : fault
  } finally {
    clearTimeout(timer)
    // Whatever became of the call, its socket goes with it.
    limit.abort()
  }
}
