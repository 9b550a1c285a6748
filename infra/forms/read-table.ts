import { recordsOf } from './csv.ts'
import { documentOf } from './fields.ts'
import { type Registration, registrationFields } from './registration-fields.ts'

/** An instance of a list. `at`: its line in a table, its place in a list of JSON, from 1. */
export interface Entry extends Registration {
  readonly at: number
}

/** What keeps a table from being read. `at`: its line, from 1; 0: there is none. */
export interface TableFault {
  readonly code: 'EMPTY' | 'NOT_CSV' | 'NO_ID_COLUMN' | 'COLUMN_TWICE' | 'TOO_MANY_CELLS'
  readonly at: number
}

const fault = (code: TableFault['code'], at = 0): TableFault => ({ code, at })

/** Reads a table of instances (CSV): its columns are `id` and the paths of a registration. */
export const readTable = (text: string): readonly Entry[] | TableFault => {
  const records = recordsOf(text)
  if ('faultAtLine' in records) return fault('NOT_CSV', records.faultAtLine)
  const [head, ...lines] = records
  if (!head) return fault('EMPTY')
  const columns = head.cells.map((column) => column.trim())
  if (!columns.includes('id')) return fault('NO_ID_COLUMN', head.line)
  const named = columns.filter(Boolean)
  if (new Set(named).size < named.length) return fault('COLUMN_TWICE', head.line)
  const tooLong = lines.find(({ cells }) => cells.slice(columns.length).some((each) => each !== ''))
  if (tooLong) return fault('TOO_MANY_CELLS', tooLong.line)
  if (lines.length === 0) return fault('EMPTY')
  return lines.map(({ line, cells }) => {
    const { id = '', ...row } = Object.fromEntries(
      columns
        .map((column, index) => [column, cells[index] ?? ''] as const)
        .filter(([column]) => column !== ''),
    )
    return { at: line, id: id.trim(), definition: documentOf(row, registrationFields) }
  })
}
