import * as z from 'zod'
import { JsonValue } from '../routing/json-value.ts'
import { registerInstance } from '../../../shared/flows/instances/register-instance.ts'
import { hostRefusal } from '../../../shared/model/connections/address.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { type Result, andThen, found, unknownInstance } from '../../../shared/model/failure.ts'
import { fieldMessage } from '../../../shared/model/field-message.ts'
import { Instance, InstanceDefinition, InstanceId } from '../../../shared/model/instance.ts'
import { documentsOf } from '../../../shared/ports/documents.ts'
import { type InstanceFilter, wantedBy } from '../../../shared/ports/instances.ts'
import type { ApiDeps } from '../routing/deps.ts'
import {
  atRevision,
  conditional,
  createdResponse,
  tagHeader,
  taggedResponse,
} from '../routing/conditional.ts'
import { dryRunQuery, reachedBy } from '../routing/dry-run.ts'
import { patched } from '../routing/merge-patch.ts'
import { pageOf, pageQuery, pageResponse, pageSchema } from '../routing/paging.ts'
import { route } from '../routing/route.ts'

const InstanceView = Instance.meta({ id: 'Instance' })
const Definition = InstanceDefinition.superRefine(({ connection }, context) => {
  const refusal = hostRefusal(connection.host)
  if (refusal === null) return
  context.addIssue({ code: 'custom', path: ['connection', 'host'], message: fieldMessage(refusal) })
}).meta({ id: 'InstanceDefinition' })
const params = z.strictObject({ instanceId: InstanceId })

/** Query parameters of lists of instances. */
export const fleetQuery = {
  ...pageQuery,
  engine: Engine.optional(),
  region: z.string().optional(),
  tag: z
    .string()
    .regex(/^[^:]+:.*$/, fieldMessage({ en: 'must be key:value', zh: '须为 key:value' }))
    .optional(),
}

const ListQuery = z.strictObject({ ...fleetQuery, enabled: z.stringbool().optional() })

type FilterQuery = Pick<z.output<typeof ListQuery>, 'engine' | 'region' | 'enabled' | 'tag'>

/** The filter that query parameters ask for. */
export const filterOf = ({ engine, region, enabled, tag }: FilterQuery): InstanceFilter => {
  const [key = '', ...value] = tag?.split(':') ?? []
  return {
    ...(engine && { engine }),
    ...(region !== undefined && { region }),
    ...(enabled !== undefined && { enabled }),
    ...(tag !== undefined && { tags: { [key]: value.join(':') } }),
  }
}

const existingInstance = async (
  { instances }: Pick<ApiDeps, 'instances'>,
  id: string,
): Promise<Result<Instance, 'INSTANCE_NOT_FOUND'>> =>
  found((await instances.get(id))?.document ?? null, unknownInstance(id))

export const instanceRoutes = [
  route({
    method: 'PUT',
    path: '/v1/instances/{instanceId}',
    operationId: 'putInstance',
    summary: 'Registers an instance, or replaces its registration',
    scope: 'admin',
    input: z.object({ params, query: dryRunQuery, headers: conditional, body: Definition }),
    answers: {
      200: { description: 'It was replaced.', schema: InstanceView, headers: tagHeader },
      201: { description: 'It was registered.', schema: InstanceView, headers: tagHeader },
    },
    problems: ['CHECK_ITEM_NOT_APPLICABLE', 'INSTANCE_CHANGED', 'PRECONDITION_FAILED', 'SECRET_REFUSED'],
    handle: async (deps, { params: { instanceId }, query, body: definition, headers }) => {
      const expectedRevision = headers['if-match']
      const seen = atRevision(await deps.instances.get(instanceId), expectedRevision)
      return andThen(seen, () =>
        registerInstance(reachedBy(deps, query), { instanceId, definition, expectedRevision }),
      )
    },
    respond: ({ instance, isNew }) =>
      isNew ? createdResponse(instance, `/v1/instances/${instance.id}`) : taggedResponse(instance),
  }),
  route({
    method: 'PATCH',
    path: '/v1/instances/{instanceId}',
    operationId: 'patchInstance',
    summary: 'Changes parts of a registration (JSON Merge Patch, RFC 7396)',
    scope: 'admin',
    input: z.object({
      params,
      headers: conditional,
      body: z.record(z.string(), JsonValue).meta({ id: 'InstancePatch' }),
    }),
    answers: { 200: { description: 'It was changed.', schema: InstanceView, headers: tagHeader } },
    problems: [
      'CHECK_ITEM_NOT_APPLICABLE',
      'FIELDS_INVALID',
      'INSTANCE_NOT_FOUND',
      'INSTANCE_CHANGED',
      'PRECONDITION_FAILED',
      'SECRET_REFUSED',
    ],
    handle: async (deps, { params: { instanceId }, body, headers }) => {
      const existing = await existingInstance(deps, instanceId)
      const seen = andThen(existing, (instance) => atRevision(instance, headers['if-match']))
      return andThen(seen, (instance) =>
        andThen(patched(Definition, instance.definition, body), (definition) =>
          registerInstance(deps, { instanceId, definition, expectedRevision: instance.revision }),
        ),
      )
    },
    respond: ({ instance }) => taggedResponse(instance),
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}',
    operationId: 'getInstance',
    summary: 'Reads a registration; secrets are references only',
    scope: 'read',
    input: z.object({ params }),
    answers: { 200: { description: 'The instance.', schema: InstanceView, headers: tagHeader } },
    problems: ['INSTANCE_NOT_FOUND'],
    handle: (deps, { params: { instanceId } }) => existingInstance(deps, instanceId),
    respond: (instance) => taggedResponse(instance),
  }),
  route({
    method: 'DELETE',
    path: '/v1/instances/{instanceId}',
    operationId: 'deleteInstance',
    summary: 'Removes a registration; its prechecks can still be read by their ids',
    scope: 'admin',
    input: z.object({ params }),
    answers: { 204: { description: 'It was removed.' } },
    problems: ['INSTANCE_NOT_FOUND'],
    handle: async ({ instances, memories, protections, backupRecords }, { params: { instanceId } }) => {
      // First, or another instance of this id might be held against what was remembered of this one.
      const stores = [memories, protections, backupRecords]
      await Promise.all(stores.map(({ remove }) => remove(instanceId)))
      return (await instances.remove(instanceId)) ? { value: null } : unknownInstance(instanceId)
    },
    respond: () => ({ status: 204 }),
  }),
  route({
    method: 'GET',
    path: '/v1/instances',
    operationId: 'listInstances',
    summary: 'Lists registrations in the order of their ids',
    scope: 'read',
    input: z.object({ query: ListQuery }),
    answers: { 200: { description: 'A page.', schema: pageSchema(InstanceView) } },
    problems: [],
    handle: async ({ instances }, { query }) => ({
      value: documentsOf(await instances.list({ ...pageOf(query), isWanted: wantedBy(filterOf(query)) })),
    }),
    respond: (page, { query }) => pageResponse(page, '/v1/instances', query),
  }),
]
