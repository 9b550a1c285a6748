import type { CheckItemView } from '../../../functions/api/resources/check-items.ts'
import { tableOf } from '../../forms/csv.ts'
import { operations } from '../instance/sentence.ts'
import { Awaited } from '../parts/awaited.tsx'
import { Choice } from '../parts/choice.tsx'
import { Filters, openOr } from '../parts/filters.tsx'
import { DownloadCsv } from '../parts/download-csv.tsx'
import { Table } from '../parts/table.tsx'
import { linkTo, place } from '../state/address.ts'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'
import { matching, operationsOf, wantedIn } from './matching.ts'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

const wordOf = (operation: string): string => {
  const known = operations.find((each) => each === operation)
  return known ? say()[known] : operation
}

const ItemFilters = ({ items }: { readonly items: readonly CheckItemView[] }) => {
  const texts = told().checkItems
  const wanted = wantedIn(place.value.query)
  const engines = items.map(({ engine }) => engine).filter((each) => each !== 'all')
  return (
    <Filters label={texts.search} text={wanted.text}>
      <Choice label={say().engine} name="engine" value={wanted.engine} options={openOr(engines)} />
      <Choice label={texts.set} name="set" value={wanted.set} options={openOr(items.map(({ set }) => set))} />
      <Choice
        label={texts.operation}
        name="operation"
        value={wanted.operation}
        options={[['', say().any], ...operations.map((each) => [each, say()[each]] as const)]}
      />
    </Filters>
  )
}

/** What is said of an item in one line. */
const cellsOf = (item: CheckItemView): readonly [id: string, title: string, ...others: string[]] => [
  item.id,
  item.title,
  item.engine === 'all' ? told().checkItems.everyEngine : item.engine,
  item.set,
  operationsOf(item).map(wordOf).join(', '),
]

const Line = ({ item }: { readonly item: CheckItemView }) => {
  const [id, title, ...others] = cellsOf(item)
  return (
    <tr>
      <th scope="row">
        <a href={linkTo(['check-items', id])}>{title}</a>
        <small>{id}</small>
      </th>
      {others.map((cell) => (
        <td key={cell}>{cell}</td>
      ))}
    </tr>
  )
}

/** The catalogue of check items: what is looked at, and where to read more. */
export const CheckItemsPage = () => {
  const texts = told().checkItems
  const catalogue = useRemote<PageOf<CheckItemView>>('v1/check-items', 0)
  const items = catalogue.body.value?.items ?? []
  const shown = matching(items, wantedIn(place.value.query))
  const heads = [texts.item, say().engine, texts.set, texts.operation]
  return (
    <>
      <h1>{say().checkItems}</h1>
      <Awaited what={catalogue} />
      {catalogue.body.value !== null && (
        <>
          <ItemFilters items={items} />
          <p role="status" class="hint">
            {fill(texts.shown, shown.length, items.length)}
          </p>
          {shown.length === 0 ? (
            <p>{texts.none}</p>
          ) : (
            <Table label={say().checkItems} heads={heads}>
              {shown.map((item) => (
                <Line key={item.id} item={item} />
              ))}
            </Table>
          )}
          <DownloadCsv
            name="check-items.csv"
            table={() => tableOf([['id', ...heads], ...shown.map(cellsOf)])}
          />
        </>
      )}
    </>
  )
}
