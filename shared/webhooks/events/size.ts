/** Length as it is sent: UTF-8, bytes. */
export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')

/** Makes the version with the most entries that fits, from `maxEntries` down; the one without any if none does. */
export const fullestThatFits = <Made>(
  maxEntries: number,
  make: (entries: number) => Made,
  fits: (made: Made) => boolean,
): Made => {
  for (let entries = maxEntries; entries > 0; entries -= 1) {
    const made = make(entries)
    if (fits(made)) return made
  }
  return make(0)
}
