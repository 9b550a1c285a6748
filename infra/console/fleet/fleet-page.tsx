import { useMemo } from 'preact/hooks'
import type { FleetView } from '../../../functions/api/views/fleet-view.ts'
import { Choice } from '../parts/choice.tsx'
import { shapes } from '../parts/mark.tsx'
import { Freshness, Loading } from '../parts/notice.tsx'
import { choose, linkTo, place } from '../state/address.ts'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { nowInSeconds } from '../texts/times.ts'
import { Actions, BulkProgress } from './actions.tsx'
import { Attention } from './attention.tsx'
import {
  type Member,
  type Wanted,
  attention,
  grouped,
  matching,
  membersOf,
  ofStanding,
  standings,
  wantedIn,
} from './members.ts'
import { Wall } from './wall.tsx'

/** Between two looks at the fleet, ms. */
const everyMs = 15_000

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].toSorted()

const Filters = ({ members, wanted }: { readonly members: readonly Member[]; readonly wanted: Wanted }) => {
  const texts = say()
  const any = ['', texts.any] as const
  const choices = (names: readonly string[]) => [any, ...distinct(names).map((each) => [each, each] as const)]
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        {texts.search}
        <input
          type="search"
          value={wanted.text}
          onInput={({ currentTarget }) => choose({ q: currentTarget.value })}
        />
      </label>
      <Choice
        label={texts.engine}
        name="engine"
        value={wanted.engine}
        options={choices(members.map(({ engine }) => engine))}
      />
      <Choice
        label={texts.region}
        name="region"
        value={wanted.region}
        options={choices(members.map(({ region }) => region))}
      />
      <Choice
        label={texts.tag}
        name="tag"
        value={wanted.tag}
        options={choices(members.flatMap(({ tags }) => tags))}
      />
      <Choice
        label={texts.groupBy}
        name="group"
        value={place.value.query.get('group') ?? ''}
        options={[
          ['', texts.noGroups],
          ['engine', texts.engine],
          ['region', texts.region],
          ['tag', texts.tag],
        ]}
      />
    </form>
  )
}

/** How many there are of each outcome; each count shows those alone. */
const Counts = ({ members, chosen }: { readonly members: readonly Member[]; readonly chosen: string }) => {
  const texts = say()
  const counts = standings.map((each) => [each, ofStanding(members, each).length] as const)
  const button = (value: string, text: string, count: number, tone: string) => (
    <button
      type="button"
      class={`count ${tone}`}
      aria-pressed={chosen === value}
      onClick={() => choose({ outcome: value })}
    >
      <strong>{count}</strong> {text}
    </button>
  )
  return (
    <div class="counts" role="group" aria-label={texts.outcome}>
      {button('', texts.all, members.length, 'none')}
      {button('changed', texts.changedOnly, ofStanding(members, 'changed').length, 'none')}
      {counts.map(([each, count]) =>
        button(each, `${shapes[each].shape} ${texts[each]}`, count, shapes[each].tone),
      )}
    </div>
  )
}

const Found = ({ members }: { readonly members: readonly Member[] }) => {
  const texts = say()
  const { query } = place.value
  const wanted = wantedIn(query)
  const group = query.get('group') ?? ''
  const base = useMemo(() => matching(members, wanted), [members, query])
  const shown = useMemo(() => ofStanding(base, wanted.standing), [base, wanted.standing])
  const groups = useMemo(() => grouped(shown, group), [shown, group])
  const first = useMemo(() => attention(shown, nowInSeconds()), [shown])
  return (
    <>
      <Filters members={members} wanted={wanted} />
      <Counts members={base} chosen={wanted.standing} />
      <p role="status" class="hint">
        {texts.shownOf(shown.length, members.length)}
      </p>
      {shown.length > 0 && <Actions shown={shown} />}
      {shown.length === 0 ? (
        <p>
          {texts.nothingFound} <a href="#/fleet">{texts.clear}</a>
        </p>
      ) : (
        <div class="fleet">
          <section aria-labelledby="wall">
            <h2 id="wall">{texts.wall}</h2>
            <p class="hint">{texts.wallHint}</p>
            <Wall groups={groups} label={texts.wall} />
          </section>
          {first.length > 0 && <Attention members={first} />}
        </div>
      )}
    </>
  )
}

/** The whole fleet: counts, a wall, and what to look at first. */
export const FleetPage = () => {
  const texts = say()
  const fleet = useRemote<FleetView>('v1/fleet', everyMs)
  const body = fleet.body.value
  const members = useMemo(() => (body ? membersOf(body) : []), [body])
  return (
    <>
      <h1>{texts.fleet}</h1>
      <Freshness of={fleet} />
      {body === null && <Loading of={fleet} />}
      {body !== null && members.length === 0 && (
        <p>
          {texts.emptyFleet}
          <br />
          <code>{texts.emptyFleetHint}</code>
          <br />
          <a href={linkTo(['register'])}>{texts.register}</a>
        </p>
      )}
      <BulkProgress members={members} refresh={fleet.refresh} />
      {members.length > 0 && <Found members={members} />}
    </>
  )
}
