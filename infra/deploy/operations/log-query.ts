/**
 * Which lines of the log are meant. Function Compute puts each line that a function writes, one JSON object, into the
 * field `message` of an entry of its Logstore.
 */
export interface LineFilter {
  /** A word that all of them hold, by which the full-text index finds them: their event, or their level. */
  readonly word: string
  /** Fields with one value. */
  readonly is?: Readonly<Record<string, string>>
  /** Fields of numbers, and from which number on. */
  readonly from?: Readonly<Record<string, number>>
}

const fieldOf = (name: string): string => `json_extract_scalar(message, '$.${name}')`

const conditionsOf = ({ is = {}, from = {} }: LineFilter): string[] => [
  ...Object.entries(is).map(([name, value]) => `${fieldOf(name)} = '${value}'`),
  ...Object.entries(from).map(([name, least]) => `cast(${fieldOf(name)} as bigint) >= ${least}`),
]

const queryOf = (filter: LineFilter, columns: string, end: string): string => {
  const conditions = conditionsOf(filter)
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
  return `"${filter.word}" | select ${columns} from log${where}${end}`
}

/** A query of Simple Log Service that counts lines as `n`. It has a row, with 0, also where there is none. */
export const countQuery = (filter: LineFilter): string => queryOf(filter, 'count(1) as n', '')

/** One that counts them by hour and the values of a field. */
export const seriesQuery = (filter: LineFilter, by: string): string =>
  queryOf(
    filter,
    `date_trunc('hour', __time__) as hour, ${fieldOf(by)} as series, count(1) as n`,
    ' group by hour, series order by hour limit 10000',
  )
