import { createHash } from 'node:crypto'
import type { ItemResult } from '../../model/item-result.ts'
import { type PaginatedResult, paginate } from '../../model/paginate.ts'
import { withoutDetails } from '../../model/precheck.ts'
import type { ItemMessage } from '../../model/queue-messages.ts'
import { type PagedList, findingsList, namesList, pack, pageName } from '../../ports/pages.ts'

/** Bytes of all pages of a result, packed: ten times what a finding on each of 32,767 databases comes to. */
const maxBytes = 16 * 1024 * 1024

/** Pages of findings, of which the document of the precheck holds a list: half a million findings. */
const maxPages = 1000

interface Packed {
  readonly list: PagedList<unknown>
  readonly index: number
  readonly packed: Buffer
}

/** One after the other, so that the thread has its turns in between. */
const packList = async (list: PagedList<unknown>, pages: readonly unknown[]): Promise<Packed[]> => {
  const all: Packed[] = []
  for (const [index, contents] of pages.entries()) all.push({ list, index, packed: await pack(contents) })
  return all
}

/** The pages of a result; null where there are more than anyone can hold. */
const packAll = async ({ findings, names }: PaginatedResult): Promise<Packed[] | null> => {
  if (findings.length > maxPages) return null
  const all = [...(await packList(findingsList, findings)), ...(await packList(namesList, names))]
  return all.reduce((bytes, { packed }) => bytes + packed.length, 0) <= maxBytes ? all : null
}

const runOf = (all: readonly Packed[]): string => {
  const hash = createHash('sha256')
  for (const { packed } of all) hash.update(packed)
  return hash.digest('hex').slice(0, 16)
}

/**
 * The message of a result. One that is too large for a document travels as a head and pages, which the collector stores
 * as they are: made here, they hold up nobody else.
 */
export const resultMessage = async (precheckId: string, result: ItemResult): Promise<ItemMessage> => {
  const paginated = paginate(result)
  if (!paginated) return { kind: 'result', precheckId, result }
  const all = await packAll(paginated)
  if (!all) return { kind: 'result', precheckId, result: withoutDetails(result) }
  const run = runOf(all)
  return {
    kind: 'result',
    precheckId,
    result: { ...paginated.head, pages: { run, ...paginated.pages } },
    pages: all.map(({ list, index, packed }) => ({
      name: pageName({ checkItem: result.checkItem, run }, list, index),
      packed: packed.toString('base64'),
    })),
  }
}
