/** A line of a table, and the line of the file on which it begins, from 1. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** One cell: in quotes, within which quotes are doubled, or up to the next comma or end of a line; and what ends it. */
const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y

/** Where a file is no table: a quote that is not closed, or that something stands beside. */
export interface CsvFault {
  readonly faultAtLine: number
}

const lineEnds = /\r\n|\r|\n/g

/** Reads a table of comma-separated values (RFC 4180), as spreadsheets write it. Empty lines are left out. */
export const recordsOf = (text: string): readonly CsvRecord[] | CsvFault => {
  const records: CsvRecord[] = []
  let cells: string[] = []
  let line = 1
  let begun = 1
  // A spreadsheet may write a mark of the byte order.
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length || cells.length > 0) {
    cell.lastIndex = at
    const found = cell.exec(text)
    if (!found) return { faultAtLine: line }
    const [whole, quoted, plain = '', end] = found
    at += whole.length
    line += whole.match(lineEnds)?.length ?? 0
    cells.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    if (cells.some((each) => each !== '')) records.push({ line: begun, cells })
    cells = []
    begun = line
  }
  return records
}

/** What a spreadsheet would take for a formula, and run. */
const formula = /^[=+\-@\t\r]/

const written = (value: string): string => {
  const guarded = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** Writes a table that a spreadsheet may open: no cell of it is a formula. */
export const tableOf = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => `${cells.map(written).join(',')}\r\n`).join('')
