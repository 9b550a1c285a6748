import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { HttpRequest } from '../http-listener.ts'
import type { Principal } from '../principal.ts'
import { Refusal } from './refusal.ts'

/** A request may be this old or early, ms ("Request syntax and signature method V3": 15 minutes). */
const clockSkewMs = 15 * 60 * 1000

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** RFC 3986: only letters, digits, `-`, `_`, `.` and `~` stay as they are. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const canonicalQuery = ({ url }: HttpRequest): string =>
  [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')

const canonicalRequest = (request: HttpRequest, signedHeaders: readonly string[]): string =>
  [
    request.method,
    request.url.pathname,
    canonicalQuery(request),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    request.headers['x-acs-content-sha256'],
  ].join('\n')

/** Everything that says what is asked for must be under the signature. */
const mustBeSigned = (name: string): boolean =>
  name === 'host' || name === 'content-type' || name.startsWith('x-acs-')

const signatureIn = ({ headers }: HttpRequest) => {
  const shape =
    /^ACS3-HMAC-SHA256 Credential=(?<accessKeyId>[^,]+),SignedHeaders=(?<signed>[^,]+),Signature=(?<signature>[0-9a-f]{64})$/
  const groups = shape.exec(headers['authorization'] ?? '')?.groups
  if (!groups)
    throw new Refusal(400, 'IncompleteSignature', 'The Authorization header is missing or malformed.')
  const { accessKeyId = '', signed = '', signature = '' } = groups
  return { accessKeyId, signedHeaders: signed.split(';'), signature }
}

const checkFreshness = ({ headers }: HttpRequest, nonces: Set<string>, now: Date): void => {
  const signedAt = Date.parse(headers['x-acs-date'] ?? '')
  if (!(Math.abs(signedAt - now.getTime()) <= clockSkewMs)) {
    throw new Refusal(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.')
  }
  const nonce = headers['x-acs-signature-nonce'] ?? ''
  if (nonce === '' || nonces.has(nonce)) {
    throw new Refusal(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.')
  }
  nonces.add(nonce)
}

/** Finds who signed a request with ACS3-HMAC-SHA256; throws why it is refused. */
export const authenticate = (
  request: HttpRequest,
  principals: readonly Principal[],
  nonces: Set<string>,
  now: Date,
): Principal => {
  const { accessKeyId, signedHeaders, signature } = signatureIn(request)
  const principal = principals.find((candidate) => candidate.accessKeyId === accessKeyId)
  if (!principal) throw new Refusal(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.')
  checkFreshness(request, nonces, now)
  if (request.headers['x-acs-security-token'] !== principal.securityToken) {
    throw new Refusal(
      400,
      'InvalidSecurityToken.MismatchWithAccessKey',
      'Specified SecurityToken mismatches.',
    )
  }
  if (request.headers['x-acs-content-sha256'] !== sha256(request.body)) {
    throw new Refusal(400, 'InvalidContentSha256', 'The digest is not that of the body.')
  }
  const unsigned = Object.keys(request.headers).filter(
    (name) => mustBeSigned(name) && !signedHeaders.includes(name),
  )
  const stringToSign = `ACS3-HMAC-SHA256\n${sha256(canonicalRequest(request, signedHeaders))}`
  const expected = createHmac('sha256', principal.accessKeySecret).update(stringToSign).digest('hex')
  if (unsigned.length > 0 || !timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) {
    throw new Refusal(400, 'SignatureDoesNotMatch', 'Specified signature does not match our calculation.')
  }
  return principal
}
