/** Sorts numbers by their value, and texts by the units of UTF-16: the same order everywhere, whatever the language. */
export const ascending = <Value extends string | bigint>(one: Value, other: Value): number => {
  if (one === other) return 0
  return one < other ? -1 : 1
}
