import { useSignal } from '@preact/signals'
import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { Mark } from '../parts/mark.tsx'
import { say } from '../state/reader.ts'
import { type Operation, operations } from './sentence.ts'

type Readiness = NonNullable<PrecheckView['readiness']>
type Cell = Readiness['databases'][number]['operations'][Operation]

/** Databases that are drawn; a table of very many has a search of the browser, not of ours. */
const maxRows = 200

interface Chosen {
  /** Null: the whole instance. */
  readonly database: string | null
  readonly operation: Operation
}

interface RowProps {
  readonly name: string
  readonly database: string | null
  readonly cells: Readonly<Record<Operation, Cell>>
  readonly chosen: Chosen | null
  readonly choose: (chosen: Chosen | null) => void
}

const Row = ({ name, database, cells, chosen, choose }: RowProps) => (
  <tr>
    <th scope="row">{name}</th>
    {operations.map((operation) => {
      const isChosen = chosen?.operation === operation && chosen.database === database
      return (
        <td key={operation}>
          <button
            type="button"
            class="plain"
            aria-expanded={isChosen}
            aria-controls="why"
            onClick={() => choose(isChosen ? null : { database, operation })}
          >
            <Mark verdict={cells[operation].verdict} />
          </button>
        </td>
      )
    })}
  </tr>
)

const cellOf = (readiness: Readiness, { database, operation }: Chosen): Cell | undefined =>
  database === null
    ? readiness.instance[operation]
    : readiness.databases.find((each) => each.database === database)?.operations[operation]

/** What led to a cell: the findings that touch it, and what could not be judged. */
const Why = ({ precheck, chosen }: { readonly precheck: PrecheckView; readonly chosen: Chosen }) => {
  const texts = say()
  const cell = precheck.readiness ? cellOf(precheck.readiness, chosen) : undefined
  if (!cell) return null
  const wanted = new Set(cell.findings)
  const found = precheck.items
    .flatMap(({ findings }) => findings)
    .filter((each) => wanted.has(each.fingerprint))
  const titles = cell.undetermined.map(
    (checkItem) => precheck.items.find((item) => item.checkItem === checkItem)?.title ?? checkItem,
  )
  return (
    <>
      <h3>{texts.why(`${chosen.database ?? texts.wholeInstance} · ${texts[chosen.operation]}`)}</h3>
      {found.length === 0 && titles.length === 0 && <p>{texts.nothingAgainst}</p>}
      <ul>
        {found.map((finding) => (
          <li key={finding.fingerprint}>{finding.text}</li>
        ))}
        {titles.length > 0 && <li>{texts.notJudgedBy(titles.join(' · '))}</li>}
      </ul>
    </>
  )
}

const hasNews = (cells: Readonly<Record<Operation, Cell>>): boolean =>
  operations.some((operation) => cells[operation].verdict !== 'ready')

/** Database × operation, with why on each cell. */
export const ReadinessTable = ({ precheck }: { readonly precheck: PrecheckView }) => {
  const texts = say()
  const chosen = useSignal<Chosen | null>(null)
  const isShort = useSignal(false)
  const { readiness } = precheck
  if (readiness === null) return null
  const choose = (next: Chosen | null): void => {
    chosen.value = next
  }
  const rows = readiness.databases.filter((each) => !isShort.value || hasNews(each.operations))
  return (
    <section aria-labelledby="readiness">
      <h2 id="readiness">{texts.readiness}</h2>
      <p class="hint">{texts.readinessHint}</p>
      <label class="check">
        <input type="checkbox" checked={isShort.value} onChange={() => (isShort.value = !isShort.value)} />
        {texts.problemsOnly}
      </label>
      <div class="wide" tabIndex={0} role="group" aria-labelledby="readiness">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">{texts.database}</th>
              {operations.map((operation) => (
                <th key={operation} scope="col">
                  {texts[operation]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row
              name={texts.wholeInstance}
              database={null}
              cells={readiness.instance}
              chosen={chosen.value}
              choose={choose}
            />
            {rows.slice(0, maxRows).map(({ database, operations: cells }) => (
              <Row
                key={database}
                name={database}
                database={database}
                cells={cells}
                chosen={chosen.value}
                choose={choose}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div id="why" aria-live="polite">
        {chosen.value && <Why precheck={precheck} chosen={chosen.value} />}
      </div>
    </section>
  )
}
