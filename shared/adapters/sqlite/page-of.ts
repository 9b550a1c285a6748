import type { Page } from '../../model/page.ts'

/** Comes after every character that ids are made of: where a list begins that goes backwards. */
export const afterAllIds = '~'

/** A page from up to `limit + 1` items that were read in order: the one too many tells that there are more. */
export const pageOf = <Item>(
  read: readonly Item[],
  limit: number,
  idOf: (item: Item) => string,
): Page<Item> => {
  const items = read.slice(0, limit)
  const last = items.at(-1)
  return { items, next: last !== undefined && read.length > limit ? idOf(last) : null }
}
