import type { HttpRequest } from '../../shared/runtime/http.ts'

/** A request as a test writes it, before it becomes an event. */
export interface EventRequest extends Omit<HttpRequest, 'readBody' | 'address'> {
  readonly body: Buffer
  readonly address?: string
}

/** The event that an HTTP trigger makes of a request. */
export const httpEvent = ({ method, path, headers, query, body, address, requestId }: EventRequest): Buffer =>
  Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: path,
      headers,
      queryParameters: query,
      body: body.toString('base64'),
      isBase64Encoded: true,
      requestContext: {
        requestId,
        http: { method, path, ...(address !== undefined && { sourceIp: address }) },
      },
    }),
  )
