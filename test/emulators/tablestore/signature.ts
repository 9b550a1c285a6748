import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { authenticationFailed, parameterInvalid } from './errors.ts'

/** Someone who may sign requests. A key of the Security Token Service has a token, and works until `expiresAt` (ms since 1970). */
export interface AccessKey {
  readonly id: string
  readonly secret: string
  readonly stsToken?: string
  readonly expiresAt?: number
  /** Who it is, for `authorize`. Default: the id. */
  readonly principal?: string
}

export interface SignedRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
}

export interface Verifier {
  readonly instanceName: string
  readonly accessKeys: readonly AccessKey[]
  readonly now: () => number
}

const apiVersion = '2015-12-31'
const required = [
  'x-ots-date',
  'x-ots-apiversion',
  'x-ots-accesskeyid',
  'x-ots-contentmd5',
  'x-ots-instancename',
  'x-ots-signature',
] as const

/** How far a client's clock may be off (HTTP API of the product: 15 minutes). */
const greatestSkewMs = 15 * 60 * 1000

const md5 = (body: Uint8Array): string => createHash('md5').update(body).digest('base64')
const hmac = (secret: string, text: string): string =>
  createHmac('sha1', secret).update(text).digest('base64')

const same = (left: string, right: string): boolean => {
  const [one, other] = [Buffer.from(left), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}

const canonical = (headers: readonly (readonly [string, string])[]): string =>
  headers
    .filter(([name]) => name.startsWith('x-ots-') && name !== 'x-ots-signature')
    .map(([name, value]) => `${name}:${value.trim()}`)
    .sort()
    .join('\n')

const textHeaders = (request: SignedRequest): [string, string][] =>
  Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), String(value ?? '')])

/**
 * The SDK stamps requests with the clock of the machine, so that they are held against this one, whatever clock the
 * tables live by.
 */
const checkDate = (date: string): void => {
  const time = Date.parse(date)
  if (Number.isNaN(time)) throw parameterInvalid(`Invalid date format: ${date}.`)
  if (Math.abs(time - Date.now()) > greatestSkewMs)
    throw authenticationFailed(`Mismatch between system time and x-ots-date: ${date}.`)
}

/** Neither the code nor the text of an expired token is documented: the code of every refused credential is answered. */
const checkExpiry = ({ expiresAt }: AccessKey, now: number): void => {
  if (expiresAt !== undefined && now >= expiresAt)
    throw authenticationFailed('The security token has expired.')
}

/** Tells who signed a request. @throws ServiceError OTSAuthFailed, OTSParameterInvalid. */
export const verify = (request: SignedRequest, { instanceName, accessKeys, now }: Verifier): AccessKey => {
  const headers = new Map(textHeaders(request))
  for (const name of required) if (!headers.has(name)) throw parameterInvalid(`Missing header: '${name}'.`)
  const read = (name: (typeof required)[number]): string => headers.get(name) ?? ''
  if (read('x-ots-apiversion') !== apiVersion) throw parameterInvalid('Invalid API version.')
  checkDate(read('x-ots-date'))
  if (read('x-ots-contentmd5') !== md5(request.body))
    throw authenticationFailed('Mismatch between MD5 value of request body and x-ots-contentmd5 in header.')
  const token = headers.get('x-ots-ststoken')
  const key = accessKeys.find(({ id, stsToken }) => id === read('x-ots-accesskeyid') && stsToken === token)
  if (!key) throw authenticationFailed('The AccessKeyID does not exist.')
  const expected = hmac(key.secret, `${request.path}\nPOST\n\n${canonical([...headers])}\n`)
  if (!same(read('x-ots-signature'), expected)) throw authenticationFailed('Signature mismatch.')
  checkExpiry(key, now())
  if (read('x-ots-instancename') !== instanceName) throw authenticationFailed('The instance is not found.')
  return key
}

/** Headers of an answer, signed with the key of the request when that is known. */
export const signAnswer = (
  path: string,
  body: Uint8Array,
  requestId: string,
  key: AccessKey | undefined,
): Record<string, string> => {
  const headers = {
    'x-ots-contentmd5': md5(body),
    'x-ots-contenttype': 'protocol buffer',
    'x-ots-date': new Date().toISOString(),
    'x-ots-requestid': requestId,
  }
  if (!key) return headers
  const signature = hmac(key.secret, `${canonical(Object.entries(headers))}\n${path}`)
  return { ...headers, authorization: `OTS ${key.id}:${signature}` }
}
