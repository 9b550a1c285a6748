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
