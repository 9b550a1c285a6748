import type { Connection, TypeCastField } from 'mysql2'
import type { Row } from '../../ports/probe.ts'
import type { Link } from './link.ts'

const numeric: readonly string[] = [
  'TINY',
  'SHORT',
  'LONG',
  'INT24',
  'LONGLONG',
  'YEAR',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  'NEWDECIMAL',
]

/**
 * Reads a value out of its text: the driver would read JSON and geometry too, as deep as the server likes, make dates
 * of what is none, and round numbers.
 */
const toCell = (field: TypeCastField): Row[string] => {
  // Not `string`, which prints a warning for every value of some columns.
  const text = field.buffer()?.toString('utf8') ?? null
  if (text === null || !numeric.includes(field.type)) return text
  const number = Number(text)
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text
}

const isRow = (result: unknown): result is readonly Row[string][] => Array.isArray(result)

/** What the driver tells of a column. */
interface Column {
  readonly name: string
}

/**
 * Runs one statement without parameters, and gives its rows; counts them while they come in. Rejects with the driver's
 * error. A second set of rows was not asked for: it ends the link.
 */
export const runStatement = (
  connection: Connection,
  link: Pick<Link, 'meter' | 'refuse' | 'columns'>,
  sql: string,
): Promise<readonly Row[]> =>
  new Promise((resolve, reject) => {
    const rows: Row[] = []
    let names: readonly string[] = []
    let results = 0
    const query = connection.query({ sql, rowsAsArray: true, typeCast: toCell })
    query.on('fields', (columns?: readonly Column[]) => {
      results += 1
      if (results > 1) return link.refuse({ code: 'NOT_A_DATABASE' })
      names = (columns ?? []).map(({ name }) => name.toLowerCase())
      if (columns && link.meter.columns(names.length)) link.columns = names.length
    })
    query.on('result', (result: unknown) => {
      if (!isRow(result) || !link.meter.row(result.length)) return
      rows.push(Object.fromEntries(names.map((name, place) => [name, result[place] ?? null])))
    })
    query.on('error', reject)
    query.on('end', () => {
      link.columns = null
      resolve(rows)
    })
  })
