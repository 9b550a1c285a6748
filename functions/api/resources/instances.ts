import * as z from 'zod'
import { type Registration, registerInstance } from '../../../shared/flows/instances/register-instance.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { unknownInstance } from '../../../shared/model/failure.ts'
import { Instance, InstanceDefinition, InstanceId } from '../../../shared/model/instance.ts'
import type { InstanceFilter } from '../../../shared/ports/instances.ts'
import type { HttpResponse } from '../../../shared/runtime/http.ts'
import type { ApiDeps } from '../deps.ts'
import { conditional, createdResponse, expectRevision, taggedResponse, tagHeader } from '../conditional.ts'
import { mergePatch } from '../merge-patch.ts'
import { pageOf, pageQuery, pageResponse, pageSchema } from '../paging.ts'
import { accepted, declined, fieldsInvalid, route } from '../route.ts'

const InstanceView = Instance.meta({ id: 'Instance' })
const Definition = InstanceDefinition.meta({ id: 'InstanceDefinition' })
const Changed = z.object({ body: Definition })
const params = z.strictObject({ instanceId: InstanceId })

const ListQuery = z.strictObject({
  ...pageQuery,
  engine: Engine.optional(),
  region: z.string().optional(),
  enabled: z.stringbool().optional(),
  tag: z
    .string()
    .regex(/^[^:]+:.*$/, 'must be key:value')
    .optional(),
})

const filterOf = ({ engine, region, enabled, tag }: z.output<typeof ListQuery>): InstanceFilter => {
  const [key = '', ...value] = tag?.split(':') ?? []
  return {
    ...(engine && { engine }),
    ...(region !== undefined && { region }),
    ...(enabled !== undefined && { enabled }),
    ...(tag !== undefined && { tags: { [key]: value.join(':') } }),
  }
}

/** Reads an instance, or ends the request. */
const existingInstance = async ({ instances }: Pick<ApiDeps, 'instances'>, id: string): Promise<Instance> => {
  const instance = await instances.get(id)
  if (!instance) throw declined(unknownInstance(id).failure)
  return instance
}

const register = async (deps: ApiDeps, registration: Registration): Promise<HttpResponse> => {
  const { instance, isNew } = accepted(await registerInstance(deps, registration))
  return isNew ? createdResponse(instance, `/v1/instances/${instance.id}`) : taggedResponse(instance)
}

export const instanceRoutes = [
  route({
    method: 'PUT',
    path: '/v1/instances/{instanceId}',
    operationId: 'putInstance',
    summary: 'Registers an instance, or replaces its registration',
    scope: 'admin',
    input: z.object({ params, headers: conditional, body: Definition }),
    answers: {
      200: { description: 'It was replaced.', schema: InstanceView, headers: tagHeader },
      201: { description: 'It was registered.', schema: InstanceView, headers: tagHeader },
    },
    problems: ['FIELDS_INVALID', 'BODY_INVALID', 'INSTANCE_CHANGED', 'PRECONDITION_FAILED'],
    handle: async (deps, { params: { instanceId }, body, headers }) => {
      expectRevision(await deps.instances.get(instanceId), headers['if-match'])
      return register(deps, { instanceId, definition: body, expectedRevision: headers['if-match'] })
    },
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
      body: z.record(z.string(), z.json()).meta({ id: 'InstancePatch' }),
    }),
    answers: { 200: { description: 'It was changed.', schema: InstanceView, headers: tagHeader } },
    problems: [
      'FIELDS_INVALID',
      'BODY_INVALID',
      'INSTANCE_NOT_FOUND',
      'INSTANCE_CHANGED',
      'PRECONDITION_FAILED',
    ],
    handle: async (deps, { params: { instanceId }, body, headers }) => {
      const stored = await existingInstance(deps, instanceId)
      expectRevision(stored, headers['if-match'])
      const changed = Changed.safeParse({ body: mergePatch(stored.definition, body) })
      if (!changed.success) throw fieldsInvalid(changed.error)
      return register(deps, { instanceId, definition: changed.data.body, expectedRevision: stored.revision })
    },
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
    handle: async (deps, input) => taggedResponse(await existingInstance(deps, input.params.instanceId)),
  }),
  route({
    method: 'DELETE',
    path: '/v1/instances/{instanceId}',
    operationId: 'deleteInstance',
    summary: 'Removes a registration; its prechecks stay readable at their addresses',
    scope: 'admin',
    input: z.object({ params }),
    answers: { 204: { description: 'It was removed.' } },
    problems: ['INSTANCE_NOT_FOUND'],
    handle: async ({ instances }, { params: { instanceId } }) => {
      if (!(await instances.remove(instanceId))) throw declined(unknownInstance(instanceId).failure)
      return { status: 204 }
    },
  }),
  route({
    method: 'GET',
    path: '/v1/instances',
    operationId: 'listInstances',
    summary: 'Lists registrations in the order of their ids',
    scope: 'read',
    input: z.object({ query: ListQuery }),
    answers: { 200: { description: 'A page.', schema: pageSchema(InstanceView) } },
    problems: ['FIELDS_INVALID'],
    handle: async ({ instances }, { query }) =>
      pageResponse(await instances.list(filterOf(query), pageOf(query)), '/v1/instances', query),
  }),
]
