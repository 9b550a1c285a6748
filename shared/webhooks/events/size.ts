/** Length as it is sent: UTF-8, bytes. */
export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')

/** Makes the version with the most entries that fits, from `most` down; the one without any if none does. */
export const fullestThatFits = <Made>(
  most: number,
  make: (entries: number) => Made,
  fits: (made: Made) => boolean,
): Made => {
  for (let entries = most; entries > 0; entries -= 1) {
    const made = make(entries)
    if (fits(made)) return made
  }
  return make(0)
}
