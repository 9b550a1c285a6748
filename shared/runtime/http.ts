import * as z from 'zod'
import type { Locale } from '../model/message.ts'

/** Event of an HTTP trigger (Function Compute 3.0 manual, "HTTP trigger invoking a function", version v1). */
const HttpEvent = z.object({
  version: z.literal('v1'),
  rawPath: z.string(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  queryParameters: z.record(z.string(), z.string()).optional(),
  requestContext: z.object({
    requestId: z.string(),
    http: z.object({ method: z.string(), sourceIp: z.string().optional() }),
  }),
})
type HttpEvent = z.infer<typeof HttpEvent>

/** Largest body taken, bytes: an instance definition with two certificate bundles is a third of it. */
export const maxBodyBytes = 256 * 1024

/** A body, or why it could not be read: it is larger than `maxBodyBytes`, or ended before it was whole. */
export type Body = { readonly text: string } | { readonly unread: 'too-large' | 'cut-off' }

/** A request as the API sees it. Header names are in lower case; `path` is still percent-encoded. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Reads the body, for who has checked everything else. Never rejects; not to be called twice. */
  readonly readBody: () => Promise<Body>
  /** IP address of the caller, or of the last proxy before the service; '' where the trigger does not say it. */
  readonly address: string
  readonly requestId: string
}

/** The language that a caller wants its answer in. */
export const localeOf = ({ query, headers }: Pick<HttpRequest, 'query' | 'headers'>): Locale => {
  const wanted = query['locale'] ?? headers['accept-language'] ?? 'en'
  return wanted.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** An answer of the API; `content` left out: it has no body. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly content?: { readonly type: string } & ({ readonly text: string } | { readonly bytes: Uint8Array })
}

/** What the trigger wants back; values without `statusCode` are not relied on. */
export interface HttpStruct {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  /** Whether `body` holds bytes. */
  readonly isBase64Encoded: boolean
  readonly body: string
}

/** The body of an answer as it goes over the wire. */
export const wireBody = ({ body, isBase64Encoded }: Pick<HttpStruct, 'body' | 'isBase64Encoded'>): Buffer =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')

const encoded = (content: HttpResponse['content']): Pick<HttpStruct, 'body' | 'isBase64Encoded'> => {
  if (content === undefined) return { isBase64Encoded: false, body: '' }
  if ('text' in content) return { isBase64Encoded: false, body: content.text }
  return { isBase64Encoded: true, body: Buffer.from(content.bytes).toString('base64') }
}

const bodyOf = ({ body = '', isBase64Encoded = false }: HttpEvent): Body => {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  return bytes.length > maxBodyBytes ? { unread: 'too-large' } : { text: bytes.toString('utf8') }
}

/** Reads the event of an HTTP trigger. Throws if it is not one. */
export const readHttpEvent = (event: Uint8Array): HttpRequest => {
  const parsed = HttpEvent.parse(JSON.parse(Buffer.from(event).toString('utf8')))
  const headers = Object.entries(parsed.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  )
  return {
    method: parsed.requestContext.http.method.toUpperCase(),
    path: parsed.rawPath,
    query: parsed.queryParameters ?? {},
    headers: Object.fromEntries(headers),
    readBody: async () => bodyOf(parsed),
    address: parsed.requestContext.http.sourceIp ?? '',
    requestId: parsed.requestContext.requestId,
  }
}

/** Writes the answer for the trigger, with the request's id on it. */
export const toHttpStruct = ({ status, headers, content }: HttpResponse, requestId: string): HttpStruct => ({
  statusCode: status,
  headers: {
    ...(content && { 'content-type': content.type }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...headers,
  },
  ...encoded(content),
})
