import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type HttpAnswer, type HttpListener, type HttpRequest, listenHttp } from '../http-listener.ts'
import type { Account } from './context.ts'
import type { EmulatedFunction } from './function.ts'

/** What an HTTP trigger wants back; it is strict where the manual leaves open what happens to other values. */
const Answer = z.strictObject({
  statusCode: z.int().min(100).max(599),
  headers: z.record(z.string(), z.string()),
  isBase64Encoded: z.boolean(),
  body: z.string(),
})

/** `content-type` → `Content-Type`, as captured events of the real trigger have them. */
const capitalised = (name: string): string => name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase())

const joined = (entries: Iterable<readonly [string, string]>): Record<string, string> => {
  const record: Record<string, string> = {}
  for (const [name, value] of entries) record[name] = name in record ? `${record[name]},${value}` : value
  return record
}

/** The event that the trigger makes of a request (manual, "HTTP trigger invoking a function"). */
const eventOf = ({ method, url, headers, body }: HttpRequest, { accountId }: Account): Buffer => {
  const now = new Date()
  return Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: url.pathname,
      body: body.toString('base64'),
      isBase64Encoded: true,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [capitalised(name), value])),
      queryParameters: joined(url.searchParams),
      requestContext: {
        accountId,
        domainName: url.host,
        domainPrefix: 'precheck-api',
        http: {
          method,
          path: decodeURIComponent(url.pathname),
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: headers['user-agent'] ?? '',
        },
        requestId: randomUUID(),
        time: now.toISOString(),
        timeEpoch: String(now.getTime()),
        triggerId: randomUUID(),
      },
    }),
  )
}

const failed = (errorType: string, errorMessage: string): HttpAnswer => ({
  status: 502,
  headers: { 'content-type': 'application/json', 'x-fc-error-type': errorType },
  body: JSON.stringify({ errorType, errorMessage }),
})

const answerOf = (bytes: Buffer): HttpAnswer => {
  const { statusCode, headers, isBase64Encoded, body } = Answer.parse(JSON.parse(bytes.toString()))
  return { status: statusCode, headers, body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') }
}

/** Listens on loopback; a request is passed on to a custom runtime, and an event for a built-in one. */
export const startHttpTrigger = (
  target: EmulatedFunction,
  account: Account,
  port?: number,
): Promise<HttpListener> =>
  listenHttp(async (request) => {
    if (target.pass) {
      const passed = await target.pass(request)
      return 'status' in passed ? passed : failed(passed.errorType, passed.errorMessage)
    }
    const outcome = await target.invoke(eventOf(request, account))
    return 'answer' in outcome ? answerOf(outcome.answer) : failed(outcome.errorType, outcome.errorMessage)
  }, port)
