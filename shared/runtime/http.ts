import * as z from 'zod'

/** Event of an HTTP trigger (Function Compute 3.0 manual, "HTTP trigger invoking a function", version v1). */
const HttpEvent = z.object({
  version: z.literal('v1'),
  rawPath: z.string(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  queryParameters: z.record(z.string(), z.string()).optional(),
  requestContext: z.object({ requestId: z.string(), http: z.object({ method: z.string() }) }),
})
type HttpEvent = z.infer<typeof HttpEvent>

/** A request as the API sees it. Header names are in lower case; `path` is still percent-encoded. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly requestId: string
}

/** An answer of the API; `content` left out: it has no body. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly content?: { readonly type: string; readonly text: string }
}

/** What the trigger wants back; values without `statusCode` are not relied on. */
export interface HttpStruct {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly isBase64Encoded: false
  readonly body: string
}

const bodyOf = ({ body = '', isBase64Encoded = false }: HttpEvent): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body

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
    body: bodyOf(parsed),
    requestId: parsed.requestContext.requestId,
  }
}

/** Makes the event that an HTTP trigger would make of a request, for the host that stands in for it. */
export const httpEvent = (request: Omit<HttpRequest, 'body'> & { readonly body: Buffer }): Buffer =>
  Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: request.path,
      headers: request.headers,
      queryParameters: request.query,
      body: request.body.toString('base64'),
      isBase64Encoded: true,
      requestContext: { requestId: request.requestId, http: { method: request.method, path: request.path } },
    }),
  )

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
  isBase64Encoded: false,
  body: content?.text ?? '',
})
