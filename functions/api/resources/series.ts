import * as z from 'zod'
import { renderTerms } from '../../../shared/checks/render.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import type { Locale } from '../../../shared/model/message.ts'
import { Series, type Series as Kept } from '../../../shared/model/series.ts'
import { arrivalAt } from '../../../shared/model/trend.ts'
import { route } from '../routing/route.ts'

const OneSeries = Series.extend({
  title: z.string().describe('What was measured, in the language of the caller.'),
  points: Series.shape.points.describe('Oldest first: minutes since 1970 (UTC), and the number.'),
  arrival: z
    .strictObject({
      minute: z.int().describe('Minutes since 1970 (UTC).'),
      hours: z.int().describe('By so many it may be wrong.'),
    })
    .nullable()
    .describe('When it reaches its limit if it goes on as it does; null: it has none, or nobody can say.'),
}).meta({ id: 'Series' })

export const SeriesView = z
  .strictObject({ instanceId: z.string(), items: z.array(OneSeries) })
  .meta({ id: 'SeriesOfInstance' })
export type SeriesView = z.infer<typeof SeriesView>

const shown = (series: Kept, locale: Locale): z.infer<typeof OneSeries> => {
  const { name, limit, points } = series
  const title = renderTerms([name], locale)
  return { ...series, title, arrival: limit === undefined ? null : arrivalAt(points, limit) }
}

export const seriesRoutes = [
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/series',
    operationId: 'listSeries',
    summary:
      'Lists the numbers that were measured from precheck to precheck, and when they reach their limits',
    scope: 'read',
    input: z.object({ params: z.strictObject({ instanceId: InstanceId }) }),
    answers: {
      200: { description: 'Those with a limit first; none before the first precheck.', schema: SeriesView },
    },
    problems: [],
    handle: async ({ memories }, { params: { instanceId } }) => ({
      value: (await memories.get(instanceId))?.document.series ?? [],
    }),
    respond: (series, { params: { instanceId } }, locale) => ({
      status: 200,
      body: { instanceId, items: series.map((each) => shown(each, locale)) },
    }),
  }),
]
