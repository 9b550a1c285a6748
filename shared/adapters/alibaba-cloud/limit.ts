/** A call as a whole took longer than it may. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached'
}

/** Waits for work no longer than `limitMs`, then rejects with `LimitReached`; the work itself goes on unheard. */
export const withinLimit = async <Value>(limitMs: number, work: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LimitReached()), limitMs)
  })
  // When the limit wins, its own later failure is of no interest any more.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
