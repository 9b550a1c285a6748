import type { AffectedObject } from '../../model/finding.ts'
import { containerOf } from './containers.ts'
import type { DatabaseFact, PluggableRow } from './facts.ts'
import type { FileRow } from './file-facts.ts'

/** Rows of one container that mean the same. */
export interface FileGroup<Code extends string> {
  readonly code: Code
  readonly object: AffectedObject
  readonly rows: readonly FileRow[]
  /** Name of one file. */
  readonly file: string
  /** Files or blocks, of all rows. */
  readonly amount: number
}

/** What rows say, once for each container and code; null: there is nothing to say of a row. */
export const fileGroups = <Code extends string>(
  rows: readonly FileRow[],
  codeOf: (row: FileRow) => Code | null,
  { database, pluggables }: { readonly database: DatabaseFact; readonly pluggables: readonly PluggableRow[] },
): FileGroup<Code>[] => {
  const groups = new Map<string, FileGroup<Code>>()
  for (const row of rows) {
    const code = codeOf(row)
    if (code === null) continue
    const object = containerOf(row.con_id, database, pluggables)
    const key = `${object.type} ${object.name} ${code}`
    const { rows: others = [], amount = 0, file = row.name } = groups.get(key) ?? {}
    groups.set(key, { code, object, rows: [...others, row], file, amount: amount + row.amount })
  }
  return [...groups.values()]
}

/** The distinct values of a column of a group, as evidence; NULL is one of them. */
export const valuesOf = ({ rows }: FileGroup<string>, column: 'status' | 'detail'): string =>
  [...new Set(rows.map((row) => row[column] ?? 'NULL'))].join(', ')
