import * as z from 'zod'
import { putPolicy, unknownPolicy } from '../../../shared/flows/policies.ts'
import { andThen, found, unknownInstance } from '../../../shared/model/failure.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { GateRule } from '../../../shared/model/gate.ts'
import {
  ExplainedThreshold,
  Policy,
  PolicyDefinition,
  PolicyName,
  explainedFor,
  gateRuleFor,
} from '../../../shared/model/policy.ts'
import { listAll } from '../../../shared/ports/documents.ts'
import {
  atRevision,
  conditional,
  createdResponse,
  tagHeader,
  taggedResponse,
} from '../routing/conditional.ts'
import { dryRunQuery, reachedBy } from '../routing/dry-run.ts'
import { route } from '../routing/route.ts'

const PolicyView = Policy.meta({ id: 'Policy' })
const params = z.strictObject({ policyName: PolicyName })

export const EffectiveView = z
  .strictObject({
    instanceId: InstanceId,
    database: z.string().nullable(),
    thresholds: z
      .record(z.string(), ExplainedThreshold)
      .describe('By name; `from`: the policy that says so, null for the default.'),
    gate: GateRule,
  })
  .meta({ id: 'EffectivePolicy' })

export const policyRoutes = [
  route({
    method: 'PUT',
    path: '/v1/policies/{policyName}',
    operationId: 'putPolicy',
    summary:
      'Writes a policy, or replaces it: what check items and the gate judge by, for some instances or databases',
    scope: 'admin',
    input: z.object({
      params,
      query: dryRunQuery,
      headers: conditional,
      body: PolicyDefinition.meta({ id: 'PolicyDefinition' }),
    }),
    answers: {
      200: { description: 'It was replaced.', schema: PolicyView, headers: tagHeader },
      201: { description: 'It was written.', schema: PolicyView, headers: tagHeader },
    },
    problems: ['POLICIES_TOO_MANY', 'POLICY_CHANGED', 'PRECONDITION_FAILED'],
    handle: async (deps, { params: { policyName: name }, query, body: definition, headers }) => {
      const expectedRevision = headers['if-match']
      const seen = atRevision((await deps.policies.get(name))?.document ?? null, expectedRevision)
      return andThen(seen, () => putPolicy(reachedBy(deps, query), { name, definition, expectedRevision }))
    },
    respond: ({ policy, isNew }) =>
      isNew ? createdResponse(policy, `/v1/policies/${policy.name}`) : taggedResponse(policy),
  }),
  route({
    method: 'GET',
    path: '/v1/policies',
    operationId: 'listPolicies',
    summary: 'Lists the policies in the order of their names',
    scope: 'read',
    input: z.object({}),
    answers: {
      200: { description: 'The policies.', schema: z.strictObject({ items: z.array(PolicyView) }) },
    },
    problems: [],
    handle: async ({ policies }) => ({ value: await listAll(policies) }),
    respond: (items) => ({ status: 200, body: { items } }),
  }),
  route({
    method: 'GET',
    path: '/v1/policies/{policyName}',
    operationId: 'getPolicy',
    summary: 'Reads a policy',
    scope: 'read',
    input: z.object({ params }),
    answers: { 200: { description: 'The policy.', schema: PolicyView, headers: tagHeader } },
    problems: ['POLICY_NOT_FOUND'],
    handle: async ({ policies }, { params: { policyName } }) =>
      found((await policies.get(policyName))?.document ?? null, unknownPolicy(policyName)),
    respond: (policy) => taggedResponse(policy),
  }),
  route({
    method: 'DELETE',
    path: '/v1/policies/{policyName}',
    operationId: 'deletePolicy',
    summary: 'Removes a policy',
    scope: 'admin',
    input: z.object({ params }),
    answers: { 204: { description: 'It was removed.' } },
    problems: ['POLICY_NOT_FOUND'],
    handle: async ({ policies }, { params: { policyName } }) =>
      (await policies.remove(policyName)) ? { value: null } : unknownPolicy(policyName),
    respond: () => ({ status: 204 }),
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/policy',
    operationId: 'getInstancePolicy',
    summary: 'What the check items of an instance judge by, and which policy says so',
    scope: 'read',
    input: z.object({
      params: z.strictObject({ instanceId: InstanceId }),
      query: z.strictObject({ database: z.string().min(1).max(128).optional() }),
    }),
    answers: { 200: { description: 'The thresholds.', schema: EffectiveView } },
    problems: ['INSTANCE_NOT_FOUND'],
    handle: async ({ instances, policies }, { params: { instanceId }, query: { database } }) => {
      const instance = (await instances.get(instanceId))?.document
      if (!instance) return unknownInstance(instanceId)
      const all = await listAll(policies)
      const thresholds = explainedFor(all, instance.definition, database)
      const gate = gateRuleFor(all, instance.definition, database)
      return { value: { instanceId, database: database ?? null, thresholds, gate } }
    },
    respond: (body) => ({ status: 200, body }),
  }),
]
