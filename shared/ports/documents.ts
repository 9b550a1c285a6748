import type * as z from 'zod'
import { SchemaNewer, withoutSchemaVersion } from '../model/schema-version.ts'
import type { Page, PageRequest } from '../model/page.ts'

/** A document and the number of times it was written, from 1. */
export interface Stored<Document> {
  readonly document: Document
  readonly revision: number
}

/** Where a document is kept: its id, for documents in groups after that of the group. Both sort by their bytes. */
export type DocumentKey = string | readonly [group: string, id: string]

/** A kind of document: all that a store has to know of it. */
export interface DocumentKind<Document, Key extends DocumentKey = string> {
  /** Name of its table. */
  readonly table: string
  /** Names of the columns of its key. */
  readonly keyColumns: Key extends string ? readonly [string] : readonly [string, string]
  /** What is read passes it. */
  readonly schema: z.ZodType<Document>
  /** How lists go by the ids: those that begin with a time are listed newest first. */
  readonly order: 'ascending' | 'descending'
  /** The field by which lists choose and documents are counted; left out: none. Its values are texts. */
  readonly status?: keyof Document & string
  /**
   * Where a group may be so large, and written by so many at a time, that a store that keeps a group in one place keeps
   * it in so many. `idOf`: the id in the key of a document. Lists of such a kind are ascending.
   */
  readonly partitions?: { readonly count: number; readonly idOf: (document: Document) => string }
  /** A resolved write may be lost with the process, unless something is durable that was written after it; left out: never. */
  readonly mayBeLost?: true
  /** Days after which a document may be forgotten; left out: kept until it is removed. */
  readonly keptDays?: number
  /**
   * How a store that does not tell the age of its rows forgets: with every new document all whose key column `column`
   * sorts before `firstKept`, within the group of the new one if the column is that of the ids.
   */
  readonly expiry?: { readonly column: string; readonly firstKept: (document: Document) => string }
}

/** Which documents a list holds. */
export interface Selection<Document> extends PageRequest {
  /** For documents in groups: the one that is listed. */
  readonly group?: string
  /** The list ends before this id; left out: with the last one. */
  readonly before?: string
  /** Those with one of these values in the field `status` of their kind; left out: all. */
  readonly statuses?: readonly string[] | undefined
  /** A look at the documents themselves, where a list is chosen by more than their status. */
  readonly isWanted?: ((document: Document) => boolean) | undefined
}

/** What a change of a document comes to: what to put in its place (left out: nothing is written), and what to tell the caller. */
export interface Change<Document, Value> {
  readonly put?: Document
  readonly value: Value
}

/**
 * Keeps documents of one kind, each under a key and with a revision. A resolved write is durable, unless its kind says
 * otherwise. What was written under an older revision never replaces a newer one. Reads reject with `DocumentMalformed`
 * where a document does not pass its schema.
 */
export interface Documents<Document, Key extends DocumentKey = string> {
  readonly get: (key: Key) => Promise<Stored<Document> | null>
  /** Writes a document if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (key: Key, document: Document, revision: number) => Promise<boolean>
  /**
   * Reads a document (null: there is none), has it changed, and writes it unless another writer came first: then all of
   * it is done again, so that `change` may run several times. Rejects with `DocumentContended` after too many attempts.
   */
  readonly update: <Value>(
    key: Key,
    change: (known: Document | null) => Change<Document, Value> | Promise<Change<Document, Value>>,
  ) => Promise<Value>
  /** Tells whether there was one. */
  readonly remove: (key: Key) => Promise<boolean>
  /** A page of documents by their ids, in the order of their kind. */
  readonly list: (selection: Selection<Document>) => Promise<Page<Stored<Document>>>
  /** How many documents of a group there are of each status that occurs. */
  readonly count: (group: string) => Promise<Readonly<Record<string, number>>>
}

/** A stored document that does not pass the schema of its kind. Names where it is, and nothing of what is in it. */
export class DocumentMalformed extends Error {
  override readonly name = 'DocumentMalformed'
  readonly code = 'DOCUMENT_MALFORMED'
}

/** Others kept writing a document between its reads and its writes. */
export class DocumentContended extends Error {
  override readonly name = 'DocumentContended'
  readonly code = 'DOCUMENT_CONTENDED'
}

/** Writers of one document at a time are few. More attempts than this mean that something is wrong. */
const maxAttempts = 64

/** A conditional write that was refused, since another writer came first. */
export const overtaken = Symbol('overtaken')

/** Reads and writes until no other writer comes in between. `what`: for the message of `DocumentContended`. */
export const untilWritten = async <Value>(
  what: string,
  attempt: () => Promise<Value | typeof overtaken>,
): Promise<Value> => {
  for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
    const outcome = await attempt()
    if (outcome !== overtaken) return outcome
  }
  throw new DocumentContended(`${what} kept changing under ${maxAttempts} attempts to write it`)
}

/** The `update` of documents that can be read and written conditionally. */
export const updating =
  <Document, Key extends DocumentKey>({
    get,
    put,
  }: Pick<Documents<Document, Key>, 'get' | 'put'>): Documents<Document, Key>['update'] =>
  (key, change) =>
    untilWritten(String(key), async () => {
      const stored = await get(key)
      const { put: next, value } = await change(stored?.document ?? null)
      const isSettled = next === undefined || (await put(key, next, stored?.revision ?? 0))
      return isSettled ? value : overtaken
    })

/** A page of documents without their revisions. */
export const documentsOf = <Document>({ items, next }: Page<Stored<Document>>): Page<Document> => ({
  items: items.map(({ document }) => document),
  next,
})

/** Documents that are read at a time where all are wanted. */
const pageSize = 500

/** All documents of a kind that has no groups, in the order of their ids. For kinds of which there are few. */
export const listAll = async <Document>({
  list,
}: Pick<Documents<Document>, 'list'>): Promise<readonly Document[]> => {
  const found: Document[] = []
  let after: string | null = null
  do {
    const page: Page<Stored<Document>> = await list({ limit: pageSize, ...(after !== null && { after }) })
    found.push(...documentsOf(page).items)
    after = page.next
  } while (after !== null)
  return found
}

/**
 * Reads a stored text through a schema. `what`: for the message of `DocumentMalformed`, which it throws, or
 * `SchemaNewer`.
 */
export const readStored = <Document>(schema: z.ZodType<Document>, text: string, what: string): Document => {
  try {
    return schema.parse(withoutSchemaVersion(JSON.parse(text)))
  } catch (cause) {
    if (cause instanceof SchemaNewer) throw cause
    throw new DocumentMalformed(`${what} is malformed`, { cause })
  }
}

/** Texts that a reader remembers at most, and their length at most (UTF-16 units): 4 million units together. */
const remembered = { texts: 1000, length: 4096 }

/**
 * Reads stored texts of a kind through its schema; throws `DocumentMalformed`. A text that was read before is not read
 * again: an instance and a token are needed for every precheck and seldom change, and a look into a map costs a tenth
 * of parsing.
 */
export const documentReader = <Document, Key extends DocumentKey>({
  table,
  schema,
}: Pick<DocumentKind<Document, Key>, 'table' | 'schema'>): ((text: string, key: DocumentKey) => Document) => {
  const known = new Map<string, Document>()

  return (text, key) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const document = readStored(schema, text, `The document ${String(key)} of ${table}`)
    if (text.length > remembered.length) return document
    if (known.size === remembered.texts) known.clear()
    known.set(text, document)
    return document
  }
}
