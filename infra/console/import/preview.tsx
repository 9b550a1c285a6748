import { useSignal } from '@preact/signals'
import { Mark } from '../parts/mark.tsx'
import { Table } from '../parts/table.tsx'
import { linkTo } from '../state/address.ts'
import { languageOf, say } from '../state/reader.ts'
import type { Importing } from './importing.ts'
import type { Entry } from '../../forms/read-table.ts'
import { type Verdict, countsOf, faultsFirst } from './verdicts.ts'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

/** Lines at first, and with every "more". */
const lines = 50

const Said = ({ verdict }: { readonly verdict: Verdict }) => {
  const texts = told().import
  switch (verdict.kind) {
    case 'unasked':
      return <>{texts.unasked}</>
    case 'twice':
      return (
        <>
          <Mark verdict="failed" /> {texts.twice}
        </>
      )
    case 'unanswered':
      return (
        <>
          <Mark verdict="unknown" /> {texts.unanswered}
        </>
      )
    case 'registered':
      return (
        <>
          <Mark verdict="passed" /> {texts.registered}
        </>
      )
    case 'right':
      return verdict.seen === 0 ? (
        <>
          <Mark verdict="ready" /> {texts.fresh}
        </>
      ) : (
        <>
          <Mark verdict="warning" /> {texts.replaces}
        </>
      )
    case 'wrong':
      return (
        <>
          <Mark verdict="failed" />
          <ul class="items">
            {verdict.reasons.map((reason) => (
              <li key={reason} lang={languageOf(reason)}>
                {reason}
              </li>
            ))}
          </ul>
        </>
      )
  }
}

const Line = ({ entry, verdict }: { readonly entry: Entry; readonly verdict: Verdict }) => (
  <tr>
    <th scope="row">
      {verdict.kind === 'registered' ? <a href={linkTo(['instances', entry.id])}>{entry.id}</a> : entry.id}
    </th>
    <td>{entry.at}</td>
    <td>{typeof entry.definition['engine'] === 'string' && entry.definition['engine']}</td>
    <td class="reasons">
      <Said verdict={verdict} />
    </td>
  </tr>
)

/** How far it is; who listens hears of it, and not of each line. */
const Underway = ({ of: { verdicts, phase, stop } }: { readonly of: Importing }) => {
  const texts = told().import
  const all = [...verdicts.value.values()]
  const ended = all.filter(({ kind }) =>
    phase.value === 'looking' ? kind !== 'unasked' : kind !== 'right',
  ).length
  const words = phase.value === 'looking' ? texts.looking : texts.registering
  return (
    <>
      <progress aria-label={words} max={all.length} value={ended} />
      <p role="status">{words}</p>{' '}
      <button type="button" onClick={stop}>
        {texts.stop}
      </button>
    </>
  )
}

/** What the service says of each entry, those with faults first, and the button that registers the others. */
export const Preview = ({ of: importing }: { readonly of: Importing }) => {
  const texts = told().import
  const shown = useSignal(lines)
  const { verdicts, phase, registerAll } = importing
  const entries = faultsFirst(verdicts.value)
  const { fresh, replaced, wrong, registered } = countsOf(verdicts.value)
  const left = entries.length - shown.value
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">{texts.preview}</h2>
      {phase.value !== null ? (
        <Underway of={importing} />
      ) : (
        <>
          <p role="status">{fill(texts.count, fresh, replaced, wrong, registered)}</p>
          {fresh + replaced > 0 && (
            <p>
              <button type="button" class="first" onClick={() => void registerAll()}>
                {fill(texts.register, fresh + replaced)}
              </button>{' '}
              {replaced > 0 && fill(texts.replacing, replaced)} {wrong > 0 && texts.skipping}
            </p>
          )}
        </>
      )}
      <Table label={texts.preview} heads={[say().instance, texts.place, say().engine, texts.says]}>
        {entries.slice(0, shown.value).map(([entry, verdict]) => (
          <Line key={entry.at} entry={entry} verdict={verdict} />
        ))}
      </Table>
      {left > 0 && (
        <button type="button" onClick={() => (shown.value += lines)}>
          {say().more(Math.min(lines, left))}
        </button>
      )}
    </section>
  )
}
