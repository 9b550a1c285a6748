import type { NightsView, PlanView } from '../../../functions/api/resources/nights.ts'
import { shapes } from '../parts/mark.tsx'
import { Freshness, Loading } from '../parts/notice.tsx'
import { linkTo, place } from '../state/address.ts'
import { language, say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { secondsOf } from '../texts/times.ts'

/** Between two looks at nights, ms: one may run. */
const everyMs = 30_000

type Night = NightsView['nights'][number]

const monthOf = (date: Date): string => date.toISOString().slice(0, 'YYYY-MM'.length)

const monthBeside = (month: string, step: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return monthOf(new Date(Date.UTC(year, number - 1 + step, 1)))
}

const daysIn = (month: string): readonly string[] => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return Array.from({ length: days }, (_, day) => `${month}-${String(day + 1).padStart(2, '0')}`)
}

const kinds = ['failed', 'inconclusive', 'warning', 'passed'] as const

const Counts = ({ night: { counts, completedAt, startedAt, state } }: { readonly night: Night }) => {
  const texts = say()
  const minutes =
    completedAt === null ? null : Math.ceil((secondsOf(completedAt) - secondsOf(startedAt)) / 60)
  return (
    <ul>
      {kinds.map((kind) =>
        counts[kind] === 0 ? null : (
          <li key={kind} class={`mark ${shapes[kind].tone}`}>
            <span aria-hidden="true">{shapes[kind].shape}</span> {counts[kind]} {texts[kind]}
          </li>
        ),
      )}
      {counts.notRun > 0 && (
        <li>
          – {counts.notRun} {texts.notRun}
        </li>
      )}
      <li>{state === 'running' ? texts.nightRuns : minutes !== null && texts.tookMinutes(minutes)}</li>
    </ul>
  )
}

const Day = ({ date, night }: { readonly date: string; readonly night: Night | undefined }) => (
  <li class={night ? 'night' : 'night none'}>
    <strong>
      <time dateTime={date}>{date.slice('YYYY-MM-'.length)}</time>
    </strong>
    {night ? <Counts night={night} /> : <p class="hint">{say().noNight}</p>}
  </li>
)

const hourOf = (at: number): string =>
  new Intl.DateTimeFormat(language.value === 'zh' ? 'zh-Hans-CN' : 'en-GB', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at * 1000)

const hourSeconds = 3600

const Plan = () => {
  const texts = say()
  const plan = useRemote<PlanView>('v1/plan', 0)
  const body = plan.body.value
  if (body === null) return <Loading of={plan} />
  const hours = new Map<number, number>()
  for (const at of body.dueAt) {
    const hour = at - (at % hourSeconds)
    hours.set(hour, (hours.get(hour) ?? 0) + 1)
  }
  return (
    <section aria-labelledby="tonight">
      <h2 id="tonight">{texts.tonight}</h2>
      {hours.size === 0 && <p>{texts.noStarts}</p>}
      <ul>
        {[...hours]
          .toSorted(([one], [other]) => one - other)
          .map(([hour, count]) => (
            <li key={hour}>{texts.startsInHour(hourOf(hour), count)}</li>
          ))}
      </ul>
    </section>
  )
}

/** A month of nights: what became of each, or that there was none. */
export const NightsPage = () => {
  const texts = say()
  const today = new Date()
  const month = place.value.query.get('month') ?? monthOf(today)
  const nights = useRemote<NightsView>(`v1/nights/${encodeURIComponent(month)}`, everyMs)
  const known = new Map(nights.body.value?.nights.map((night) => [night.id, night]))
  const last = today.toISOString().slice(0, 'YYYY-MM-DD'.length)
  return (
    <>
      <h1>{texts.nights}</h1>
      <Freshness of={nights} />
      <nav class="months" aria-label={texts.month}>
        <a href={linkTo(['nights'], { month: monthBeside(month, -1) })}>{texts.earlier}</a>
        <strong>{month}</strong>
        <a href={linkTo(['nights'], { month: monthBeside(month, 1) })}>{texts.later}</a>
      </nav>
      {nights.body.value === null ? (
        <Loading of={nights} />
      ) : (
        <ol class="calendar">
          {daysIn(month)
            .filter((date) => date <= last || known.has(date))
            .map((date) => (
              <Day key={date} date={date} night={known.get(date)} />
            ))}
        </ol>
      )}
      <Plan />
    </>
  )
}
