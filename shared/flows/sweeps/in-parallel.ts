/**
 * Does the same work for every item, at most `width` at a time. A fault of one does not keep the others from being
 * done; when all are, the first fault is thrown.
 */
export const inParallel = async <Item>(
  width: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const faults: unknown[] = []
  // One iterator for all workers: each takes the next item when it is free.
  const waiting = items.values()
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      await work(item).catch((fault: unknown) => faults.push(fault))
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  if (faults.length > 0) throw faults[0]
}
