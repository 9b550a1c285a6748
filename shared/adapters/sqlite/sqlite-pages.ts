import * as z from 'zod'
import type { Page, Pages } from '../../ports/pages.ts'
import type { Results } from '../../ports/results.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { select } from './read.ts'

const NameRow = z.object({ name: z.string() })
const PageRow = z.object({ page: z.instanceof(Uint8Array) })

/** Pages that one transaction writes, some 40 KB each, so that it holds up other writes for some ms only. */
const pagesAtATime = 16

/** Pages of prechecks in the embedded database. */
export const sqlitePages = (
  { connection }: Database,
  { write }: Writer,
): Pages & Pick<Results, 'pageNames'> => {
  const put = connection.prepare(
    'INSERT OR REPLACE INTO precheck_pages (precheck_id, name, page) VALUES (?, ?, ?)',
  )
  const get = select(
    connection,
    'SELECT page FROM precheck_pages WHERE precheck_id = ? AND name = ?',
    PageRow,
  )
  const names = select(
    connection,
    'SELECT name FROM precheck_pages WHERE precheck_id = ? ORDER BY name',
    NameRow,
  )
  const putAll = (precheckId: string, pages: readonly Page[]): void => {
    for (const { name, packed } of pages) put.run(precheckId, name, packed)
  }

  return {
    putPages: async (precheckId, pages) => {
      for (let from = 0; from < pages.length; from += pagesAtATime)
        await write(() => putAll(precheckId, pages.slice(from, from + pagesAtATime)))
    },
    pageNames: async (precheckId) => names.all(precheckId).map(({ name }) => name),
    getPage: async (precheckId, name) => get.first(precheckId, name)?.page ?? null,
  }
}
