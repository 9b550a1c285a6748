import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** A request that did not come to a good end, with a text that says what to do. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed'
  readonly code: string
  readonly context: Readonly<Record<string, unknown>>

  constructor(message: string, code: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.context = context
  }
}

/** Where the service answers and with what token. */
export interface Access {
  readonly url: string
  readonly token: string
}

const readTokenFile = (folder: string): string => {
  try {
    return readFileSync(join(folder, 'admin-token'), 'utf8').trim()
  } catch {
    throw new RequestFailed(
      `There is no token: set PRECHECK_TOKEN, or run where the host keeps its data (looked for ${join(folder, 'admin-token')}; PRECHECK_DATA names another folder).`,
      'NO_TOKEN',
    )
  }
}

/** Access from the environment: PRECHECK_URL and PRECHECK_TOKEN, by default the host on this machine and its first token. */
export const accessFrom = (environment: NodeJS.ProcessEnv): Access => ({
  url: environment['PRECHECK_URL'] ?? `http://127.0.0.1:${environment['PRECHECK_PORT'] ?? '9000'}`,
  token: environment['PRECHECK_TOKEN'] ?? readTokenFile(environment['PRECHECK_DATA'] ?? 'data'),
})

const Problem = z.looseObject({
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})

const explain = (body: unknown, status: number): RequestFailed => {
  const problem = Problem.safeParse(body)
  if (!problem.success) return new RequestFailed(`The service answered with status ${status}.`, 'UNEXPECTED')
  const { detail, code, errors = [], ...context } = problem.data
  const fields = errors.map(({ field, message }) => `\n  ${field || '(body)'}: ${message}`)
  return new RequestFailed(detail + fields.join(''), code, context)
}

/** A request to the service. */
export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly path: string
  readonly body?: unknown
}

/** Sends a request and reads the answer by its schema; throws `RequestFailed`. */
export const send = async <Schema extends z.ZodType>(
  { url, token }: Access,
  { method, path, body }: ApiRequest,
  schema: Schema,
): Promise<z.output<Schema>> => {
  const request = {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  const response = await fetch(`${url}${path}`, request).catch(() => {
    throw new RequestFailed(
      `No service answers at ${url}. Start it with "npm start", or set PRECHECK_URL.`,
      'NO_SERVICE',
    )
  })
  const text = await response.text()
  const json: unknown = text === '' ? undefined : JSON.parse(text)
  if (!response.ok) throw explain(json, response.status)
  return schema.parse(json)
}
