import { createHash } from 'node:crypto'
import type { OpenPages, PreviousResult } from '../../model/comparison.ts'
import { type Extract, type ShownPrecheck, shownWith } from '../../model/extract.ts'
import { type CheckItemId, FindingLevel } from '../../model/finding.ts'
import { levelsIn } from '../../model/item-pages.ts'
import { type ItemResult, statusOf } from '../../model/item-result.ts'
import { allOperations } from '../../model/operation.ts'
import { withUnchanged } from '../../model/news.ts'
import { isBlind } from '../../model/outcome.ts'
import { type ComparedItem, type ComparisonLists, touchingDatabases } from '../../model/paged-item.ts'
import {
  type CompletedPrecheck,
  type PagedItems,
  type RunningPrecheck,
  completePrecheck,
  withoutDetails,
} from '../../model/precheck.ts'
import { type Readiness, readinessOf, readinessOfMany } from '../../model/readiness.ts'
import { madeBySetup } from '../../model/touches.ts'
import { DocumentMalformed } from '../../ports/documents.ts'
import { type Pages, pack } from '../../ports/pages.ts'
import {
  type Pass,
  type PassedItem,
  firstOpen,
  passItem,
  passKept,
  passNames,
  refOf,
} from './compare-pages.ts'

/** True where a precheck has results in pages, or is compared with some: few are. */
export const isLarge = ({ results }: RunningPrecheck, previous: PreviousResult | null): boolean =>
  previous?.paged !== undefined || results.some(({ pages }) => pages !== undefined)

/** A precheck that ended, as it is stored and as it is shown. */
export interface Ended {
  readonly completed: CompletedPrecheck
  readonly shown: ShownPrecheck
}

type Names = Pick<ItemResult, 'databases' | 'excluded'>

/** What became of an item. */
interface Item extends Pick<ComparedItem, 'totals' | 'lists'> {
  readonly checkItem: CheckItemId
  /** Null where there is no result, or none with findings. */
  readonly head: ItemResult | null
  readonly shown: ItemResult | null
  /** With the findings of the rows that are shown. */
  readonly ofRows: ItemResult | null
  readonly open: OpenPages | null
}

const noLists: ComparisonLists = { new: [], still: [], resolved: [], undetermined: [] }
const noTotals = { new: 0, still: 0, resolved: 0, undetermined: 0 }

/** An item that was not determined: what was open of it stays so, where it is. */
const carried = async (
  pages: Pages,
  checkItem: CheckItemId,
  head: ItemResult | null,
  open: OpenPages | null,
): Promise<Item> => {
  const undetermined = open ? [...(await firstOpen(pages, open))] : []
  return {
    checkItem,
    head,
    shown: head,
    ofRows: head,
    open,
    totals: { ...noTotals, undetermined: open?.findings ?? 0 },
    lists: { ...noLists, undetermined },
  }
}

const headOf = (result: ItemResult, { compared: { pages }, run }: PassedItem): ItemResult => {
  if (!result.pages) return result
  const own = {
    ...result.pages,
    ...(run !== result.pages.run && { acknowledgedRun: run }),
    findings: [...pages],
  }
  const levels = levelsIn(own)
  const present = FindingLevel.options.filter((level) => levels[level] > 0).map((level) => ({ level }))
  return { ...result, status: statusOf(present), pages: own }
}

const passedItem = (result: ItemResult, names: Names, passed: PassedItem): Item => {
  const { compared, open, ofRows } = passed
  const head = headOf(result, passed)
  return {
    checkItem: result.checkItem,
    head,
    shown: head.pages ? { ...head, ...names, findings: [...compared.shown] } : head,
    ofRows: { ...head, findings: [...ofRows] },
    open,
    totals: compared.totals,
    lists: compared.lists,
  }
}

/** What a page is for that is not there, or is of another version: nothing may keep a precheck from its end. */
const orLost = async <Value>(
  work: () => Promise<Value>,
  lost: () => Value | Promise<Value>,
): Promise<Value> => {
  try {
    return await work()
  } catch (fault) {
    if (!(fault instanceof DocumentMalformed)) throw fault
    return lost()
  }
}

const noNames = (): Names => ({ databases: [], excluded: [] })

/** Goes through an item. Without its pages it could not be determined. */
const passOrLose = (pass: Pass, result: ItemResult, names: Names): Promise<Item> => {
  const { checkItem } = result
  const before = refOf(pass, checkItem) ?? null
  if (isBlind(result)) return carried(pass.pages, checkItem, result, before)
  return orLost(
    async () => passedItem(result, names, await passItem(pass, result)),
    () => carried(pass.pages, checkItem, withoutDetails(result), before),
  )
}

