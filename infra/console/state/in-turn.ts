/** Requests that are under way at a time: the service has other callers too. */
const atATime = 4

/**
 * Works off a list, a few at a time, until it is done or nobody wants it any more. Resolves when what was begun has
 * ended.
 */
export const inTurn = async <Item>(
  items: readonly Item[],
  isWanted: () => boolean,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const left = items.values()
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (!isWanted()) return
      await work(item)
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
}
