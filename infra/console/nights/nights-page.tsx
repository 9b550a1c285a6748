import type { NightsView, PlanView } from '../../../functions/api/resources/nights.ts'
import { Freshness, Loading } from '../parts/notice.tsx'
import { linkTo, place } from '../state/address.ts'
import { language, locale, say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { Counts } from './counts.tsx'

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

const dayOf = (date: string): string => date.slice('YYYY-MM-'.length)

/** Making a formatter takes as long as a thousand uses of it. */
const weekdays = {
  en: new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' }),
  zh: new Intl.DateTimeFormat('zh-Hans-CN', { weekday: 'short', timeZone: 'UTC' }),
}

const Day = ({ date, night }: { readonly date: string; readonly night: Night | undefined }) => (
  <li class={night ? 'night' : 'night none'}>
    <strong>
      <time dateTime={date}>
        {night ? <a href={linkTo(['nights', date])}>{dayOf(date)}</a> : dayOf(date)}
      </time>
    </strong>{' '}
    <small>{weekdays[language.value].format(new Date(date))}</small>
    {night ? <Counts night={night} /> : <p class="hint">{say().noNight}</p>}
  </li>
)

const hourOf = (at: number): string =>
  new Intl.DateTimeFormat(locale(), {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at * 1000)

const minuteOf = (at: number): string =>
  new Intl.DateTimeFormat(locale(), {
    hour: '2-digit',
    minute: '2-digit',
  }).format(at * 1000)

const hourSeconds = 3600

/** Instances that are listed of an hour. */
const maxTurns = 200

const Plan = () => {
  const texts = say()
  const plan = useRemote<PlanView>('v1/plan', 0)
  const body = plan.body.value
  if (body === null) return <Loading of={plan} />
  const turns = body.ids
    .map((id, at) => ({ id, at: body.dueAt[at] ?? 0 }))
    .toSorted((one, other) => one.at - other.at)
  const hours = new Map<number, typeof turns>()
  for (const turn of turns) {
    const hour = turn.at - (turn.at % hourSeconds)
    hours.set(hour, [...(hours.get(hour) ?? []), turn])
  }
  return (
    <section aria-labelledby="tonight">
      <h2 id="tonight">{texts.tonight}</h2>
      {hours.size === 0 && <p>{texts.noStarts}</p>}
      {[...hours].map(([hour, own]) => (
        <details key={hour}>
          <summary>{texts.startsInHour(hourOf(hour), own.length)}</summary>
          <ul>
            {own.slice(0, maxTurns).map(({ id, at }) => (
              <li key={id}>
                {minuteOf(at)} <a href={linkTo(['instances', id])}>{id}</a>
              </li>
            ))}
            {own.length > maxTurns && <li>{texts.andMore(own.length - maxTurns)}</li>}
          </ul>
        </details>
      ))}
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
