/** Characters of what a server says that a reader is shown. */
const maxLength = 400

/** Line breaks, and characters that hide or reorder what stands beside them (Unicode, control and format characters). */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

/** What a server says, on one line that is short enough to be stored and shown; nothing if it repeats the password. */
export const shownText = (text: string, password: string): string => {
  if (password !== '' && text.includes(password)) return ''
  const line = text.replaceAll(invisible, ' ').trim()
  return line.length <= maxLength ? line : `${line.slice(0, maxLength)}…`
}
