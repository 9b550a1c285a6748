import * as z from 'zod'
import { worstFirst } from '../../../shared/flows/protection.ts'
import { andThen } from '../../../shared/model/failure.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { InstanceProtection } from '../../../shared/model/instance-protection.ts'
import { wantedBy } from '../../../shared/ports/instances.ts'
import { pageOf, pageResponse, pageSchema } from '../routing/paging.ts'
import { route } from '../routing/route.ts'
import { ProtectionView, protectionView } from '../views/protection-view.ts'
import { filterOf, fleetQuery } from './instances.ts'
import { lastResult } from './prechecks.ts'

const FleetView = InstanceProtection.meta({ id: 'InstanceProtection' })

export const protectionRoutes = [
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/protection',
    operationId: 'getProtection',
    summary: 'Tells from the last result what would be lost of each database',
    scope: 'read',
    input: z.object({ params: z.strictObject({ instanceId: InstanceId }) }),
    answers: { 200: { description: 'As of the precheck; never extrapolated.', schema: ProtectionView } },
    problems: ['INSTANCE_NOT_FOUND', 'NO_LAST_RESULT'],
    handle: async (deps, { params: { instanceId } }) =>
      andThen(await lastResult(deps, instanceId), (last) => ({ value: protectionView(last, deps.now()) })),
    respond: (body) => ({ status: 200, body }),
  }),
  route({
    method: 'GET',
    path: '/v1/protection',
    operationId: 'listProtection',
    summary: 'Lists the instances by what would be lost, worst first',
    scope: 'read',
    input: z.object({ query: z.strictObject(fleetQuery) }),
    answers: { 200: { description: 'A page.', schema: pageSchema(FleetView) } },
    problems: [],
    handle: async (deps, { query }) => {
      const wanted = wantedBy(filterOf(query))
      const isWanted = ({ engine, region, tags }: InstanceProtection): boolean =>
        wanted?.({ definition: { engine, region, tags, enabled: true } }) ?? true
      return { value: await worstFirst(deps, pageOf(query), isWanted) }
    },
    respond: (page, { query }) => pageResponse(page, '/v1/protection', query),
  }),
]
