import * as z from 'zod'
import packageJson from '../../../package.json' with { type: 'json' }
import { type ProblemCode, problemKinds } from '../../../shared/runtime/problem-document.ts'
import { plainCookie, secureCookie } from './cookies.ts'
import type { AnswerDocument, Route } from './route.ts'

const cookieOverHttp = `Of a browser (POST /v1/session); over plain http it is called ${plainCookie}.`

const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(problemKinds)),
    requestId: z.string(),
    errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' })

type Json = z.core.util.JSONType
type Schemas = Record<string, Json>

export type OpenApiDocument = Readonly<Schemas>

/** Where a schema as a whole stands, once it is wrapped. */
const wholePath = ['properties', 'schema']

const Written = z.object({
  $defs: z.record(z.string(), z.record(z.string(), z.json())).optional(),
  properties: z.object({ schema: z.json() }),
})

/**
 * Says the default of a field of a request in words: generators of clients take a field that has a `default` for one
 * that is always there (openapi-typescript), and callers would have to send it.
 */
const tellDefault = (schema: z.core.JSONSchema.BaseSchema): void => {
  if (schema.default === undefined) return
  const told = `Default: ${JSON.stringify(schema.default)}.`
  schema.description = schema.description === undefined ? told : `${schema.description} ${told}`
  delete schema.default
}

/** Turns schemas into JSON Schema; those with an id become components, once for requests and once for answers. */
const schemaWriter = () => {
  const components: Schemas = {}
  const write = (schema: z.core.$ZodType, io: 'input' | 'output'): Json => {
    const suffix = io === 'input' ? 'Request' : ''
    // Inside an object even a schema with an id of its own is written as a reference.
    const wrapped = z.toJSONSchema(z.object({ schema }), {
      io,
      unrepresentable: 'any',
      // A parameter as a whole may be left out in any case.
      override: ({ jsonSchema, path }) => {
        if (io === 'input' && path.length > wholePath.length) tellDefault(jsonSchema)
      },
    })
    const referring = JSON.stringify(wrapped).replaceAll(
      /"#\/\$defs\/(\w+)"/g,
      (_, id: string) => `"#/components/schemas/${id}${suffix}"`,
    )
    const { $defs = {}, properties } = Written.parse(JSON.parse(referring))
    for (const [id, definition] of Object.entries($defs)) {
      const { id: _, ...own } = definition
      components[`${id}${suffix}`] = own
    }
    return properties.schema
  }
  return { write, components }
}
type SchemaWriter = ReturnType<typeof schemaWriter>

const places = { params: 'path', query: 'query', headers: 'header' } as const

const parametersOf = ({ input }: Route, { write }: SchemaWriter): Json[] =>
  (['params', 'query', 'headers'] as const).flatMap((part) => {
    const schema = input.shape[part]
    if (!(schema instanceof z.ZodObject)) return []
    return Object.entries<z.core.$ZodType>(schema.shape).map(([name, field]) => ({
      name,
      in: places[part],
      required: part === 'params' || !z.safeParse(field, undefined).success,
      schema: write(field, 'input'),
    }))
  })

const headersOf = (headers: AnswerDocument['headers'] = {}): Schemas =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  )

const textsOf = ({ otherTypes }: Route): Schemas =>
  Object.fromEntries(otherTypes.map((type) => [type, { schema: { type: 'string' } }]))

const answersOf = (route: Route, { write }: SchemaWriter): Schemas =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, schema, type, headers }]) => [
      status,
      {
        description,
        ...(headers && { headers: headersOf(headers) }),
        ...(schema && {
          content: {
            [type ?? 'application/json']: { schema: write(schema, 'output') },
            ...(status === '200' && textsOf(route)),
          },
        }),
      },
    ]),
  )

/** Problems of every route that takes any input, a body, a token. */
const inputProblems = ['FIELDS_INVALID'] as const
const bodyProblems = ['BODY_INVALID', 'BODY_TOO_DEEP', 'BODY_TOO_LARGE', 'CONTENT_TYPE_UNSUPPORTED'] as const
const tokenProblems = [
  'TOKEN_INVALID',
  'ORIGIN_REFUSED',
  'SCOPE_MISSING',
  'WRONG_TOKENS_TOO_MANY',
  'REQUESTS_TOO_MANY',
] as const

/** Of every route that needs the store, if only for the token. */
const storeProblems = ['STORE_FULL', 'STORE_UNAVAILABLE'] as const

/** Problems in which a request may end before its route handles it. */
const commonProblems = ({ scope, input: { shape } }: Route): ProblemCode[] => [
  'METHOD_NOT_ALLOWED',
  ...(Object.keys(shape).length > 0 ? inputProblems : []),
  ...('body' in shape ? bodyProblems : []),
  ...(scope === null ? [] : [...tokenProblems, ...storeProblems]),
]

const problemsOf = (route: Route): Schemas => {
  const codes = [...new Set([...commonProblems(route), ...route.problems, 'UNEXPECTED' as const])]
  const statuses = [...new Set(codes.map((code) => problemKinds[code].status))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: codes.filter((code) => problemKinds[code].status === status).join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

/** What an operation is listed under: what it is about, or the service itself. */
const tagOf = ({ path }: Route): string => /^\/v1\/([^/]+)/.exec(path)?.[1] ?? 'service'

const operationOf = (route: Route, writer: SchemaWriter): Schemas => {
  const { body } = route.input.shape
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [tagOf(route)],
    security: route.scope === null ? [] : [{ bearer: [] }, { session: [] }],
    parameters: parametersOf(route, writer),
    ...(body && {
      requestBody: {
        required: !z.safeParse(body, undefined).success,
        content: { 'application/json': { schema: writer.write(body, 'input') } },
      },
    }),
    responses: { ...answersOf(route, writer), ...problemsOf(route) },
    ...(route.scope !== null && { description: `Needs a token with the scope \`${route.scope}\`.` }),
  }
}

/** The OpenAPI 3.1 document of the routes, made from the very schemas that they parse with. */
export const openApiDocument = (routes: readonly Route[]): OpenApiDocument => {
  const writer = schemaWriter()
  const paths: Record<string, Schemas> = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, writer) }
  }
  writer.write(Problem, 'output')
  const tags = [...new Set(routes.map(tagOf))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Backup Precheck',
      version: packageJson.version,
      description: 'Tells before a backup runs that it would fail, why, and the command that fixes it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where this document was read.' }],
    tags: tags.map((name) => ({ name, description: `Operations under ${name}.` })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: secureCookie, description: cookieOverHttp },
      },
      schemas: writer.components,
    },
  }
}
