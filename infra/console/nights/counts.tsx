import type { NightsView } from '../../../functions/api/resources/nights.ts'
import { shapes } from '../parts/mark.tsx'
import { say } from '../state/reader.ts'
import { duration } from '../state/amounts.ts'
import { secondsOf } from '../state/times.ts'

type Night = Pick<NightsView['nights'][number], 'counts' | 'state' | 'startedAt' | 'completedAt'>

const kinds = ['failed', 'inconclusive', 'warning', 'passed'] as const

const lengthOf = ({ startedAt, completedAt }: Night): string =>
  completedAt === null ? '' : duration((secondsOf(completedAt) - secondsOf(startedAt)) / 60)

/** How many of a night came to what, and how long it took. */
export const Counts = ({ night }: { readonly night: Night }) => {
  const texts = say()
  const { counts, state } = night
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
          – {counts.notRun} {texts.not_run}
        </li>
      )}
      {counts.waiting > 0 && (
        <li>
          … {counts.waiting} {texts.waiting}
        </li>
      )}
      <li>{state === 'running' ? texts.nightRuns : lengthOf(night)}</li>
    </ul>
  )
}
