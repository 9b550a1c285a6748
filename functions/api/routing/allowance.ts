/** How much each of many keys may do. */
export interface Allowance {
  /** Whole seconds until the key may do one more thing; 0: it may now. */
  readonly waitSeconds: (key: string) => number
  /** Takes note of one thing that the key has done. */
  readonly spend: (key: string) => void
  /** Takes one of these notes back. */
  readonly giveBack: (key: string) => void
}

interface Limits {
  /** Things that a key may do in a minute, all at once if it likes; they come back evenly. */
  readonly perMinute: number
  /** Keys that are remembered; then the one that did nothing for longest is forgotten. */
  readonly maxKeys: number
}

interface Spent {
  readonly things: number
  readonly at: number
}

/** An allowance for each key, kept in this process alone. `clock`: monotonic, ms. */
export const allowance = (
  { perMinute, maxKeys }: Limits,
  clock: () => number = () => performance.now(),
): Allowance => {
  /** In the order in which they spent last. */
  const spent = new Map<string, Spent>()
  const perMs = perMinute / 60_000

  const spentBy = (key: string): number => {
    const { things, at } = spent.get(key) ?? { things: 0, at: 0 }
    return Math.max(0, things - (clock() - at) * perMs)
  }

  const forgetOldest = (): void => {
    const [oldest] = spent.keys()
    if (oldest !== undefined) spent.delete(oldest)
  }

  const note = (key: string, things: number): void => {
    if (!spent.delete(key) && spent.size >= maxKeys) forgetOldest()
    if (things > 0) spent.set(key, { things, at: clock() })
  }

  return {
    waitSeconds: (key) => {
      const missing = spentBy(key) + 1 - perMinute
      return missing <= 0 ? 0 : Math.ceil(missing / perMs / 1000)
    },
    spend: (key) => note(key, spentBy(key) + 1),
    giveBack: (key) => note(key, spentBy(key) - 1),
  }
}
