import * as z from 'zod'
import { readFleet } from '../../../shared/flows/fleet.ts'
import { csvOf } from '../readings/csv.ts'
import { cursorOf, nextLink, pageOf } from '../routing/paging.ts'
import { notModified, route } from '../routing/route.ts'
import { FleetView, fleetView } from '../views/fleet-view.ts'

/** Instances in one answer at most. */
const maxInstances = 10_000

/** Of lists in columns, which hold thousands of entries. */
export const columnsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(maxInstances).default(maxInstances),
  after: z.string().max(512).optional().describe('`next` of the answer before.'),
})

export const fleetRoutes = [
  route({
    method: 'GET',
    path: '/v1/fleet',
    operationId: 'getFleet',
    summary: 'Tells how every instance stands by its last result, in columns: 10,000 instances in one answer',
    scope: 'read',
    input: z.object({ query: columnsQuery }),
    answers: {
      200: { description: 'In the order of the ids; of very many the first ones.', schema: FleetView },
      304: notModified,
    },
    problems: [],
    handle: async (deps, { query }) => ({ value: await readFleet(deps, pageOf(query)) }),
    respond: (page, { query }) => {
      const next = cursorOf(page.next)
      return { ...nextLink(next, '/v1/fleet', query), status: 200, body: fleetView(page, next) }
    },
    readings: [{ type: 'text/csv', read: ({ items }) => csvOf(items) }],
  }),
]
