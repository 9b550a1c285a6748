import { keptIn } from '../../model/comparison.ts'
import { type ShownPrecheck, readinessIn } from '../../model/extract.ts'
import type { Finding } from '../../model/finding.ts'
import { type ItemPages, pagesWithName } from '../../model/item-pages.ts'
import type { ItemResult } from '../../model/item-result.ts'
import type { Precheck } from '../../model/precheck.ts'
import { type Readiness, readinessOf } from '../../model/readiness.ts'
import { DocumentMalformed } from '../../ports/documents.ts'
import {
  type Pages,
  findingsList,
  namesList,
  ownerOfFindings,
  pageName,
  readPage,
} from '../../ports/pages.ts'

/** A large result as far as it concerns one database; what is found of the instance is shown in any case. */
const inPages = async (
  pages: Pick<Pages, 'getPage'>,
  precheckId: string,
  result: ItemResult,
  own: ItemPages,
  database: string,
): Promise<Pick<ItemResult, 'findings' | 'databases'>> => {
  const { checkItem } = result
  const findings: Finding[] = result.findings.filter(({ object }) => object.type === 'instance')
  const owner = ownerOfFindings(precheckId, checkItem, own)
  const firstNames = own.findings.map(({ first }) => first)
  for (const index of pagesWithName(firstNames, database)) {
    const found = await readPage(pages, owner, findingsList, index)
    // Nobody may take what is not there any more for what is not found.
    if (!found) throw new DocumentMalformed(`The page ${pageName(owner, findingsList, index)} is missing`)
    findings.push(...found.filter(({ object: { type, name } }) => type !== 'instance' && name === database))
  }
  const databases: string[] = []
  // What is found of it says that there is one.
  const isKnown = findings.some(({ object }) => object.type !== 'instance')
  for (const index of isKnown ? [] : pagesWithName(own.names, database)) {
    const names = await readPage(pages, { precheckId, checkItem, run: own.run }, namesList, index)
    if (names?.databases.includes(database)) databases.push(database)
  }
  return { findings, databases }
}

/** Results with all that concerns one database: it and the instance. */
export const resultsFor = (
  pages: Pick<Pages, 'getPage'>,
  { id, results }: Precheck,
  database: string,
): Promise<ItemResult[]> =>
  Promise.all(
    results.map(async (result) => ({
      ...result,
      ...(result.pages && (await inPages(pages, id, result, result.pages, database))),
    })),
  )

/**
 * The row of one database in the readiness table of a precheck; none where the precheck does not know it, or where its
 * pages are not kept any more.
 */
export const rowsOfDatabase = async (
  pages: Pick<Pages, 'getPage'>,
  precheck: ShownPrecheck,
  database: string,
): Promise<Readiness['databases']> => {
  const rowsIn = (table: Readiness) => table.databases.filter((row) => row.database === database)
  const { checkItems, results, comparison, large, readiness } = precheck
  if (!large) return rowsIn(readinessIn(precheck))
  if (!readiness) return []
  const own = await resultsFor(pages, precheck, database)
  return rowsIn(readinessOf(checkItems, own, keptIn(comparison, results)))
}
