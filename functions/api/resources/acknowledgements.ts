import * as z from 'zod'
import {
  acknowledgeFinding,
  listAcknowledgements,
  withdrawAcknowledgement,
} from '../../../shared/flows/instances/acknowledge-finding.ts'
import { listAcknowledged } from '../../../shared/flows/instances/list-acknowledged.ts'
import {
  Acknowledgement,
  AcknowledgementId,
  AcknowledgementRequest,
} from '../../../shared/model/acknowledgement.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { pageOf, pageQuery, pageResponse, pageSchema } from '../routing/paging.ts'
import { notModified, route } from '../routing/route.ts'

const AcknowledgementView = Acknowledgement.meta({ id: 'Acknowledgement' })
const RequestBody = AcknowledgementRequest.meta({ id: 'AcknowledgementRequest' })
const ofInstance = z.strictObject({ instanceId: InstanceId })

export const AcknowledgedView = z
  .strictObject({ instanceId: InstanceId, acknowledgements: z.array(AcknowledgementView) })
  .meta({ id: 'AcknowledgementsOfInstance' })
export type AcknowledgedView = z.infer<typeof AcknowledgedView>

export const acknowledgementRoutes = [
  route({
    method: 'GET',
    path: '/v1/acknowledgements',
    operationId: 'listAllAcknowledgements',
    summary:
      'Lists the acknowledgements that are in force of every instance that has any, in the order of the ids',
    scope: 'read',
    input: z.object({ query: z.strictObject(pageQuery) }),
    answers: {
      200: { description: 'A page of instances.', schema: pageSchema(AcknowledgedView) },
      304: notModified,
    },
    problems: [],
    handle: async (deps, { query }) => ({ value: await listAcknowledged(deps, pageOf(query)) }),
    respond: (page, { query }) => pageResponse(page, '/v1/acknowledgements', query),
  }),
  route({
    method: 'POST',
    path: '/v1/instances/{instanceId}/acknowledgements',
    operationId: 'acknowledgeFinding',
    summary:
      'Makes a known finding count as a warning in prechecks that start from now until it expires; a repeat replaces the acknowledgement of that check item and database',
    scope: 'run',
    input: z.object({ params: ofInstance, body: RequestBody }),
    answers: {
      201: {
        description: 'The acknowledgement.',
        schema: AcknowledgementView,
        headers: { Location: 'Address of the acknowledgement, where it can be withdrawn.' },
      },
    },
    problems: ['INSTANCE_NOT_FOUND', 'INSTANCE_CHANGED', 'DATABASE_NOT_FOUND', 'ACKNOWLEDGEMENT_INVALID'],
    handle: (deps, { params: { instanceId }, body }) =>
      acknowledgeFinding(deps, { instanceId, request: body }),
    respond: (body, { params: { instanceId } }) => {
      const location = `/v1/instances/${instanceId}/acknowledgements/${body.id}`
      return { status: 201, headers: { location }, body }
    },
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/acknowledgements',
    operationId: 'listAcknowledgements',
    summary: 'Lists the acknowledgements that are in force, oldest first',
    scope: 'read',
    input: z.object({ params: ofInstance }),
    answers: {
      200: {
        description: 'The acknowledgements.',
        schema: z.strictObject({ items: z.array(AcknowledgementView) }),
      },
    },
    problems: ['INSTANCE_NOT_FOUND'],
    handle: (deps, { params: { instanceId } }) => listAcknowledgements(deps, instanceId),
    respond: (items) => ({ status: 200, body: { items } }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/instances/{instanceId}/acknowledgements/{acknowledgementId}',
    operationId: 'withdrawAcknowledgement',
    summary: 'Withdraws an acknowledgement; the finding counts in full again',
    scope: 'run',
    input: z.object({ params: ofInstance.extend({ acknowledgementId: AcknowledgementId }) }),
    answers: { 204: { description: 'It was withdrawn.' } },
    problems: ['INSTANCE_NOT_FOUND', 'INSTANCE_CHANGED', 'ACKNOWLEDGEMENT_NOT_FOUND'],
    handle: (deps, { params }) => withdrawAcknowledgement(deps, params),
    respond: () => ({ status: 204 }),
  }),
]
