import TableStore, { type ColumnValue, type Condition } from 'tablestore'
import { Precheck } from '../../model/precheck.ts'
import { readStored } from '../../ports/documents.ts'
import type { StoredPrecheck } from '../../ports/results.ts'
import { equals, noRow, where } from './conditions.ts'
import { putOnce } from './put-once.ts'
import type { Columns, RowWrite } from './rows.ts'
import { textOf } from './stored-document.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

/** A precheck as it is stored, with the column that holds its document. */
export type PrecheckRow = StoredPrecheck & { readonly document: ColumnValue }

const keyOf = (precheckId: string) => ({ precheck_id: precheckId })

const rowOf = (precheck: Precheck, revision: number, document: ColumnValue, condition: Condition) => ({
  kind: 'put' as const,
  table: tables.prechecks,
  key: keyOf(precheck.id),
  condition,
  columns: {
    instance_id: precheck.instanceId,
    state: precheck.state,
    revision: TableStore.Long.fromNumber(revision),
    document,
  },
})

/** Adds a running precheck. Its id is random, so that a row which is there already is of an earlier attempt to start it. */
export const newPrecheck = (precheck: Precheck, document: ColumnValue): RowWrite =>
  rowOf(precheck, 1, document, noRow)

/** Removes a precheck of a start that was refused; one that has completed meanwhile stays. */
export const dropPrecheck = (precheckId: string): RowWrite => ({
  kind: 'delete',
  table: tables.prechecks,
  key: keyOf(precheckId),
  condition: where(equals('state', 'running')),
})

/** Replaces a running precheck that is at `revision`; tells whether this call did. */
export const replacePrecheck = (
  client: TablestoreClient,
  precheck: Precheck,
  revision: number,
  document: ColumnValue,
): Promise<boolean> => {
  const isAtRevision = equals('revision', TableStore.Long.fromNumber(revision))
  return putOnce(
    client,
    rowOf(precheck, revision + 1, document, where(isAtRevision, equals('state', 'running'))),
  )
}

/** Reads the columns of a precheck. */
const precheckRowOf = async ({ document = '', revision }: Columns): Promise<PrecheckRow> => ({
  precheck: readStored<Precheck>(Precheck, await textOf(document), 'A precheck'),
  revision: Number(revision),
  document,
})

export const readPrecheck = async (
  client: TablestoreClient,
  precheckId: string,
): Promise<PrecheckRow | null> => {
  const columns = await client.getRow(tables.prechecks, keyOf(precheckId))
  return columns && precheckRowOf(columns)
}

/** Prechecks of these ids, which are different and `batchLimit` at most, without those that are not there. */
export const readPrechecks = async (
  client: TablestoreClient,
  precheckIds: readonly string[],
): Promise<readonly Precheck[]> => {
  const rows = await client.batchGetRow(tables.prechecks, precheckIds.map(keyOf))
  const found = await Promise.all(rows.filter((columns) => columns !== null).map(precheckRowOf))
  return found.map(({ precheck }) => precheck)
}
