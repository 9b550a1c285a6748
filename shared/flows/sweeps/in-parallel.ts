/** Does the same work for every item, at most `width` at a time. Resolves with what became of each, in the order of the items. */
export const inParallel = async <Item, Value>(
  width: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Value>,
): Promise<readonly PromiseSettledResult<Value>[]> => {
  const results = new Map<number, PromiseSettledResult<Value>>()
  // One iterator for all workers: each takes the next item when it is free.
  const waiting = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      const [result] = await Promise.allSettled([work(item, index)])
      results.set(index, result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return items.flatMap((_, index) => results.get(index) ?? [])
}

/** The values of work of which all has to be done. Throws what the first that failed failed with. */
export const valuesOf = <Value>(results: readonly PromiseSettledResult<Value>[]): readonly Value[] =>
  results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
