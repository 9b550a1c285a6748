import { createHash } from 'node:crypto'
import { acknowledge, isInForce } from '../../model/acknowledgement.ts'
import {
  type ComparedFinding,
  type KnownFinding,
  type OpenPages,
  type PreviousResult,
  keptOf,
} from '../../model/comparison.ts'
import { rightMissing } from '../../model/outcome.ts'
import type { CheckItemId, Finding } from '../../model/finding.ts'
import type { ItemResult } from '../../model/item-result.ts'
import { type ComparedItem, comparingItem, type touchingDatabases } from '../../model/paged-item.ts'
import { findingsOfPage } from '../../model/paginate.ts'
import { type RunningPrecheck, beyondIn } from '../../model/precheck.ts'
import { DocumentMalformed } from '../../ports/documents.ts'
import { type Pages, findingsList, namesList, openList, pack, pageName, readPage } from '../../ports/pages.ts'

/** Names of databases that answers show of an item. */
const maxShownNames = 100

/** What pages are gone through for. */
export interface Pass {
  readonly pages: Pages
  readonly precheck: RunningPrecheck
  readonly previous: PreviousResult | null
  readonly now: Date
  readonly touching: ReturnType<typeof touchingDatabases>
  /** Databases of which a row is shown. */
  readonly rows: ReadonlySet<string>
}

/** What an item came to that was gone through. */
export interface PassedItem {
  readonly compared: ComparedItem
  /** Names the pages that were written, and those of its findings. */
  readonly run: string
  readonly open: OpenPages | null
  /** Findings of the instance, and of the databases of which a row is shown. */
  readonly ofRows: readonly Finding[]
}

const missing = (what: string): never => {
  throw new DocumentMalformed(`${what} is missing`)
}

/** What is kept in pages of an item that was open. */
export const refOf = ({ previous }: Pick<Pass, 'previous'>, checkItem: CheckItemId): OpenPages | undefined =>
  previous?.paged?.find((open) => open.checkItem === checkItem)

/** The first of what is kept in pages. */
export const firstOpen = async (pages: Pages, ref: OpenPages): Promise<readonly ComparedFinding[]> =>
  (await readPage(pages, ref, openList, 0)) ?? []

/** What was open of an item, page by page. Pages of a precheck that is not kept any more are passed over. */
async function* openBefore(pass: Pass, checkItem: CheckItemId): AsyncGenerator<readonly ComparedFinding[]> {
  const ref = refOf(pass, checkItem)
  if (!ref) {
    yield (pass.previous?.open ?? []).filter((open) => open.checkItem === checkItem)
    return
  }
  for (let index = 0; index < ref.pages; index += 1) {
    const page = await readPage(pass.pages, ref, openList, index)
    if (page) yield page
  }
}

const knownBefore = async (pass: Pass, checkItem: CheckItemId): Promise<Map<string, KnownFinding>> => {
  const known = new Map<string, KnownFinding>()
  for await (const page of openBefore(pass, checkItem)) {
    for (const { fingerprint, since, acknowledged } of page)
      known.set(fingerprint, { since, ...(acknowledged && { acknowledged }) })
  }
  return known
}

const hashOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)

const acknowledgementsOf = ({ precheck: { acknowledgements = [] }, now }: Pass, { checkItem }: ItemResult) =>
  acknowledgements.filter((one) => one.checkItem === checkItem && isInForce(one, now))

/**
 * Names the pages that are written here. Where findings are acknowledged they are not those of the result, which may
 * come again at any time.
 */
const runOf = (pass: Pass, result: ItemResult): string => {
  const own = result.pages?.run ?? hashOf(result)
  const acknowledgements = acknowledgementsOf(pass, result)
  return acknowledgements.length === 0 ? own : hashOf(own, acknowledgements)
}

/** Counts what is known from before of an item whose right is missing now: it still does what it did. */
export const passKept = async (pass: Pass, result: ItemResult): Promise<void> => {
  if (result.reason?.code !== rightMissing) return
  for await (const open of openBefore(pass, result.checkItem)) pass.touching.found(keptOf(open))
}

