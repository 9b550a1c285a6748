import * as z from 'zod'
import {
  acknowledgeFinding,
  listAcknowledgements,
  withdrawAcknowledgement,
} from '../../../shared/flows/instances/acknowledge-finding.ts'
import {
  Acknowledgement,
  AcknowledgementId,
  AcknowledgementRequest,
} from '../../../shared/model/acknowledgement.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { accepted, route } from '../route.ts'

const AcknowledgementView = Acknowledgement.meta({ id: 'Acknowledgement' })
const RequestBody = AcknowledgementRequest.meta({ id: 'AcknowledgementRequest' })
const ofInstance = z.strictObject({ instanceId: InstanceId })

export const acknowledgementRoutes = [
  route({
    method: 'POST',
    path: '/v1/instances/{instanceId}/acknowledgements',
    operationId: 'acknowledgeFinding',
    summary: 'Lets a known finding count as a warning, in prechecks that start from now until it expires',
    scope: 'run',
    input: z.object({ params: ofInstance, body: RequestBody }),
    answers: {
      201: {
        description: 'It is acknowledged.',
        schema: AcknowledgementView,
        headers: { Location: 'Address of the acknowledgement, at which it can be withdrawn.' },
      },
    },
    problems: [
      'FIELDS_INVALID',
      'BODY_INVALID',
      'INSTANCE_NOT_FOUND',
      'INSTANCE_CHANGED',
      'ACKNOWLEDGEMENT_INVALID',
    ],
    handle: async (deps, { params: { instanceId }, body }) => {
      const acknowledged = accepted(await acknowledgeFinding(deps, { instanceId, request: body }))
      const location = `/v1/instances/${instanceId}/acknowledgements/${acknowledged.id}`
      return { status: 201, headers: { location }, json: acknowledged }
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
    handle: async (deps, { params: { instanceId } }) => {
      const items = accepted(await listAcknowledgements(deps, instanceId))
      return { status: 200, json: { items } }
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/instances/{instanceId}/acknowledgements/{acknowledgementId}',
    operationId: 'withdrawAcknowledgement',
    summary: 'Withdraws an acknowledgement; the finding counts again',
    scope: 'run',
    input: z.object({ params: ofInstance.extend({ acknowledgementId: AcknowledgementId }) }),
    answers: { 204: { description: 'It is withdrawn.' } },
    problems: ['FIELDS_INVALID', 'INSTANCE_NOT_FOUND', 'INSTANCE_CHANGED', 'ACKNOWLEDGEMENT_NOT_FOUND'],
    handle: async (deps, { params }) => {
      accepted(await withdrawAcknowledgement(deps, params))
      return { status: 204 }
    },
  }),
]
