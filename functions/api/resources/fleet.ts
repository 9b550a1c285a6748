import * as z from 'zod'
import { readFleet } from '../../../shared/flows/fleet.ts'
import { inEveryLanguage } from '../../../shared/model/failure.ts'
import { csvOf } from '../readings/csv.ts'
import { JsonValue } from '../routing/json-value.ts'
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

/** Lines are from 1. */
const InstanceListView = z
  .strictObject({
    instances: z.array(
      z.strictObject({
        id: z.string().describe('Empty where the text does not say.'),
        line: z.int(),
        definition: z.record(z.string(), JsonValue).describe('As a registration has it; not judged yet.'),
      }),
    ),
    faults: z
      .array(z.strictObject({ line: z.int(), message: z.string() }))
      .describe('What of the text is no instance, and why.'),
  })
  .meta({ id: 'InstanceList' })
export type InstanceListView = Readonly<z.infer<typeof InstanceListView>>

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
  route({
    method: 'POST',
    path: '/v1/fleet/documents',
    operationId: 'readFleetDocuments',
    summary:
      'Reads the instances that documents in YAML describe, as `precheck apply` takes them; nothing is written',
    scope: 'admin',
    input: z.object({ body: z.strictObject({ text: z.string() }).meta({ id: 'FleetDocuments' }) }),
    answers: { 200: { description: 'What stands there.', schema: InstanceListView } },
    problems: [],
    handle: async (_deps, { body: { text } }) => {
      // The parser is large, and seldom needed.
      const { instancesIn } = await import('../documents/instance-list.ts')
      return { value: instancesIn(text) }
    },
    respond: ({ instances, faults }, _input, locale) => ({
      status: 200,
      body: {
        instances,
        faults: faults.map(({ line, message }) => ({ line, message: inEveryLanguage(message)[locale] })),
      },
    }),
  }),
]
