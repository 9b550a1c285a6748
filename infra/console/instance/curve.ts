import type { SeriesView } from '../../../functions/api/resources/series.ts'

type Series = SeriesView['items'][number]

/** The size of a chart, in units of its own. */
export const chart = { width: 320, height: 96 } as const

/** What is drawn: paths in units of the chart. */
export interface Curve {
  readonly course: string
  /** From the last point to the limit; null: none is foretold. */
  readonly forecast: string | null
  /** How far from the top the limit is; null: there is none. */
  readonly limit: number | null
}

/** A forecast is drawn as far as this times the past at most, so that the past can be seen. */
const maxFuture = 1

/** Places a series in its chart: from 0 to its highest number or its limit, from its first point to the forecast. */
export const curveOf = ({ points, limit, arrival }: Pick<Series, 'points' | 'limit' | 'arrival'>): Curve => {
  const [begin = 0, first = 0] = points[0] ?? []
  const [last, now = first] = points.at(-1) ?? [begin]
  const past = Math.max(1, last - begin)
  const until = arrival ? Math.min(arrival.minute, last + past * maxFuture) : last
  const values = points.map(([, value]) => value)
  const low = Math.min(0, ...values)
  const high = Math.max(low + 1, limit ?? 0, ...values)
  const x = (minute: number): number =>
    Math.round(((minute - begin) / Math.max(1, until - begin)) * chart.width)
  const y = (value: number): number => Math.round((1 - (value - low) / (high - low)) * chart.height)
  const course = points.map(([minute, value]) => `${x(minute)},${y(value)}`).join(' ')
  const share = arrival ? (until - last) / Math.max(1, arrival.minute - last) : 0
  const reached = now + ((limit ?? now) - now) * share
  return {
    course,
    forecast: arrival && limit !== undefined ? `${x(last)},${y(now)} ${x(until)},${y(reached)}` : null,
    limit: limit === undefined ? null : y(limit),
  }
}