/** Writes what is open now, a page as soon as it is full. */
const writingOpen = ({ pages, precheck }: Pass, checkItem: CheckItemId, run: string) => {
  const waiting: ComparedFinding[] = []
  const open = { checkItem, precheckId: precheck.id, run, pages: 0, findings: 0 }
  const write = async (): Promise<void> => {
    const packed = await pack(waiting.splice(0, findingsOfPage))
    await pages.putPages(precheck.id, [{ name: pageName(open, openList, open.pages), packed }])
    open.pages += 1
  }
  return {
    add: async (findings: readonly ComparedFinding[]): Promise<void> => {
      waiting.push(...findings)
      open.findings += findings.length
      while (waiting.length >= findingsOfPage) await write()
    },
    end: async (): Promise<OpenPages | null> => {
      if (waiting.length > 0) await write()
      return open.pages > 0 ? open : null
    },
  }
}

/** A page of findings with what is acknowledged by now, which is written down with it. */
const acknowledgedPage = async (
  pass: Pass,
  result: ItemResult,
  run: string,
  index: number,
): Promise<readonly Finding[]> => {
  const { checkItem, pages: own } = result
  const { pages, precheck, now } = pass
  const from = { checkItem, precheckId: precheck.id, run: own?.run ?? run }
  const findings = own
    ? ((await readPage(pages, from, findingsList, index)) ?? missing(pageName(from, findingsList, index)))
    : result.findings
  const [{ findings: acknowledged } = result] = acknowledge(
    [{ ...result, findings }],
    acknowledgementsOf(pass, result),
    now,
  )
  if (own && own.run !== run) {
    const name = pageName({ checkItem, run }, findingsList, index)
    await pages.putPages(precheck.id, [{ name, packed: await pack(acknowledged) }])
  }
  return acknowledged
}

/**
 * Goes through the findings of a result: they are acknowledged, compared and counted, and what is open is written.
 * Throws `DocumentMalformed` where pages are missing.
 */
export const passItem = async (pass: Pass, result: ItemResult): Promise<PassedItem> => {
  const { checkItem } = result
  const known = await knownBefore(pass, checkItem)
  const { precheck, previous } = pass
  const comparing = comparingItem(precheck.startedAt, known, beyondIn(precheck, previous))
  const run = runOf(pass, result)
  const open = writingOpen(pass, checkItem, run)
  const ofRows: Finding[] = []
  for (let index = 0; index < (result.pages?.findings.length ?? 1); index += 1) {
    const findings = await acknowledgedPage(pass, result, run, index)
    await open.add(comparing.take(findings))
    pass.touching.found(findings)
    ofRows.push(
      ...findings.filter(({ object: { type, name } }) => type === 'instance' || pass.rows.has(name)),
    )
  }
  if (known.size > 0) {
    for await (const page of openBefore(pass, checkItem)) await open.add(comparing.leave(page))
  }
  return { compared: comparing.end(), run, open: await open.end(), ofRows }
}

/** The first names of a large result, after all of them were told to `judged`. */
export const passNames = async (
  { pages, precheck }: Pick<Pass, 'pages' | 'precheck'>,
  result: ItemResult,
  judged: (names: readonly string[]) => void,
): Promise<Pick<ItemResult, 'databases' | 'excluded'>> => {
  const shown: Pick<ItemResult, 'databases' | 'excluded'> = { databases: [], excluded: [] }
  const { checkItem, pages: own } = result
  if (!own) return shown
  const list = { checkItem, precheckId: precheck.id, run: own.run }
  for (let index = 0; index < own.names.length; index += 1) {
    const { databases, excluded } =
      (await readPage(pages, list, namesList, index)) ?? missing(pageName(list, namesList, index))
    judged(databases)
    shown.databases.push(...databases.slice(0, maxShownNames - shown.databases.length))
    shown.excluded.push(...excluded.slice(0, maxShownNames - shown.excluded.length))
  }
  return shown
}
