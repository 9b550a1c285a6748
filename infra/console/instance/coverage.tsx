import { useSignal } from '@preact/signals'
import type { CheckItemView } from '../../../functions/api/resources/check-items.ts'
import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { Loading, Trouble } from '../parts/notice.tsx'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'

/** What the check items of a precheck cannot see, since no statement of a server shows it. */
const BlindSpots = ({ engine, items }: Pick<PrecheckView, 'engine' | 'items'>) => {
  const catalogue = useRemote<PageOf<CheckItemView>>(`v1/check-items?engine=${engine}`, 0)
  const planned = new Set(items.map(({ checkItem }) => checkItem))
  const blind = catalogue.body.value?.items.filter(
    ({ id, blindSpots }) => planned.has(id) && blindSpots.length > 0,
  )
  return (
    <>
      {blind === undefined && <Loading of={catalogue} />}
      <Trouble of={catalogue} />
      {blind?.length === 0 && <p>{say().noBlindSpots}</p>}
      <ul>
        {blind?.map(({ id, title, blindSpots }) => (
          <li key={id}>{say().said(title, say().sentences(blindSpots))}</li>
        ))}
      </ul>
    </>
  )
}

/** How much was judged, what was not and why, and what nobody can see. */
export const CoverageOf = ({
  precheck: { items, coverage, engine },
}: {
  readonly precheck: PrecheckView
}) => {
  const texts = say()
  const isOpen = useSignal(false)
  const open = items.filter(({ reason }) => reason !== null && reason.code !== 'NOT_APPLICABLE')
  return (
    <section aria-labelledby="coverage">
      <h2 id="coverage">{texts.coverage}</h2>
      {coverage && <p>{texts.judged(coverage.judged, coverage.total)}</p>}
      <ul>
        {open.map(({ checkItem, title, reason }) => (
          <li key={checkItem}>{reason && texts.said(title, reason.text)}</li>
        ))}
      </ul>
      <details onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
        <summary>{texts.blindSpots}</summary>
        {isOpen.value && <BlindSpots engine={engine} items={items} />}
      </details>
    </section>
  )
}
