import { type Page, type Pages } from '../../ports/pages.ts'
import { DocumentTooLarge } from '../../ports/results.ts'
import { anyRow } from './conditions.ts'
import type { RowWrite } from './rows.ts'
import { maxColumnBytes } from './stored-document.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

/** Bytes and rows of one BatchWriteRow, which takes 4 MB and 200 rows (manual, "Limitations of the wide column model"). */
const batchBytes = 3 * 1024 * 1024
const batchRows = 100

const keyOf = (precheckId: string, name: string) => ({ precheck_id: precheckId, page_name: name })

const rowOf = (precheckId: string, { name, packed }: Page): RowWrite => ({
  kind: 'put',
  table: tables.pages,
  key: keyOf(precheckId, name),
  columns: { page: Buffer.from(packed) },
  condition: anyRow,
})

const inBatches = (pages: readonly Page[]): Page[][] => {
  const batches: Page[][] = []
  let bytes = Infinity
  for (const page of pages) {
    const last = batches.at(-1)
    bytes += page.packed.length
    if (last && bytes <= batchBytes && last.length < batchRows) {
      last.push(page)
    } else {
      batches.push([page])
      bytes = page.packed.length
    }
  }
  return batches
}

/** Pages of prechecks on Tablestore: a row for each, which is read alone. */
export const tablestorePages = (client: TablestoreClient): Pages => ({
  putPages: async (precheckId, pages) => {
    const largest = Math.max(0, ...pages.map(({ packed }) => packed.length))
    if (largest > maxColumnBytes) {
      throw new DocumentTooLarge(
        `A page of ${precheckId} has ${largest} bytes; a column holds at most ${maxColumnBytes}.`,
      )
    }
    for (const batch of inBatches(pages))
      await client.batchWriteRow(batch.map((page) => rowOf(precheckId, page)))
  },
  getPage: async (precheckId, name) => {
    const columns = await client.getRow(tables.pages, keyOf(precheckId, name))
    const page = columns?.['page']
    return Buffer.isBuffer(page) ? page : null
  },
})
