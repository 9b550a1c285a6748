import type { CheckItemId, Finding, FindingLevel } from '../../model/finding.ts'
import { type ItemPages, pagesWithName } from '../../model/item-pages.ts'
import type { ItemResult } from '../../model/item-result.ts'
import type { Page, PageRequest } from '../../model/page.ts'
import type { Precheck } from '../../model/precheck.ts'
import { type Pages, findingsList, ownerOfFindings, readPage } from '../../ports/pages.ts'

/** Which findings are wanted; what is left out does not matter. */
export interface FindingFilter {
  readonly checkItem?: CheckItemId | undefined
  /** A database or pluggable database, as the engine spells it. */
  readonly database?: string | undefined
  readonly level?: FindingLevel | undefined
}

/** Pages read for one answer, some ms each; then it may hold fewer findings than it might. */
const maxReads = 3

/** Where the next finding is: of which result, in which page of it, and which one there. */
interface Position {
  readonly result: number
  readonly page: number
  readonly finding: number
}

/** What is no place is beyond the last one. */
const positionOf = (after: string | undefined): Position => {
  if (after !== undefined && !/^\d+\.\d+\.\d+$/.test(after)) return { result: Infinity, page: 0, finding: 0 }
  const [result = 0, page = 0, finding = 0] = (after ?? '').split('.').map(Number)
  return { result, page, finding }
}

const cursorOf = ({ result, page, finding }: Position): string => `${result}.${page}.${finding}`

const isWanted =
  ({ database, level }: FindingFilter) =>
  (finding: Finding): boolean =>
    (level === undefined || finding.level === level) &&
    (database === undefined || (finding.object.type !== 'instance' && finding.object.name === database))

/** Pages in which something may be that is wanted. */
const pagesWanted = (pages: ItemPages, { database, level }: FindingFilter): readonly number[] => {
  const firstNames = pages.findings.map(({ first }) => first)
  const all = database === undefined ? firstNames.keys() : pagesWithName(firstNames, database)
  return [...all].filter((index) => level === undefined || (pages.findings[index]?.levels[level] ?? 0) > 0)
}

/** The pages of a result that are to be looked at, in their order; those of a small one are itself. */
const placesIn = (result: ItemResult, filter: FindingFilter): readonly number[] => {
  if (filter.checkItem !== undefined && result.checkItem !== filter.checkItem) return []
  return result.pages ? pagesWanted(result.pages, filter) : [0]
}

const findingsAt = async (
  pages: Pick<Pages, 'getPage'>,
  precheckId: string,
  { checkItem, pages: own, findings }: ItemResult,
  index: number,
): Promise<readonly Finding[]> => {
  if (!own) return findings
  return (await readPage(pages, ownerOfFindings(precheckId, checkItem, own), findingsList, index)) ?? []
}

/**
 * A page of the findings of a precheck, item by item in the order of its plan; large results in the order of the names
 * of their objects. It may hold fewer than it might, where few of many are wanted.
 */
export const listFindings = async (
  pages: Pick<Pages, 'getPage'>,
  { id, results }: Precheck,
  filter: FindingFilter,
  { limit, after }: PageRequest,
): Promise<Page<Finding>> => {
  const start = positionOf(after)
  const wanted = isWanted(filter)
  const items: Finding[] = []
  let reads = 0
  for (const [index, result] of results.entries()) {
    if (index < start.result) continue
    for (const page of placesIn(result, filter)) {
      const isFirst = index === start.result
      if (isFirst && page < start.page) continue
      if (reads === maxReads) return { items, next: cursorOf({ result: index, page, finding: 0 }) }
      if (result.pages) reads += 1
      const found = await findingsAt(pages, id, result, page)
      for (
        let finding = isFirst && page === start.page ? start.finding : 0;
        finding < found.length;
        finding += 1
      ) {
        const each = found[finding]
        if (!each || !wanted(each)) continue
        if (items.length === limit) return { items, next: cursorOf({ result: index, page, finding }) }
        items.push(each)
      }
    }
  }
  return { items, next: null }
}
