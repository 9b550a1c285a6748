import { createHash } from 'node:crypto'
import type { Page } from '../../model/page.ts'
import {
  type DocumentKey,
  type DocumentKind,
  type Documents,
  type Selection,
  type Stored,
  updating,
} from '../../ports/documents.ts'

type Partitions<Document> = NonNullable<DocumentKind<Document>['partitions']>

/** The group under which a part of a group is kept: the number is first, so that the parts lie far from each other. */
const partOf = (group: string, number: number): string => `${number}.${group}`

/** Where a document of a group is kept: the same id always in the same part. */
const placeOf = ([group, id]: readonly [string, string], count: number): readonly [string, string] => {
  const hash = createHash('sha256').update(id).digest()
  // Other bytes than those by which starts are spread over a night: those of one minute lie in all parts.
  return [partOf(group, hash.readUInt32BE(hash.length - 4) % count), id]
}

/** The front of several lists, in the order of the ids, as far as all of them were read. */
const merge = <Document>(
  pages: readonly Page<Stored<Document>>[],
  limit: number,
  idOf: (document: Document) => string,
): Page<Stored<Document>> => {
  const ends = pages.flatMap(({ next }) => next ?? []).toSorted()
  const [end = null] = ends
  const items = pages
    .flatMap((page) => page.items.map((stored) => ({ stored, id: idOf(stored.document) })))
    .filter(({ id }) => end === null || id <= end)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const last = items.length > limit ? items[limit - 1] : undefined
  return { items: items.slice(0, limit).map(({ stored }) => stored), next: last ? last.id : end }
}

/**
 * Documents in groups each of which is kept in several partitions: Tablestore splits a table between values of the
 * first key column only, so that everything under one value is served by one machine ("Core components: primary key",
 * its manual). A list asks all of them and costs as many requests. What was kept before there were partitions, under
 * the bare name of the group, is found and changed where it is.
 */
export const partitionedDocuments = <Document>(
  documents: Documents<Document, DocumentKey>,
  { count, idOf }: Partitions<Document>,
): Documents<Document, DocumentKey> => {
  const placed = (key: DocumentKey): DocumentKey => (typeof key === 'string' ? key : placeOf(key, count))
  const groupsOf = (group: string): readonly string[] => [
    group,
    ...Array.from({ length: count }, (_, number) => partOf(group, number)),
  ]

  /** The group that was looked at last, and whether anything of it is kept under its bare name. */
  let looked: { readonly group: string; readonly isKept: Promise<boolean> } | null = null
  const isKeptBare = async (group: string): Promise<boolean> => {
    if (looked?.group !== group) {
      looked = { group, isKept: documents.list({ group, limit: 1 }).then(({ items }) => items.length > 0) }
    }
    try {
      return await looked.isKept
    } catch (fault) {
      looked = null
      throw fault
    }
  }

  const get: typeof documents.get = async (key) =>
    (await documents.get(placed(key))) ?? (await documents.get(key))

  const put: typeof documents.put = async (key, document, revision) => {
    const isBare = await isKeptBare(key[0] ?? '')
    if (isBare && (await documents.get(key)) !== null) return documents.put(key, document, revision)
    return documents.put(placed(key), document, revision)
  }

  const list = async ({ group = '', ...selection }: Selection<Document>): Promise<Page<Stored<Document>>> => {
    const pages = await Promise.all(
      groupsOf(group).map((part) => documents.list({ ...selection, group: part })),
    )
    return merge(pages, selection.limit, idOf)
  }

  const countAll: typeof documents.count = async (group) => {
    const sums: Record<string, number> = {}
    for (const counts of await Promise.all(groupsOf(group).map(documents.count))) {
      for (const [status, each] of Object.entries(counts)) sums[status] = (sums[status] ?? 0) + each
    }
    return sums
  }

  return {
    get,
    put,
    update: updating({ get, put }),
    remove: async (key) => (await documents.remove(placed(key))) || documents.remove(key),
    list,
    count: countAll,
  }
}