/** Goes through all items that are in pages, or were; the others are counted in the readiness of their databases. */
const passAll = async (pass: Omit<Pass, 'rows'>): Promise<{ items: Item[]; rows: ReadonlySet<string> }> => {
  const { precheck, pages, previous, touching } = pass
  const names = new Map<CheckItemId, Names>()
  for (const result of precheck.results) {
    touching.judged(result.databases)
    touching.judged(result.systemDatabases ?? [], madeBySetup)
    names.set(result.checkItem, await orLost(() => passNames(pass, result, touching.judged), noNames))
  }
  const rows = touching.first()
  const items: Item[] = []
  for (const result of precheck.results) {
    const { checkItem } = result
    await passKept({ ...pass, rows }, result)
    if (result.pages || refOf(pass, checkItem))
      items.push(await passOrLose({ ...pass, rows }, result, names.get(checkItem) ?? noNames()))
    else touching.found(result.findings)
  }
  const ended = new Set(precheck.results.map(({ checkItem }) => checkItem))
  for (const open of previous?.paged ?? []) {
    if (!ended.has(open.checkItem)) items.push(await carried(pages, open.checkItem, null, open))
  }
  return { items, rows }
}

const pagedItemsOf = (items: readonly Item[]): PagedItems => {
  const sum = (part: keyof PagedItems['totals']) =>
    items.reduce((count, { totals }) => count + totals[part], 0)
  return {
    heads: new Map(items.flatMap(({ checkItem, head }) => (head ? [[checkItem, head]] : []))),
    compared: new Set(items.map(({ checkItem }) => checkItem)),
    open: items.flatMap(({ open }) => open ?? []),
    totals: {
      new: sum('new'),
      still: sum('still'),
      resolved: sum('resolved'),
      undetermined: sum('undetermined'),
    },
  }
}

const comparisonWith = ({ comparison }: CompletedPrecheck, items: readonly Item[]) => {
  const withAll = (part: keyof ComparisonLists) => [
    ...comparison[part],
    ...items.flatMap(({ lists }) => lists[part]),
  ]
  return {
    ...comparison,
    new: withAll('new'),
    still: withAll('still'),
    resolved: withAll('resolved'),
    undetermined: withAll('undetermined'),
  }
}

const withItems = (
  results: readonly ItemResult[],
  items: readonly Item[],
  of: 'shown' | 'ofRows',
): ItemResult[] => {
  const known = new Map(items.map((item) => [item.checkItem, item[of]]))
  return results.map((result) => known.get(result.checkItem) ?? result)
}

/** A result as far as it concerns some databases and the instance. */
const onlyRows = (result: ItemResult, rows: ReadonlySet<string>): ItemResult => ({
  ...result,
  databases: [...rows],
  findings: result.findings.filter(({ object: { type, name } }) => type === 'instance' || rows.has(name)),
})

/** The table with the first databases, and in its summary the fingerprints of the findings that are shown. */
const readinessWith = (
  { checkItems, results }: CompletedPrecheck,
  items: readonly Item[],
  rows: ReadonlySet<string>,
  summary: Readiness['instance'],
): Readiness => {
  const shown = readinessOf(checkItems, withItems(results, items, 'shown'))
  const ofRows = withItems(results, items, 'ofRows').map((result) => onlyRows(result, rows))
  const instance = { ...summary }
  for (const operation of allOperations)
    instance[operation] = { ...summary[operation], findings: shown.instance[operation].findings }
  return { instance, databases: readinessOf(checkItems, ofRows).databases }
}

/**
 * Ends a precheck with large results as `completePrecheck` does, page by page, so that no more than a page is held at a
 * time and others have their turn between two. Writes what is shown of it; may be repeated.
 */
export const completeLarge = async (
  pages: Pages,
  precheck: RunningPrecheck,
  previous: PreviousResult | null,
  now: Date,
): Promise<Ended> => {
  const touching = touchingDatabases()
  const { items, rows } = await passAll({ pages, precheck, previous, now, touching })
  const ended = completePrecheck(precheck, previous, now, pagedItemsOf(items))
  const comparison = withUnchanged({ ...ended, comparison: comparisonWith(ended, items) }, previous)
  const { unchanged } = comparison
  const { ofInstance, ofDatabases, blocked } = touching.end()
  const readiness = readinessOfMany(ended.checkItems, ended.results, ofInstance, ofDatabases)
  const extract: Extract = {
    results: items.flatMap(({ shown }) => (shown?.pages ? [shown] : [])),
    comparison,
    readiness: readinessWith(ended, items, rows, readiness),
  }
  const packed = await pack(extract)
  const name = `extract/${createHash('sha256').update(packed).digest('hex').slice(0, 16)}`
  await pages.putPages(precheck.id, [{ name, packed }])
  const large = { extract: name, databases: ofDatabases.length, blocked, readiness }
  const compared = { ...ended.comparison, ...(unchanged && { unchanged }) }
  const completed = { ...ended, comparison: compared, large }
  return { completed, shown: shownWith(completed, extract) }
}
