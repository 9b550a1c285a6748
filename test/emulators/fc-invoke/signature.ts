import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { HttpRequest } from '../http-listener.ts'
import type { Principal } from '../principal.ts'

/** A refusal as the platform words it. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** A request may be this old or early, ms. */
const clockSkewMs = 15 * 60 * 1000

const denied = (code: string, message: string): Refusal => ({ status: 403, code, message })

/** "Signature authentication", Function Compute manual: method, digest, type, date, `x-fc-` headers in order, path without query. */
const stringToSign = ({ method, headers, url }: HttpRequest): string => {
  const own = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-fc-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const { 'content-md5': md5 = '', 'content-type': type = '', date = '' } = headers
  return [method, md5, type, date, `${own.join('')}${decodeURIComponent(url.pathname)}`].join('\n')
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** The client sends base64 of the digest in hex. */
const digestOf = (body: Buffer): string =>
  Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64')

/** Finds who signed a request, or why it is refused. */
export const authenticate = (
  request: HttpRequest,
  principals: readonly Principal[],
  now: Date,
): Principal | Refusal => {
  const { authorization = '', date = '', 'content-md5': md5 } = request.headers
  const [, accessKeyId, signature] = /^FC ([^:]+):(.+)$/.exec(authorization) ?? []
  if (accessKeyId === undefined || signature === undefined) {
    return {
      status: 400,
      code: 'MissingRequiredHeader',
      message: 'required HTTP header Authorization was not specified',
    }
  }
  const principal = principals.find((candidate) => candidate.accessKeyId === accessKeyId)
  if (!principal) return denied('InvalidAccessKeyID', `invalid access key ID '${accessKeyId}'`)
  if (!(Math.abs(Date.parse(date) - now.getTime()) <= clockSkewMs)) {
    return denied('AccessDenied', 'the date of the request is too far away')
  }
  if (principal.securityToken !== request.headers['x-fc-security-token']) {
    return denied('InvalidSecurityToken', 'the security token is invalid')
  }
  if (md5 !== undefined && md5 !== digestOf(request.body)) {
    return { status: 400, code: 'InvalidArgument', message: 'Content-MD5 does not match the body' }
  }
  const expected = createHmac('sha256', principal.accessKeySecret)
    .update(stringToSign(request))
    .digest('base64')
  return same(expected, signature)
    ? principal
    : denied(
        'SignatureNotMatch',
        'The request signature we calculated does not match the signature you provided.',
      )
}
