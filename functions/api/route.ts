import type * as z from 'zod'
import type { Failure, Result } from '../../shared/model/failure.ts'
import type { Locale } from '../../shared/model/message.ts'
import type { Scope } from '../../shared/model/token.ts'
import type { HttpRequest, HttpResponse } from '../../shared/runtime/http.ts'
import { HttpProblem, type ProblemCode } from '../../shared/runtime/problem-document.ts'
import type { ApiDeps } from './deps.ts'
import { fieldErrors } from './field-errors.ts'

export type Method = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'

/** One kind of answer of a route, for the OpenAPI document. */
export interface AnswerDocument {
  readonly description: string
  readonly schema?: z.ZodType
  /** Media type where it is not JSON. */
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What stands of a route in the OpenAPI document, and what the router needs to find it. */
export interface RouteAbout {
  readonly method: Method
  /** Template, for example `/v1/instances/{instanceId}`. */
  readonly path: `/${string}`
  readonly operationId: string
  readonly summary: string
  /** Scope that the token needs; null: open to everybody. */
  readonly scope: Scope | null
  readonly answers: Readonly<Record<number, AnswerDocument>>
  /** Problems beside those of every route. */
  readonly problems: readonly ProblemCode[]
}

/** Parts of a request that a route reads, as one schema: `params`, `query`, `headers` and `body`, as far as it uses them. */
type InputSchema = z.ZodObject

interface RouteDefinition<Input extends InputSchema> extends RouteAbout {
  readonly input: Input
  readonly handle: (deps: ApiDeps, input: z.output<Input>, locale: Locale) => Promise<HttpResponse>
}

/** A route of the API: data for the router and the OpenAPI document, and the function behind it. */
export interface Route extends RouteAbout {
  readonly input: InputSchema
  readonly serve: (
    deps: ApiDeps,
    request: HttpRequest,
    params: Readonly<Record<string, string>>,
  ) => Promise<HttpResponse>
}

/** Ends the request with every field that is not valid. */
export const fieldsInvalid = (error: z.ZodError): HttpProblem =>
  new HttpProblem('FIELDS_INVALID', 'Mend the fields named in "errors" and send the request again.', {
    errors: fieldErrors(error),
  })

const parseJson = ({ body, headers }: HttpRequest): unknown => {
  if (body === '') return undefined
  const type = headers['content-type'] ?? 'application/json'
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new HttpProblem('CONTENT_TYPE_UNSUPPORTED', `Send application/json, not ${type}.`)
  }
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new HttpProblem('BODY_INVALID', cause instanceof Error ? cause.message : 'Malformed JSON.')
  }
}

const localeOf = ({ query, headers }: HttpRequest): Locale => {
  const wanted = query['locale'] ?? headers['accept-language'] ?? 'en'
  return wanted.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** Defines a route; binds its schema to its function, so that nothing unparsed reaches it. */
export const route = <Input extends InputSchema>(definition: RouteDefinition<Input>): Route => {
  const { handle, ...about } = definition
  return {
    ...about,
    serve: (deps, request, params) => {
      const { locale: _, ...query } = request.query
      const body = 'body' in about.input.shape ? parseJson(request) : undefined
      const parsed = about.input.safeParse({ params, query, headers: request.headers, body })
      if (parsed.success) return handle(deps, parsed.data, localeOf(request))
      throw fieldsInvalid(parsed.error)
    },
  }
}

/** Ends the request with the reason for which a use case declined. */
export const declined = ({ code, detail, context }: Failure): HttpProblem =>
  new HttpProblem(code, detail, context ? { context } : {})

/** What a use case came to; ends the request if it declined. */
export const accepted = <Value>(result: Result<Value>): Value => {
  if ('failure' in result) throw declined(result.failure)
  return result.value
}
