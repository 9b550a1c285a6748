/**
 * Looks rows up by a column, in time that does not grow with their number: rules ask for every one of 32,767 databases.
 * A list is indexed when it is first asked for, and may not change after that.
 */
export const rowsBy = <Row, Key>(
  keyOf: (row: Row) => Key,
): ((rows: readonly Row[] | null, key: Key) => readonly Row[]) => {
  const indexes = new WeakMap<readonly Row[], Map<Key, Row[]>>()
  const indexOf = (rows: readonly Row[]): Map<Key, Row[]> => {
    const index = new Map<Key, Row[]>()
    for (const row of rows) {
      const key = keyOf(row)
      const known = index.get(key)
      if (known) known.push(row)
      else index.set(key, [row])
    }
    indexes.set(rows, index)
    return index
  }
  return (rows, key) => (rows && (indexes.get(rows) ?? indexOf(rows)).get(key)) ?? []
}
