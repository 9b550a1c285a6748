import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { FleetView } from '../../../functions/api/views/fleet-view.ts'
import { Choice } from '../parts/choice.tsx'
import { Filters, openOr } from '../parts/filters.tsx'
import { shapes } from '../parts/mark.tsx'
import { Freshness, Loading } from '../parts/notice.tsx'
import { choose, linkTo, place } from '../state/address.ts'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { nowInSeconds } from '../state/times.ts'
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

const FleetFilters = ({
  members,
  wanted,
}: {
  readonly members: readonly Member[]
  readonly wanted: Wanted
}) => {
  const texts = say()
  return (
    <Filters label={texts.search} text={wanted.text}>
      <Choice
        label={texts.engine}
        name="engine"
        value={wanted.engine}
        options={openOr(distinct(members.map(({ engine }) => engine)))}
      />
      <Choice
        label={texts.region}
        name="region"
        value={wanted.region}
        options={openOr(distinct(members.map(({ region }) => region)))}
      />
      <Choice
        label={texts.tag}
        name="tag"
        value={wanted.tag}
        options={openOr(distinct(members.flatMap(({ tags }) => tags)))}
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
    </Filters>
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
  const sorted = useSignal(0)
  // What changes while somebody looks changes where it is: places are found when the reader does something.
  const seen = useMemo(() => new Map(members.map((each) => [each.id, each])), [query, sorted.value])
  const asSeen = (member: Member): Member => seen.get(member.id) ?? member
  const groups = useMemo(() => grouped(shown, group, asSeen), [shown, group, seen])
  const first = useMemo(() => attention(shown, nowInSeconds(), asSeen), [shown, seen])
  const moved = useMemo(
    () => members.filter((each) => asSeen(each).standing !== each.standing).length,
    [members, seen],
  )
  return (
    <>
      <FleetFilters members={members} wanted={wanted} />
      <Counts members={base} chosen={wanted.standing} />
      <p role="status" class="hint">
        {texts.shownOf(shown.length, members.length)}
      </p>
      {moved > 0 && (
        <button type="button" onClick={() => (sorted.value += 1)}>
          {texts.sortAgain(moved)}
        </button>
      )}
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
