import type { SeriesView } from '../../../functions/api/resources/series.ts'
import { Loading, Trouble } from '../parts/notice.tsx'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { amount } from '../state/amounts.ts'
import { clockTime } from '../state/times.ts'
import { chart, curveOf } from './curve.ts'

type Series = SeriesView['items'][number]

/** Charts that are shown at first; an instance may have 64. */
const shownCharts = 6

const secondsPerMinute = 60

/** What a chart shows, in a sentence for who cannot see it, and beside it. */
const sentenceOf = ({ name, points, limit, arrival }: Series): string => {
  const texts = say()
  const [, now = 0] = points.at(-1) ?? []
  const [from = 0] = points[0] ?? []
  return texts.sentences([
    // Of what is left free the limit is that nothing is.
    !limit ? texts.numberNow(amount(name, now)) : texts.numberOfLimit(amount(name, now), amount(name, limit)),
    texts.measuredTimes(points.length, clockTime(from * secondsPerMinute)),
    ...(arrival ? [texts.reachesLimit(clockTime(arrival.minute * secondsPerMinute), arrival.hours)] : []),
  ])
}

const Chart = ({ series }: { readonly series: Series }) => {
  const { course, forecast, limit } = curveOf(series)
  const { width, height } = chart
  return (
    <svg class="chart" viewBox={`-4 -4 ${width + 8} ${height + 8}`} aria-hidden="true">
      <path class="axis" d={`M0 0V${height}H${width}`} />
      {limit !== null && <path class="limit" d={`M0 ${limit}H${width}`} />}
      <polyline class="course" points={course} />
      {forecast !== null && <polyline class="forecast" points={forecast} />}
    </svg>
  )
}

const One = ({ series }: { readonly series: Series }) => (
  <li>
    <h3>
      {series.title} <small>{series.object.name}</small>
    </h3>
    {series.points.length > 1 && <Chart series={series} />}
    <p class={series.arrival ? 'note risk' : 'hint'}>{sentenceOf(series)}</p>
  </li>
)

const keyOf = ({ name, object }: Series): string => `${name} ${object.type} ${object.name}`

/** What is foretold comes first, then what is near its limit. */
const worth = ({ arrival, limit, points }: Series): number => {
  if (arrival) return 2
  const [, now = 0] = points.at(-1) ?? []
  return limit === undefined ? -1 : now / (limit || Infinity)
}

const Charts = ({ items }: { readonly items: readonly Series[] }) => (
  <ul class="charts">
    {items.map((series) => (
      <One key={keyOf(series)} series={series} />
    ))}
  </ul>
)

/** Numbers that were measured from precheck to precheck, with when they reach their limits. */
export const Numbers = ({ id }: { readonly id: string }) => {
  const texts = say()
  const series = useRemote<SeriesView>(`v1/instances/${encodeURIComponent(id)}/series`, 0)
  const body = series.body.value
  const items = (body?.items ?? []).toSorted((one, other) => worth(other) - worth(one))
  return (
    <section aria-labelledby="numbers">
      <h2 id="numbers">{texts.numbers}</h2>
      {body === null && <Loading of={series} />}
      <Trouble of={series} />
      {body !== null && items.length === 0 && <p>{texts.noNumbers}</p>}
      <Charts items={items.slice(0, shownCharts)} />
      {items.length > shownCharts && (
        <details>
          <summary>{texts.more(items.length - shownCharts)}</summary>
          <Charts items={items.slice(shownCharts)} />
        </details>
      )}
    </section>
  )
}
