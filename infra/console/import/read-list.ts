import { recordsOf } from '../forms/csv.ts'
import { documentOf, isDocument } from '../forms/fields.ts'
import { type Registration, registrationFields } from '../register/registration-fields.ts'

/** Instances that are imported at a time: each is a request of its own, twice. */
export const maxEntries = 1000

/** Characters of a list: a thousand for each of them. */
export const maxLength = 1_000_000

/** An instance of a list. `at`: its line in a table, its place in a list of JSON, from 1. */
export interface Entry extends Registration {
  readonly at: number
}

/** What keeps a whole file from being read. `at`: where, if somewhere. */
export interface ListFault {
  readonly code:
    | 'EMPTY'
    | 'TOO_LONG'
    | 'NOT_JSON'
    | 'NO_OBJECT'
    | 'NOT_CSV'
    | 'NO_ID_COLUMN'
    | 'COLUMN_TWICE'
    | 'TOO_MANY_CELLS'
    | 'TOO_MANY'
  readonly at: number
}

const fault = (code: ListFault['code'], at = 0): ListFault => ({ code, at })

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const entriesOfJson = (text: string): readonly Entry[] | ListFault => {
  const parsed = jsonOf(text)
  const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  const wrong = items.findIndex((item) => !isDocument(item))
  if (parsed === undefined) return fault('NOT_JSON')
  if (wrong >= 0) return fault('NO_OBJECT', wrong + 1)
  return items.filter(isDocument).map(({ id, ...definition }, index) => ({
    at: index + 1,
    id: typeof id === 'string' ? id : '',
    definition,
  }))
}

const entriesOfCsv = (text: string): readonly Entry[] | ListFault => {
  const records = recordsOf(text)
  if ('faultAtLine' in records) return fault('NOT_CSV', records.faultAtLine)
  const [head, ...lines] = records
  const columns = head?.cells.map((column) => column.trim()) ?? []
  if (!columns.includes('id')) return fault('NO_ID_COLUMN', head?.line)
  const named = columns.filter(Boolean)
  if (new Set(named).size < named.length) return fault('COLUMN_TWICE', head?.line)
  const tooLong = lines.find(({ cells }) => cells.slice(columns.length).some((each) => each !== ''))
  if (tooLong) return fault('TOO_MANY_CELLS', tooLong.line)
  return lines.map(({ line, cells }) => {
    const { id = '', ...row } = Object.fromEntries(
      columns
        .map((column, index) => [column, cells[index] ?? ''] as const)
        .filter(([column]) => column !== ''),
    )
    return { at: line, id: id.trim(), definition: documentOf(row, registrationFields) }
  })
}

/**
 * Reads a list of instances: a table (CSV) whose columns are the paths of a registration, beside `id`, or JSON: objects
 * as the command line takes them from a file, in a list or one alone.
 */
export const readList = (text: string): readonly Entry[] | ListFault => {
  const start = text.replace(/^\uFEFF/, '').trimStart()
  if (start === '') return fault('EMPTY')
  if (text.length >= maxLength) return fault('TOO_LONG')
  const entries = /^[[{]/.test(start) ? entriesOfJson(start) : entriesOfCsv(text)
  if ('code' in entries) return entries
  if (entries.length === 0) return fault('EMPTY')
  return entries.length > maxEntries ? fault('TOO_MANY', entries.length) : entries
}

/** Entries whose id an earlier one has already: registering both would keep the later one alone. */
export const repeated = (entries: readonly Entry[]): ReadonlySet<Entry> => {
  const first = new Map<string, Entry>()
  for (const entry of entries) if (!first.has(entry.id)) first.set(entry.id, entry)
  return new Set(entries.filter((entry) => first.get(entry.id) !== entry))
}

/** The text of a file: UTF-8, or what spreadsheets write in China. */
export const decoded = (bytes: ArrayBuffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
