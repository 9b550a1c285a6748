import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type * as z from 'zod'
import type { Result } from '../../../shared/model/failure.ts'
import type { Locale } from '../../../shared/model/message.ts'
import type { Scope } from '../../../shared/model/token.ts'
import { type HttpRequest, type HttpResponse, localeOf, maxBodyBytes } from '../../../shared/runtime/http.ts'
import { HttpProblem, type ProblemCode } from '../../../shared/runtime/problem-document.ts'
import { acceptedOf } from './accepted.ts'
import type { Caller } from './caller.ts'
import type { ApiDeps } from './deps.ts'
import { parsedFields } from './field-errors.ts'

const pack = promisify(gzip)

export type Method = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'

/** One kind of answer of a route, for the OpenAPI document. */
export interface AnswerDocument {
  readonly description: string
  readonly schema?: z.ZodType
  /** Media type where it is not JSON. */
  readonly type?: string
  /** Headers that the answer always has, and what they are. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The answers of a route by their status. */
type AnswerDocuments = Readonly<Record<number, AnswerDocument>>

/** An answer in another media type, for who does not read JSON and asks for it (`Accept`). */
export interface Reading<Value> {
  readonly type: string
  readonly read: (value: Value, locale: Locale) => string
}

/** What stands of a route in the OpenAPI document, and what the router needs to find it. */
interface RouteAbout<Answers = AnswerDocuments, Code = ProblemCode> {
  readonly method: Method
  /** Template, for example `/v1/instances/{instanceId}`. */
  readonly path: `/${string}`
  readonly operationId: string
  readonly summary: string
  /** Scope that the token needs; null: open to everybody. */
  readonly scope: Scope | null
  readonly answers: Answers
  /** Problems beside those of every route: the codes with which `handle` declines. */
  readonly problems: readonly Code[]
}

/** Parts of a request that a route reads, as one schema: `params`, `query`, `headers` and `body`, as far as it uses them. */
type InputSchema = z.ZodObject<z.ZodRawShape>

type Json = z.core.util.JSONType

/** A type whose arrays and fields may be readonly. JSON of any form is recursive, and stays what it is. */
type DeepReadonly<Value> = [Json] extends [Value]
  ? Value
  : Value extends string | number | boolean | null | undefined
    ? Value
    : { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }

type HeaderValues = Readonly<Record<string, string>>

type BodyOf<Answer> = Answer extends { readonly schema: infer Schema extends z.ZodType }
  ? { readonly body: DeepReadonly<z.output<Schema>> }
  : { readonly body?: never }

type HeadersOf<Answer> = Answer extends { readonly headers: infer Documented }
  ? { readonly headers: HeaderValues & Readonly<Record<Lowercase<keyof Documented & string>, string>> }
  : { readonly headers?: HeaderValues }

/** What a route may answer: a status that it declares, with the body of its schema and the headers that it documents. */
export type AnswerOf<Answers> = {
  [Status in keyof Answers]: { readonly status: Status } & BodyOf<Answers[Status]> &
    HeadersOf<Answers[Status]>
}[keyof Answers]

interface RouteDefinition<
  Input extends InputSchema,
  Answers extends AnswerDocuments,
  Code extends ProblemCode,
  Value,
> extends RouteAbout<Answers, Code> {
  readonly input: Input
  /** The use case. What it declines becomes a problem document. */
  readonly handle: (
    deps: ApiDeps,
    input: z.output<Input>,
    caller: Caller,
  ) => Promise<Result<Value, NoInfer<Code>>>
  /** Shows what came of it. */
  readonly respond: (value: Value, input: z.output<Input>, locale: Locale) => AnswerOf<Answers>
  /** In which other media types the answer with the status 200 can be had. */
  readonly readings?: readonly Reading<Value>[]
}

/** A route of the API: data for the router and the OpenAPI document, and the function behind it. */
export interface Route extends RouteAbout {
  readonly input: InputSchema
  /** Media types beside JSON in which its answer can be had. */
  readonly otherTypes: readonly string[]
  readonly serve: (
    deps: ApiDeps,
    request: HttpRequest,
    params: Readonly<Record<string, string>>,
    caller: Caller,
  ) => Promise<HttpResponse>
}

/** Reads the body, once everything else about the request has been found right. */
const bodyText = async ({ readBody }: HttpRequest): Promise<string> => {
  const body = await readBody()
  if ('text' in body) return body.text
  if (body.unread === 'cut-off') {
    throw new HttpProblem({
      code: 'BODY_INVALID',
      detail: { en: 'The body ended before it was whole.', zh: '请求体不完整。' },
    })
  }
  const detail = {
    en: `The body may have at most ${maxBodyBytes} bytes.`,
    zh: `请求体最多 ${maxBodyBytes} 字节。`,
  }
  throw new HttpProblem({ code: 'BODY_TOO_LARGE', detail })
}

/** Levels of arrays and objects within each other that a body may have: six times what a registration has. */
const maxDepth = 32

const membersOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

/** Whether a value is nested deeper than that. Level by level: the schemas recurse, and would run out of stack. */
const isDeeper = (value: unknown, levels: number): boolean => {
  let level: readonly unknown[] = [value]
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap(membersOf)
    if (level.length === 0) return false
  }
  return true
}

const valueOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : 'Malformed JSON.'
    throw new HttpProblem({ code: 'BODY_INVALID', detail })
  }
}

const parseJson = async (request: HttpRequest): Promise<unknown> => {
  const text = await bodyText(request)
  if (text === '') return undefined
  const type = request.headers['content-type'] ?? 'application/json'
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new HttpProblem({
      code: 'CONTENT_TYPE_UNSUPPORTED',
      detail: { en: `Send application/json, not ${type}.`, zh: `请发送 application/json，而不是 ${type}。` },
    })
  }
  const value = valueOf(text)
  if (!isDeeper(value, maxDepth)) return value
  const detail = {
    en: `Arrays and objects may be nested in ${maxDepth} levels at most.`,
    zh: `数组和对象最多嵌套 ${maxDepth} 层。`,
  }
  throw new HttpProblem({ code: 'BODY_TOO_DEEP', detail })
}

/** Writes an answer: as JSON, or as text where its document names another media type. */
const written = (
  { status, headers = {}, body }: { status: unknown; headers?: HeaderValues; body?: unknown },
  answers: AnswerDocuments,
): HttpResponse => {
  if (typeof status !== 'number') throw new TypeError('An answer has a status')
  if (body === undefined) return { status, headers }
  const type = answers[status]?.type ?? 'application/json'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers, content: { type: `${type}; charset=utf-8`, text } }
}

/**
 * What a reading may do where a browser shows it: look as it does, and nothing else, not even as a page of this
 * service.
 */
const readingPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** Writes an answer in another media type; the headers are those of the answer in JSON. */
const writtenAs = (type: string, text: string, { headers }: HttpResponse): HttpResponse => ({
  status: 200,
  headers: { ...headers, vary: 'accept', 'content-security-policy': readingPolicy },
  content: { type: `${type}; charset=utf-8`, text },
})

/** Bytes from which compressing an answer pays. */
const worthPacking = 8 * 1024

/** What answers that are read again and again say when they have not changed (`If-None-Match`). */
export const notModified: AnswerDocument = { description: 'It is as the caller has it (If-None-Match).' }

/**
 * Of an answer that may be `notModified`: its ETag, a hash of what it says, and its text compressed where the caller
 * understands that and it pays.
 */
const tagged = async ({ headers: asked }: HttpRequest, answer: HttpResponse): Promise<HttpResponse> => {
  const { status, content } = answer
  if (status !== 200 || !content || !('text' in content)) return answer
  // Weak: the same for compressed answers.
  const etag = `W/"${createHash('sha256').update(content.text).digest('base64url').slice(0, 22)}"`
  const headers = {
    ...answer.headers,
    etag,
    vary: 'accept, accept-encoding, accept-language, authorization, cookie',
  }
  if (asked['if-none-match'] === etag) return { status: 304, headers }
  const takesGzip = /\bgzip\b/.test(asked['accept-encoding'] ?? '')
  if (!takesGzip || content.text.length < worthPacking) return { status, headers, content }
  const bytes = await pack(content.text)
  return {
    status,
    headers: { ...headers, 'content-encoding': 'gzip' },
    content: { type: content.type, bytes },
  }
}

/**
 * Defines a route; binds its schemas to its functions, so that nothing unparsed reaches them, and so that they answer
 * with nothing that the OpenAPI document does not describe: no other status, field or problem compiles.
 */
export const route = <
  Input extends InputSchema,
  const Answers extends AnswerDocuments,
  Code extends ProblemCode,
  Value,
>(
  definition: RouteDefinition<Input, Answers, Code, Value>,
): Route => {
  const { handle, respond, readings = [], ...about } = definition
  const types: readonly [string, ...string[]] = ['application/json', ...readings.map(({ type }) => type)]
  return {
    ...about,
    otherTypes: types.slice(1),
    serve: async (deps, request, params, caller) => {
      const { locale: _, ...query } = request.query
      const body = 'body' in about.input.shape ? await parseJson(request) : undefined
      const parsed = parsedFields(about.input, { params, query, headers: request.headers, body })
      if ('failure' in parsed) throw new HttpProblem(parsed.failure)
      const result = await handle(deps, parsed.value, caller)
      if ('failure' in result) throw new HttpProblem(result.failure)
      const locale = localeOf(request)
      const inJson = written(respond(result.value, parsed.value, locale), about.answers)
      const accepted = acceptedOf(request.headers['accept'], types)
      const reading = inJson.status === 200 ? readings.find(({ type }) => type === accepted) : undefined
      const answer = reading ? writtenAs(accepted, reading.read(result.value, locale), inJson) : inJson
      return 304 in about.answers ? tagged(request, answer) : answer
    },
  }
}
