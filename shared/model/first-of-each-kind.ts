/** Keeps the first of what comes by, of each kind alike, so that what is rare is not lost behind what is frequent. */
export interface FirstOfEachKind<Item> {
  readonly add: (items: readonly Item[]) => void
  /** Kind by kind, `max` at most. */
  readonly kept: () => Item[]
}

/** `max`: how many are kept; kinds are few. */
export const firstOfEachKind = <Item>(max: number, kindOf: (item: Item) => string): FirstOfEachKind<Item> => {
  const byKind = new Map<string, Item[]>()
  return {
    add: (items) => {
      for (const item of items) {
        const kind = kindOf(item)
        const known = byKind.get(kind)
        if (!known) byKind.set(kind, [item])
        else if (known.length < max) known.push(item)
      }
    },
    kept: () => {
      const ofKind = Math.floor(max / Math.max(1, byKind.size))
      return [...byKind.values()].flatMap((items) => items.slice(0, ofKind))
    },
  }
}
