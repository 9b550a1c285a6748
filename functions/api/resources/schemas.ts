import * as z from 'zod'
import { JsonValue } from '../routing/json-value.ts'
import { InstanceDefinition, InstanceId } from '../../../shared/model/instance.ts'
import { PolicyDefinition, PolicyName } from '../../../shared/model/policy.ts'
import { WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import { type Route, route } from '../routing/route.ts'

type Json = z.core.util.JSONType
type JsonObject = Record<string, Json>

/** Draft 7, which every editor understands. */
const written = (schema: z.ZodType): JsonObject =>
  z.record(z.string(), JsonValue).parse(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }))

/** One instance in a file of its own: the body of its registration, and its id. */
const InstanceFile = z.union(
  InstanceDefinition.options.map((definition) =>
    definition.extend({
      id: InstanceId.optional().describe('Left out: the name of the file, without its ending.'),
    }),
  ),
)

/** Of an instance whose other fields are defaults. */
const Part = InstanceDefinition.meta({ id: 'PartOfInstance' })

const FleetFile = z.strictObject({
  defaults: Part.optional().describe(
    'Fields of all instances of this document; an instance that has them too decides.',
  ),
  instances: z.record(InstanceId, Part).optional().describe('By id.'),
  policies: z.record(PolicyName, PolicyDefinition).optional().describe('By name.'),
  webhooks: z.array(WebhookDefinition).optional().describe('Told apart by url and token.'),
})

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A schema whose fields may be left out, at any depth. Lists are not merged with defaults: what is in them stays whole. */
const partOf = (schema: Json): Json => {
  if (!isObject(schema)) return schema
  const { required: _, oneOf, anyOf = oneOf, properties, ...rest } = schema
  return {
    ...rest,
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(partOf) }),
    ...(isObject(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, field]) => [name, partOf(field)]),
      ),
    }),
  }
}

const fleetSchema = (): JsonObject => {
  const { definitions, ...schema } = written(FleetFile)
  const parts = isObject(definitions) ? definitions : {}
  return {
    ...schema,
    definitions: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, partOf(part)])),
  }
}

const schemaRoute = (
  about: Pick<Route, 'path' | 'operationId' | 'summary'>,
  write: () => JsonObject,
): Route => {
  let made: JsonObject | undefined
  return route({
    method: 'GET',
    ...about,
    // Editors fetch schemas without a token, and there is nothing in them but what is in the OpenAPI document.
    scope: null,
    input: z.object({}),
    answers: {
      200: {
        description: 'The schema.',
        schema: z.record(z.string(), JsonValue),
        type: 'application/schema+json',
      },
    },
    problems: [],
    handle: async () => ({ value: (made ??= write()) }),
    respond: (body) => ({ status: 200, body }),
  })
}

export const schemaRoutes: readonly Route[] = [
  schemaRoute(
    {
      path: '/schemas/instance.json',
      operationId: 'getInstanceSchema',
      summary: 'The JSON Schema (draft 7) of a file that describes one instance',
    },
    () => written(InstanceFile),
  ),
  schemaRoute(
    {
      path: '/schemas/fleet.json',
      operationId: 'getFleetSchema',
      summary: 'The JSON Schema (draft 7) of the documents that `precheck apply` takes',
    },
    fleetSchema,
  ),
]
