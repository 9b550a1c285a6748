import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { WireAnswer } from './connection.ts'

/** A JSON Schema, as far as values are made from it. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly propertyNames?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

interface DocumentedAnswer extends Body {
  readonly description: string
  readonly headers?: Readonly<Record<string, unknown>>
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: Schema
}

interface DocumentedOperation {
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: Body
  readonly responses: Readonly<Record<string, DocumentedAnswer>>
}

/** What the fuzzer reads of an OpenAPI document. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** An operation of the document. */
export interface Operation extends DocumentedOperation {
  /** In capitals. */
  readonly method: string
  /** Template, for example `/v1/instances/{instanceId}`. */
  readonly path: string
}

/** All operations of a document, in its order. */
export const operationsOf = ({ paths }: OpenApi): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
    })),
  )

/** Problems of HTTP itself, which no operation has: the bytes were no request, too many or too slow. */
const httpProblems: Readonly<Record<string, number>> = {
  REQUEST_MALFORMED: 400,
  REQUEST_TIMEOUT: 408,
  HEADERS_TOO_LARGE: 431,
}

const isDecodable = (path: string): boolean => {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

const isOn = (template: string, path: string): boolean => {
  const given = path.split('/')
  const wanted = template.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  )
}

const pointerOf = (keys: readonly string[]): string =>
  keys
    .map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')))
    .map((key) => `/${key}`)
    .join('')

const valueOf = (type: string, body: string): unknown => (type.endsWith('json') ? JSON.parse(body) : body)

/** What is wrong with an answer by the document; null: nothing. */
export type Judge = (method: string, target: string, answer: WireAnswer) => string | null

/** Holds answers against an OpenAPI document: status, media type, headers, body, and the codes of problems. */
export const judgeBy = (document: OpenApi): Judge => {
  // The document is no schema by itself: what is no keyword is only looked through.
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }))
  ajv.addSchema(document, 'openapi')
  const validators = new Map<string, ValidateFunction>()
  const validatorAt = (...keys: readonly string[]): ValidateFunction => {
    const pointer = pointerOf(keys)
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` })
    validators.set(pointer, validate)
    return validate
  }
  const faultOfBody = (value: unknown, ...keys: readonly string[]): string | null => {
    const validate = validatorAt(...keys)
    return validate(value) ? null : ajv.errorsText(validate.errors)
  }
  const operations = operationsOf(document)

  const faultOfProblem = ({ status, headers, body }: WireAnswer, codes: readonly string[]): string | null => {
    if (!headers['content-type']?.startsWith('application/problem+json')) return 'no problem document'
    const problem = JSON.parse(body) as { readonly code: string; readonly status: number }
    if (problem.status !== status) return 'another status than that of the problem'
    if (!codes.includes(problem.code) && httpProblems[problem.code] !== status) {
      return `the problem ${problem.code} is not documented`
    }
    return faultOfBody(problem, 'components', 'schemas', 'Problem')
  }

  const faultOfSuccess = ({ path, method, responses }: Operation, answer: WireAnswer): string | null => {
    const { headers = {}, content } = responses[answer.status] ?? {}
    const missing = Object.keys(headers).filter((name) => !(name.toLowerCase() in answer.headers))
    if (missing.length > 0) return `without the headers ${missing.join(', ')}`
    if (!content) return answer.body === '' ? null : 'a body where none is documented'
    const [bare = ''] = (answer.headers['content-type'] ?? '').split(';')
    // One that is documented may name a version.
    const type = Object.keys(content).find((each) => each.split(';')[0] === bare)
    if (type === undefined) return `the media type ${bare} is not documented`
    const at = ['paths', path, method.toLowerCase(), 'responses', String(answer.status), 'content', type]
    return faultOfBody(valueOf(type, answer.body), ...at, 'schema')
  }

  return (method, target, answer) => {
    if (answer.status >= 500) return 'a fault of the server'
    // Its answer has no body to hold against anything; it is one of another method.
    if (method === 'HEAD') return null
    const path = target.split('?')[0] ?? ''
    const onPath = operations.filter((operation) => isOn(operation.path, path))
    if (onPath.length === 0 || !isDecodable(path)) return faultOfProblem(answer, ['PATH_NOT_FOUND'])
    const operation = onPath.find((each) => each.method === method)
    if (!operation) return faultOfProblem(answer, ['METHOD_NOT_ALLOWED'])
    const documented = operation.responses[answer.status]
    if (answer.status >= 400) return faultOfProblem(answer, documented?.description.split(', ') ?? [])
    return documented ? faultOfSuccess(operation, answer) : 'the status is not documented'
  }
}
