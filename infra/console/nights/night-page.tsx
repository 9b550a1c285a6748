import type { SweepView } from '../../../functions/api/views/sweep-view.ts'
import { Mark } from '../parts/mark.tsx'
import { Freshness, Loading } from '../parts/notice.tsx'
import { Table } from '../parts/table.tsx'
import { linkTo, place } from '../state/address.ts'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { duration } from '../state/amounts.ts'
import { clockTime, exactTime, secondsOf } from '../state/times.ts'
import { Counts } from './counts.tsx'

/** Between two looks at a night that may run, ms. */
const everyMs = 30_000

/** Instances on a page. */
const shownEntries = 100

type Entry = SweepView['entries']['items'][number]

const minutesBetween = (from: string | null, to: string | null): string =>
  from === null || to === null ? '–' : duration((Date.parse(to) - Date.parse(from)) / 60_000)

/** Why an instance was not prechecked or waits, or what was found. */
const Why = ({ entry: { notRun, waiting, items } }: { readonly entry: Entry }) => {
  const why = notRun ?? waiting
  if (why) return <>{why.text}</>
  return (
    <ul class="effects">
      {items.map(({ checkItem, title, reason, findings }) => (
        <li key={checkItem} title={checkItem}>
          {reason ? say().said(title, reason) : say().remarked(title, String(findings))}
        </li>
      ))}
    </ul>
  )
}

const Line = ({ entry }: { readonly entry: Entry }) => {
  const { instanceId, precheckId, status, startedAt, endedAt, dueAt } = entry
  const begun = secondsOf(startedAt ?? dueAt)
  return (
    <tr>
      <th scope="row">
        <a href={linkTo(['instances', instanceId], precheckId === null ? {} : { result: precheckId })}>
          {instanceId}
        </a>
      </th>
      <td>
        <Mark verdict={status} />
      </td>
      <td>
        <Why entry={entry} />
      </td>
      <td title={exactTime(begun)}>{clockTime(begun)}</td>
      <td>{minutesBetween(startedAt, endedAt)}</td>
    </tr>
  )
}

const Entries = ({ entries, label }: { readonly entries: SweepView['entries']; readonly label: string }) => {
  const texts = say()
  if (entries.items.length === 0) return <p>{texts.nothingFound}</p>
  return (
    <Table label={label} heads={[texts.instance, texts.outcome, texts.reason, texts.began, texts.took]}>
      {entries.items.map((entry) => (
        <Line key={entry.instanceId} entry={entry} />
      ))}
    </Table>
  )
}

/** One night: who failed, who was not run, and why. */
export const NightPage = ({ id }: { readonly id: string }) => {
  const texts = say()
  const { query } = place.value
  const isAll = query.get('all') === '1'
  const after = query.get('after')
  const asked = new URLSearchParams({
    limit: String(shownEntries),
    ...(!isAll && { status: 'failed,inconclusive,not_run,warning' }),
    ...(after !== null && { after }),
  })
  const night = useRemote<SweepView>(`v1/sweeps/${encodeURIComponent(id)}?${asked}`, everyMs)
  const body = night.body.value
  const next = body?.entries.next ?? null
  const label = isAll ? texts.allOfNight : texts.troubleOfNight
  return (
    <>
      <h1>{texts.nightOf(id)}</h1>
      <p>
        <a href={linkTo(['nights'], { month: id.slice(0, 'YYYY-MM'.length) })}>{texts.nights}</a>
      </p>
      <Freshness of={night} />
      {body === null ? (
        <Loading of={night} />
      ) : (
        <>
          <div class="night">
            <Counts night={body} />
          </div>
          <h2>{label}</h2>
          <p>
            <a href={linkTo(['nights', id], isAll ? {} : { all: '1' })}>
              {isAll ? texts.troubleOfNight : texts.allOfNight}
            </a>
          </p>
          <Entries entries={body.entries} label={label} />
          {next !== null && (
            <p>
              <a href={linkTo(['nights', id], { ...(isAll && { all: '1' }), after: next })}>
                {texts.more(shownEntries)}
              </a>
            </p>
          )}
        </>
      )}
    </>
  )
}
