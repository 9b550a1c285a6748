import { randomUUID } from 'node:crypto'
import type { RowWrite } from './rows.ts'
import type { TablestoreClient } from './tablestore-client.ts'

/** Says in a row which call wrote it. */
const writerColumn = 'writer'

/**
 * Puts a row if its condition holds; tells whether this very call did. Where an answer was lost, the row is read back:
 * it names its writer. (One that was replaced again before that is reported as not written: then another writer has
 * won.)
 */
export const putOnce = async (
  client: TablestoreClient,
  row: Extract<RowWrite, { readonly kind: 'put' }>,
): Promise<boolean> => {
  const writer = randomUUID()
  const columns = { ...row.columns, [writerColumn]: writer }
  const outcome = await client.writeRow({ ...row, columns })
  if (outcome !== 'unclear') return outcome === 'written'
  const stored = await client.getRow(row.table, row.key, [writerColumn])
  return stored?.[writerColumn] === writer
}
