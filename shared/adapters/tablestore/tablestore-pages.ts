import type { Page, Pages } from '../../ports/pages.ts'
import { DocumentTooLarge, type Results } from '../../ports/results.ts'
import { anyRow } from './conditions.ts'
import { rangeOf, readRange } from './range.ts'
import type { RowWrite } from './rows.ts'
import { maxColumnBytes } from './stored-document.ts'
import { tables } from './tables.ts'
import { type TablestoreClient, rangeLimit } from './tablestore-client.ts'

/** Pages that are written at the same time. */
const width = 8

const keyOf = (precheckId: string, name: string) => ({ precheck_id: precheckId, page_name: name })

const rowOf = (precheckId: string, { name, packed }: Page): RowWrite => ({
  kind: 'put',
  table: tables.pages,
  key: keyOf(precheckId, name),
  columns: { page: Buffer.from(packed) },
  condition: anyRow,
})

/** Pages of prechecks on Tablestore: a row for each, which expires as its precheck does. */
export const tablestorePages = (client: TablestoreClient): Pages & Pick<Results, 'pageNames'> => ({
  putPages: async (precheckId, pages) => {
    const tooLarge = pages.find(({ packed }) => packed.length > maxColumnBytes)
    if (tooLarge) {
      throw new DocumentTooLarge(
        `The page ${tooLarge.name} has ${tooLarge.packed.length} bytes; a column holds at most ${maxColumnBytes}.`,
      )
    }
    for (let from = 0; from < pages.length; from += width) {
      const together = pages.slice(from, from + width)
      await Promise.all(together.map((page) => client.writeRow(rowOf(precheckId, page))))
    }
  },

  pageNames: async (precheckId) => {
    const names: string[] = []
    const ofPrecheck = {
      table: tables.pages,
      direction: 'FORWARD',
      within: { precheck_id: precheckId },
      by: 'page_name',
      columns: ['page_name'],
    } as const
    const rows = readRange(client, { ...rangeOf(ofPrecheck), limit: rangeLimit })
    for await (const { key } of rows) names.push(String(key['page_name']))
    return names
  },

  getPage: async (precheckId, name) => {
    const columns = await client.getRow(tables.pages, keyOf(precheckId, name))
    const page = columns?.['page']
    return Buffer.isBuffer(page) ? page : null
  },
})
