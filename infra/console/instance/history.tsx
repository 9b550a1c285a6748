import type { ChangesView } from '../../../functions/api/resources/changes.ts'
import type { PrecheckSummary } from '../../../functions/api/views/precheck-view.ts'
import { shapes } from '../parts/mark.tsx'
import { Loading, Trouble } from '../parts/notice.tsx'
import { choose, linkTo, place } from '../state/address.ts'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'
import { clockTime, secondsOf } from '../state/times.ts'
import { ChangeLists } from './changes.tsx'
import { type Day, daysOf } from './days.ts'

/** As many as one answer holds: 90 nights, and as many again that somebody asked for. */
const maxPrechecks = 200

const wordsOf = ({ startedAt, outcome, trigger }: PrecheckSummary): string => {
  const texts = say()
  const by = trigger === 'schedule' ? texts.nightlyRun : texts.requestedRun
  return texts.said(clockTime(secondsOf(startedAt)), texts.remarked(texts[outcome ?? 'never'], by))
}

const OneDay = ({ day: { date, results }, chosen }: { readonly day: Day; readonly chosen: string }) =>
  results.length === 0 ? (
    <li class="cell none gap" title={say().said(date, say().noResultThen)}>
      <span class="unseen">{say().said(date, say().noResultThen)}</span>
    </li>
  ) : (
    <>
      {results.map((each) => {
        const { shape, tone } = shapes[each.outcome ?? 'never']
        return (
          <li
            key={each.id}
            data-id={each.id}
            class={`cell ${tone} ${each.trigger}${each.id === chosen ? ' chosen' : ''}`}
            title={wordsOf(each)}
          >
            <span aria-hidden="true">{shape}</span>
            <span class="unseen">{wordsOf(each)}</span>
          </li>
        )
      })}
    </>
  )

const Chosen = ({
  name,
  label,
  value,
  prechecks,
}: {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly prechecks: readonly PrecheckSummary[]
}) => (
  <label>
    {label}
    <select value={value} onChange={({ currentTarget }) => choose({ [name]: currentTarget.value })}>
      {prechecks.map((each) => (
        <option key={each.id} value={each.id}>
          {wordsOf(each)}
        </option>
      ))}
    </select>
  </label>
)

const Difference = ({ from, to }: { readonly from: string; readonly to: string }) => {
  const changes = useRemote<ChangesView>(`v1/prechecks/${to}/changes?since=${from}`, 0)
  const body = changes.body.value
  if (body === null) {
    return (
      <>
        <Loading of={changes} />
        <Trouble of={changes} />
      </>
    )
  }
  return (
    <>
      <ChangeLists changes={body} />
      {body.notCompared.length > 0 && <p>{say().notCompared(say().listed(body.notCompared))}</p>}
    </>
  )
}

const Compare = ({ id, ended }: { readonly id: string; readonly ended: readonly PrecheckSummary[] }) => {
  const texts = say()
  const { query } = place.value
  const [newest, before] = ended
  const to = ended.find((each) => each.id === query.get('to')) ?? newest
  const from = ended.find((each) => each.id === query.get('from')) ?? before
  if (!to || !from) return null
  const isForward = from.startedAt <= to.startedAt
  return (
    <>
      <h3 id="compare">{texts.compare}</h3>
      <div class="filters">
        <Chosen name="from" label={texts.compareFrom} value={from.id} prechecks={ended} />
        <Chosen name="to" label={texts.compareTo} value={to.id} prechecks={ended} />
        <a href={linkTo(['instances', id], { result: to.id })}>{texts.openResult}</a>
      </div>
      {from.id === to.id ? (
        <p>{texts.sameResult}</p>
      ) : (
        <Difference from={isForward ? from.id : to.id} to={isForward ? to.id : from.id} />
      )}
    </>
  )
}

/** What came of the prechecks of the last 90 days, and what changed between any two. */
export const History = ({ id }: { readonly id: string }) => {
  const texts = say()
  const path = `v1/instances/${encodeURIComponent(id)}/prechecks?limit=${maxPrechecks}`
  const history = useRemote<PageOf<PrecheckSummary>>(path, 0)
  const body = history.body.value
  const ended = (body?.items ?? []).filter(({ outcome }) => outcome !== null)
  const chosen = place.value.query.get('to') ?? ended[0]?.id ?? ''
  // The choices below do the same for who has no pointer.
  const pick = ({ target }: Event): void => {
    const cell = target instanceof Element ? target.closest('li') : null
    const picked = cell?.dataset['id']
    if (picked !== undefined) choose({ to: picked })
  }
  return (
    <section aria-labelledby="history">
      <h2 id="history">{texts.history}</h2>
      {body === null ? <Loading of={history} /> : <p class="hint">{texts.historyHint}</p>}
      <Trouble of={history} />
      {body !== null && ended.length === 0 && <p>{texts.noResult}</p>}
      <ol class="strip" onClick={pick}>
        {daysOf(ended, Date.now()).map((day) => (
          <OneDay key={day.date} day={day} chosen={chosen} />
        ))}
      </ol>
      <Compare id={id} ended={ended} />
    </section>
  )
}
