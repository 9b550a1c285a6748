import { ascending } from './ascending.ts'
import type { Finding } from './finding.ts'
import { type ItemPages, levelCountsOf } from './item-pages.ts'
import type { ExcludedDatabase, ItemResult } from './item-result.ts'

/** Findings, judged databases and excluded ones up to which a result stays in one document. */
export const maxInline = 200

/** Findings of a page: some 600 KB of JSON, read and written in some ms. */
export const findingsOfPage = 500

/** Names of a page, which are short. */
const namesOfPage = 5000

/** Names of databases that an item judged or left out. */
export interface Names {
  readonly databases: string[]
  readonly excluded: ExcludedDatabase[]
}

/** A result that is too large for a document. */
export interface PaginatedResult {
  /** Without what is in the pages. */
  readonly head: ItemResult
  readonly pages: Omit<ItemPages, 'run' | 'acknowledgedRun'>
  readonly findings: readonly (readonly Finding[])[]
  readonly names: readonly Names[]
}

const inPages = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, page) =>
    items.slice(page * size, (page + 1) * size),
  )

const namesOf = ({ databases, excluded }: ItemResult): Names[] => {
  const ofDatabases = inPages(databases.toSorted(ascending), namesOfPage)
  const ofExcluded = inPages(excluded, namesOfPage)
  return Array.from({ length: Math.max(ofDatabases.length, ofExcluded.length) }, (_, page) => ({
    databases: ofDatabases[page] ?? [],
    excluded: ofExcluded[page] ?? [],
  }))
}

/** Divides a result that is too large for a document into pages; null where it is not. */
export const paginate = (result: ItemResult): PaginatedResult | null => {
  const totals = {
    findings: result.findings.length,
    databases: result.databases.length,
    excluded: result.excluded.length,
  }
  if (totals.findings + totals.databases + totals.excluded <= maxInline) return null
  const inOrder = result.findings.toSorted((one, other) => ascending(one.object.name, other.object.name))
  const findings = inPages(inOrder, findingsOfPage)
  const names = namesOf(result)
  return {
    head: { ...result, findings: [], databases: [], excluded: [] },
    pages: {
      findings: findings.map((page) => ({
        first: page[0]?.object.name ?? '',
        levels: levelCountsOf(page),
      })),
      names: names.map(({ databases }) => databases[0] ?? ''),
      totals,
    },
    findings,
    names,
  }
}
