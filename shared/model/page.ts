/** One page of a list. `next` is where the following page begins; null on the last one. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

/** Which page of a list is wanted. `after` is the `next` of the page before, opaque to callers. */
export interface PageRequest {
  readonly limit: number
  readonly after?: string
}
