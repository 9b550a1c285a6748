import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Principal } from '../principal.ts'
import { Refusal } from './refusal.ts'

/** A principal whose key the service knows. Temporary ones end at `expiresAt` (ms, by the emulator's clock). */
export interface KnownPrincipal extends Principal {
  readonly expiresAt?: number
}

/** A request as it came over the wire. `path` holds the query. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const apiVersion = '2015-06-06'

/** How far the date of a request may be from now, ms (manual, "Sign requests": 15 minutes). */
const clockSkewMs = 15 * 60_000

const header = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

const checkVersion = (headers: IncomingHttpHeaders): void => {
  const version = header(headers, 'x-mns-version')
  if (!version) throw new Refusal('MissingVersionHeader')
  if (version !== apiVersion) throw new Refusal('InvalidVersionHeader', `${version} is not ${apiVersion}`)
}

// Signed dates are those of the real clock, whatever clock the messages live by.
const checkDate = (headers: IncomingHttpHeaders): void => {
  const date = header(headers, 'x-mns-date') || header(headers, 'date')
  if (!date) throw new Refusal('MissingDateHeader')
  const signedAt = Date.parse(date)
  if (Number.isNaN(signedAt) || !date.endsWith('GMT')) throw new Refusal('InvalidDateHeader', date)
  if (Math.abs(Date.now() - signedAt) > clockSkewMs) throw new Refusal('TimeExpired', date)
}

const checkDigest = ({ headers, body }: WireRequest): void => {
  const stated = header(headers, 'content-md5')
  if (!stated) return
  const digest = createHash('md5').update(body)
  const hex = digest.digest('hex')
  const accepted = [Buffer.from(hex, 'hex').toString('base64'), Buffer.from(hex).toString('base64')]
  if (!accepted.includes(stated)) throw new Refusal('InvalidDegist')
}

const stringToSign = ({ method, path, headers }: WireRequest): string => {
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-mns-'))
    .sort()
    .map((name) => `${name}:${header(headers, name)}\n`)
    .join('')
  const date = header(headers, 'x-mns-date') || header(headers, 'date')
  return [
    method,
    header(headers, 'content-md5'),
    header(headers, 'content-type'),
    date,
    `${own}${path}`,
  ].join('\n')
}

const checkToken = (principal: KnownPrincipal, token: string, now: number): void => {
  if (token !== (principal.securityToken ?? '')) throw new Refusal('InvalidSecurityToken')
  if (principal.expiresAt !== undefined && now >= principal.expiresAt)
    throw new Refusal('SecurityTokenExpired')
}

/** Finds who signed a request; throws a `Refusal` for whatever the service would not trust. `now` judges tokens only. */
export const authenticate = (
  request: WireRequest,
  principals: readonly KnownPrincipal[],
  now: number,
): KnownPrincipal => {
  const { headers } = request
  checkVersion(headers)
  checkDate(headers)
  const authorization = header(headers, 'authorization')
  if (!authorization) throw new Refusal('MissingAuthorizationHeader')
  const stated = /^MNS (?<id>[^:\s]+):(?<signature>\S+)$/.exec(authorization)?.groups
  if (!stated) throw new Refusal('InvalidAuthorizationHeader')
  const principal = principals.find(({ accessKeyId }) => accessKeyId === stated['id'])
  if (!principal) throw new Refusal('InvalidAccessKeyId')
  checkToken(principal, header(headers, 'security-token'), now)
  const signature = Buffer.from(stated['signature'] ?? '', 'base64')
  const expected = createHmac('sha1', principal.accessKeySecret).update(stringToSign(request)).digest()
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Refusal('SignatureDoesNotMatch')
  }
  checkDigest(request)
  return principal
}
