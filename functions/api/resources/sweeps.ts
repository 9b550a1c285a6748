import * as z from 'zod'
import { countsNow } from '../../../shared/flows/nights.ts'
import { listNewestSweeps } from '../../../shared/flows/sweeps/list-newest-sweeps.ts'
import { requestSweep } from '../../../shared/flows/sweeps/request-sweep.ts'
import { type Result, andThen, decline, found } from '../../../shared/model/failure.ts'
import {
  type Sweep,
  type SweepEntry,
  SweepEntryStatus,
  SweepFilter,
  SweepId,
} from '../../../shared/model/sweep.ts'
import { documentsOf } from '../../../shared/ports/documents.ts'
import type { ApiDeps } from '../routing/deps.ts'
import { pageOf, pageQuery, pageResponse, pageSchema } from '../routing/paging.ts'
import { route } from '../routing/route.ts'
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

const existingSweep = async (
  { sweeps }: Pick<ApiDeps, 'sweeps'>,
  sweepId: string,
): Promise<Result<Sweep, 'SWEEP_NOT_FOUND'>> => {
  const stored = await sweeps.get(sweepId)
  const detail = {
    en: `There is no sweep ${sweepId}. GET /v1/sweeps lists them.`,
    zh: `没有巡检 ${sweepId}。GET /v1/sweeps 可列出。`,
  }
  return found(stored && stored.document, decline('SWEEP_NOT_FOUND', detail))
}

/** An entry with its precheck, where that did not pass. */
const withPrecheck = async ({ results }: Pick<ApiDeps, 'results'>, entry: SweepEntry) => {
  const stored = troubled.includes(entry.status) ? await results.get(entry.precheckId) : null
  return { entry, precheck: stored?.precheck ?? null }
}

export const sweepRoutes = [
  route({
    method: 'POST',
    path: '/v1/sweeps',
    operationId: 'requestSweep',
    summary: 'Starts a precheck of every enabled instance that matches a filter',
    scope: 'run',
    input: z.object({ body: FilterBody }),
    answers: {
      202: {
        description: 'It starts within a minute.',
        schema: SweepSummary,
        headers: { Location: 'Address of the sweep.' },
      },
    },
    problems: [],
    handle: async (deps, { body }) => ({ value: await requestSweep(deps, body) }),
    respond: (sweep) => ({
      status: 202,
      headers: { location: `/v1/sweeps/${sweep.id}` },
      body: sweepSummary(sweep),
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/sweeps',
    operationId: 'listSweeps',
    summary: 'Lists the sweeps, newest first',
    scope: 'read',
    input: z.object({ query: z.strictObject(pageQuery) }),
    answers: { 200: { description: 'A page.', schema: pageSchema(SweepSummary) } },
    problems: [],
    handle: async (deps, { query }) => ({ value: await listNewestSweeps(deps, pageOf(query)) }),
    respond: ({ items, next }, { query }) =>
      pageResponse({ items: items.map(sweepSummary), next }, '/v1/sweeps', query),
  }),
  route({
    method: 'GET',
    path: '/v1/sweeps/{sweepId}',
    operationId: 'getSweep',
    summary: 'Reads a sweep: how many instances passed, failed or were not prechecked, which ones, and why',
    scope: 'read',
    input: z.object({ params: z.strictObject({ sweepId: SweepId }), query: EntriesQuery }),
    answers: {
      200: {
        description: 'The sweep, with a page of its instances in the order of their ids.',
        schema: SweepView,
      },
    },
    problems: ['SWEEP_NOT_FOUND'],
    handle: async (deps, { params: { sweepId }, query }) =>
      andThen(await existingSweep(deps, sweepId), async (sweep) => {
        const selection = { group: sweepId, ...pageOf(query), statuses: query.status }
        const { items, next } = documentsOf(await deps.sweepEntries.list(selection))
        const entries = await Promise.all(items.map((entry) => withPrecheck(deps, entry)))
        const counts = await countsNow(deps, sweep)
        return { value: { sweep, counts, entries, next } }
      }),
    respond: ({ sweep, counts, entries, next }, { query: { status, ...paging } }, locale) => {
      const items = entries.map(({ entry, precheck }) => entryView(entry, precheck, locale))
      const page = pageResponse({ items, next }, `/v1/sweeps/${sweep.id}`, {
        ...paging,
        status: status?.join(','),
      })
      return { ...page, body: { ...sweepSummary(sweep), counts, entries: page.body } }
    },
  }),
]
