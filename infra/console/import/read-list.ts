import type { InstanceListView } from '../../../functions/api/resources/fleet.ts'
import { isDocument } from '../../forms/fields.ts'
import { type Entry, type TableFault, readTable } from '../../forms/read-table.ts'

/** A text from its first letter on; before it a spreadsheet may write a mark of the byte order. */
const startOf = (text: string): string => text.replace(/^\uFEFF/, '').trimStart()

/** Instances that are imported at a time: each is a request of its own, twice. */
export const maxEntries = 1000

/** Characters of a list: a thousand for each of them. */
export const maxLength = 1_000_000

/** What keeps a whole file from being read. `at`: where, if somewhere. */
export interface ListFault {
  /** What the service says of it, in a language of its own. */
  readonly detail?: string
  readonly code: TableFault['code'] | 'TOO_LONG' | 'NOT_JSON' | 'NO_OBJECT' | 'NOT_YAML' | 'TOO_MANY'
  readonly at: number
}

const fault = (code: ListFault['code'], at = 0): ListFault => ({ code, at })

/** How YAML begins, and no table: with a comment, a mark, an entry of a list, or the name of a field. */
const yaml = /^(?:#|---|%|-\s|[^,\s]+:(?:\s|$))/

/** Whether a list is in YAML, which the service reads. */
export const isYaml = (text: string): boolean => yaml.test(startOf(text))

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

const bounded = (entries: readonly Entry[]): readonly Entry[] | ListFault => {
  if (entries.length === 0) return fault('EMPTY')
  return entries.length > maxEntries ? fault('TOO_MANY', entries.length) : entries
}

/**
 * Reads a list of instances: a table (CSV) whose columns are the paths of a registration, beside `id`, or JSON: objects
 * as the command line takes them from a file, in a list or one alone.
 */
export const readList = (text: string): readonly Entry[] | ListFault => {
  const start = startOf(text)
  if (start === '') return fault('EMPTY')
  if (text.length >= maxLength) return fault('TOO_LONG')
  const entries = /^[[{]/.test(start) ? entriesOfJson(start) : readTable(text)
  return 'code' in entries ? entries : bounded(entries)
}

/** The list that the service has read of a text in YAML. */
export const listOf = ({ instances, faults: [first] }: InstanceListView): readonly Entry[] | ListFault =>
  first
    ? { ...fault('NOT_YAML', first.line), detail: first.message }
    : bounded(instances.map(({ line, ...registration }) => ({ at: line, ...registration })))

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
