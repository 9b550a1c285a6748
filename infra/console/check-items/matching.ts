import type { CheckItemView } from '../../../functions/api/resources/check-items.ts'

/** What the reader looks for; '' leaves a thing open. */
export interface Wanted {
  readonly text: string
  readonly engine: string
  readonly set: string
  readonly operation: string
}

export const wantedIn = (query: URLSearchParams): Wanted => ({
  text: query.get('q') ?? '',
  engine: query.get('engine') ?? '',
  set: query.get('set') ?? '',
  operation: query.get('operation') ?? '',
})

/** The operations that an item can block, whoever takes the backups. */
export const operationsOf = ({ affects }: CheckItemView): readonly string[] => [
  ...new Set([...affects['cloud-backup'], ...affects.native]),
]

/** All that an item says, where a word may be found. */
const wordsOf = (item: CheckItemView): string =>
  [
    item.id,
    item.title,
    item.failureTitle,
    item.description,
    ...item.findings.map(({ code, text }) => `${code} ${text}`),
    ...item.blindSpots,
    ...item.queries,
    ...item.privileges,
    ...item.fixes,
  ]
    .join('\n')
    .toLowerCase()

/** The items that match; one of every word that is looked for. Those of all engines are of each. */
export const matching = (items: readonly CheckItemView[], wanted: Wanted): readonly CheckItemView[] => {
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter((item) => {
    const said = wordsOf(item)
    return (
      (wanted.engine === '' || item.engine === wanted.engine || item.engine === 'all') &&
      (wanted.set === '' || item.set === wanted.set) &&
      (wanted.operation === '' || operationsOf(item).includes(wanted.operation)) &&
      words.every((word) => said.includes(word))
    )
  })
}
