/** How lengths begin that are longer than a byte, and their bytes; one of eight bytes is longer than any part may be. */
const longLengths: ReadonlyMap<number, number> = new Map([
  [0xfc, 2],
  [0xfd, 3],
])
const shortest = 0xfb
const nothing = 0xfb

/** Where a length-encoded string ends that begins at `at`; null if that is beyond `end`, or no length. */
const endOf = (bytes: Buffer, at: number, end: number): number | null => {
  const first = bytes[at]
  if (first === undefined || at >= end) return null
  if (first === nothing) return at + 1
  const width = longLengths.get(first)
  if (first > shortest && width === undefined) return null
  const from = at + 1 + (width ?? 0)
  if (from > end) return null
  const length = width === undefined ? first : bytes.readUIntLE(at + 1, width)
  return from + length <= end ? from + length : null
}

/**
 * Whether so many strings begin a payload, from `at` to `end`; where they have to fill it, whether they do. The driver
 * would follow a length that leads beyond the packet into what comes after it, and print a trace of where it was.
 */
export const hasStrings = (bytes: Buffer, at: number, end: number, count: number, fill: boolean): boolean => {
  let place = at
  for (let left = count; left > 0; left -= 1) {
    const next = endOf(bytes, place, end)
    if (next === null) return false
    place = next
  }
  return !fill || place === end
}
