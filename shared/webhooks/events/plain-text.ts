/** Control, format (among them those that turn the direction of writing), line and paragraph separators, lone surrogates. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu

/** A text on one line, without characters that are not seen and change how others are. */
const oneLine = (text: string): string => text.replaceAll(invisible, ' ').trim()

/** True if the text is on one line, and nothing in it is hidden. */
export const isOneLine = (text: string): boolean => text.search(invisible) < 0

/** A text of at maxLength that many characters (code points), on one line; an ellipsis shows that it was cut. */
export const clip = (text: string, maxLength: number): string => {
  const characters = Array.from(oneLine(text))
  return characters.length <= maxLength
    ? characters.join('')
    : `${characters.slice(0, maxLength - 1).join('')}…`
}

/** The date of a time, both in UTC. */
export const dateOf = (time: string): string => time.slice(0, 'YYYY-MM-DD'.length)
