import * as z from 'zod'
import { requestSweep } from '../../../shared/flows/sweeps/request-sweep.ts'
import { decline } from '../../../shared/model/failure.ts'
import type { Locale } from '../../../shared/model/message.ts'
import {
  type Sweep,
  type SweepEntry,
  SweepEntryStatus,
  SweepFilter,
  SweepId,
} from '../../../shared/model/sweep.ts'
import type { ApiDeps } from '../deps.ts'
import { pageOf, pageQuery, pageResponse, pageSchema } from '../paging.ts'
import { declined, route } from '../route.ts'
import { SweepSummary, SweepView, entryView, sweepSummary, troubled } from '../views/sweep-view.ts'

const EntriesQuery = z.strictObject({
  ...pageQuery,
  status: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(SweepEntryStatus))
    .optional()
    .describe('Only entries of these statuses, separated by commas, for example failed,not_run.'),
})

const FilterBody = SweepFilter.default({}).meta({ id: 'SweepFilter' })

/** Reads a sweep, or ends the request. */
const existingSweep = async ({ sweeps }: Pick<ApiDeps, 'sweeps'>, sweepId: string): Promise<Sweep> => {
  const stored = await sweeps.get(sweepId)
  if (stored) return stored.document
  const detail = `There is no sweep ${sweepId}. GET /v1/sweeps lists them.`
  throw declined(decline('SWEEP_NOT_FOUND', detail).failure)
}

/** An entry with what its precheck found, where it did not pass. */
const shown = async ({ results }: ApiDeps, entry: SweepEntry, locale: Locale) => {
  const stored = troubled.includes(entry.status) ? await results.get(entry.precheckId) : null
  return entryView(entry, stored?.precheck ?? null, locale)
}

export const sweepRoutes = [
  route({
    method: 'POST',
    path: '/v1/sweeps',
    operationId: 'requestSweep',
    summary: 'Prechecks now all enabled instances that a filter lets through',
    scope: 'run',
    input: z.object({ body: FilterBody }),
    answers: {
      202: {
        description: 'It begins within a minute.',
        schema: SweepSummary,
        headers: { Location: 'Address of the sweep.' },
      },
    },
    problems: ['FIELDS_INVALID', 'BODY_INVALID'],
    handle: async (deps, { body }) => {
      const sweep = await requestSweep(deps, body)
      return { status: 202, headers: { location: `/v1/sweeps/${sweep.id}` }, json: sweepSummary(sweep) }
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sweeps',
    operationId: 'listSweeps',
    summary: 'Lists the sweeps, newest first',
    scope: 'read',
    input: z.object({ query: z.strictObject(pageQuery) }),
    answers: { 200: { description: 'A page.', schema: pageSchema(SweepSummary) } },
    problems: ['FIELDS_INVALID'],
    handle: async ({ sweeps }, { query }) => {
      const { items, next } = await sweeps.list(pageOf(query))
      return pageResponse({ items: items.map(sweepSummary), next }, '/v1/sweeps', query)
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sweeps/{sweepId}',
    operationId: 'getSweep',
    summary: 'Reads a sweep: how many instances passed, failed or were not prechecked, which, and why',
    scope: 'read',
    input: z.object({ params: z.strictObject({ sweepId: SweepId }), query: EntriesQuery }),
    answers: {
      200: {
        description: 'The sweep, with a page of its instances in the order of their ids.',
        schema: SweepView,
      },
    },
    problems: ['SWEEP_NOT_FOUND', 'FIELDS_INVALID'],
    handle: async (deps, { params: { sweepId }, query }, locale) => {
      const sweep = await existingSweep(deps, sweepId)
      const { status, ...paging } = query
      const { items, next } = await deps.sweepEntries.list(sweepId, pageOf(paging), status)
      const views = await Promise.all(items.map((entry) => shown(deps, entry, locale)))
      const page = pageResponse({ items: views, next }, `/v1/sweeps/${sweepId}`, {
        ...paging,
        status: status?.join(','),
      })
      const counts = sweep.counts ?? (await deps.sweepEntries.count(sweepId))
      return { ...page, json: { ...sweepSummary(sweep), counts, entries: page.json } }
    },
  }),
]
