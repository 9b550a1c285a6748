/** Computes a value once for every key, and remembers up to `maxKeys` of them; forgets all when there are more. */
export const computedOnce = <Value>(maxKeys: number) => {
  const known = new Map<string, Value>()
  return (key: string, compute: () => Value): Value => {
    const before = known.get(key)
    if (before !== undefined) return before
    const value = compute()
    if (known.size === maxKeys) known.clear()
    known.set(key, value)
    return value
  }
}
