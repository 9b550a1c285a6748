import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import * as z from 'zod'
import { ComparedFinding } from '../model/comparison.ts'
import { Finding } from '../model/finding.ts'
import type { ItemPages } from '../model/item-pages.ts'
import { ExcludedDatabase } from '../model/item-result.ts'
import type { Names } from '../model/paginate.ts'
import { DocumentMalformed } from './documents.ts'

/** A page of a precheck: its name, and its contents packed. */
export interface Page {
  readonly name: string
  readonly packed: Uint8Array
}

/**
 * Keeps what is too long for the document of a precheck, in pages that are read one by one, and forgets them with it.
 * A page that no document names is seen by nobody, so that pages are written first.
 */
export interface Pages {
  /** Writes pages, or writes them again. Resolves when all are durable; rejects with `DocumentTooLarge`. */
  readonly putPages: (precheckId: string, pages: readonly Page[]) => Promise<void>
  /** Null where there is none (any more). */
  readonly getPage: (precheckId: string, name: string) => Promise<Uint8Array | null>
}

/** A list of an item that is kept in pages. */
export interface PagedList<Contents> {
  readonly name: string
  /** Of one page. */
  readonly schema: z.ZodType<Contents>
}

export const findingsList: PagedList<Finding[]> = { name: 'findings', schema: z.array(Finding) }

export const namesList: PagedList<Names> = {
  name: 'names',
  schema: z.strictObject({ databases: z.array(z.string()), excluded: z.array(ExcludedDatabase) }),
}

/** Findings that are open, for the next precheck to compare with. */
export const openList: PagedList<ComparedFinding[]> = { name: 'open', schema: z.array(ComparedFinding) }

/** Whose pages are meant; `run` tells the lists of different runs of an item apart. */
export interface ListOwner {
  readonly precheckId: string
  readonly checkItem: string
  readonly run: string
}

/** Whose pages hold the findings of a result. */
export const ownerOfFindings = (
  precheckId: string,
  checkItem: string,
  { run, acknowledgedRun = run }: ItemPages,
): ListOwner => ({ precheckId, checkItem, run: acknowledgedRun })

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** A quality that is quick: a page of 500 findings, 600 KB, in some ms, to a twentieth of it. */
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

/** Bytes that a page may have when it is unpacked: many times those of 500 findings with the longest names. */
const maxOutputLength = 16 * 1024 * 1024

/** Packs beside the event loop. */
export const pack = (contents: unknown): Promise<Buffer> => compress(JSON.stringify(contents), options)

/** Name of a page of a list of an item. */
export const pageName = (
  { checkItem, run }: Omit<ListOwner, 'precheckId'>,
  { name }: PagedList<unknown>,
  index: number,
): string => `${checkItem}/${run}/${name}/${index}`

/** Reads a page by its name; null where there is none. Throws `DocumentMalformed`. */
export const readNamed = async <Contents>(
  { getPage }: Pick<Pages, 'getPage'>,
  precheckId: string,
  name: string,
  schema: z.ZodType<Contents>,
): Promise<Contents | null> => {
  const packed = await getPage(precheckId, name)
  if (!packed) return null
  try {
    const text = (await decompress(packed, { maxOutputLength })).toString('utf8')
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new DocumentMalformed(`The page ${name} of ${precheckId} is malformed`, { cause })
  }
}

/** Reads a page of a list; null where there is none. Throws `DocumentMalformed`. */
export const readPage = <Contents>(
  pages: Pick<Pages, 'getPage'>,
  owner: ListOwner,
  list: PagedList<Contents>,
  index: number,
): Promise<Contents | null> => readNamed(pages, owner.precheckId, pageName(owner, list, index), list.schema)
