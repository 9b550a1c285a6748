import * as z from 'zod'
import type { Page, PageRequest } from '../../../shared/model/page.ts'

/** Query parameters of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Maximum number of entries on a page.'),
  after: z.string().max(512).optional().describe('Start of the page: `next` of the previous page.'),
}

/** Reads a page request out of parsed query parameters. */
export const pageOf = ({ limit, after }: { limit: number; after?: string | undefined }): PageRequest => ({
  limit,
  ...(after !== undefined && { after: Buffer.from(after, 'base64url').toString('utf8') }),
})

/** Body of a list. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() })

/** Query parameters as they were parsed. */
type PageQuery = Readonly<Record<string, string | number | boolean | undefined>>

const queryText = (query: PageQuery): string => {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value))
  }
  return parameters.toString()
}

/** Where the next page begins, as callers send it back: opaque, so that its form may change. */
export const cursorOf = (next: string | null): string | null =>
  next === null ? null : Buffer.from(next, 'utf8').toString('base64url')

/** The header that leads to the next page of an answer, which asks for the same as `query`. */
export const nextLink = (cursor: string | null, path: string, query: PageQuery) =>
  cursor === null
    ? {}
    : { headers: { link: `<${path}?${queryText({ ...query, after: cursor })}>; rel="next"` } }

/** Answers with a page; the link to the next page asks for the same as `query`. */
export const pageResponse = <Item>({ items, next }: Page<Item>, path: string, query: PageQuery) => {
  const cursor = cursorOf(next)
  return { ...nextLink(cursor, path, query), status: 200 as const, body: { items, next: cursor } }
}
