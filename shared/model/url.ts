/**
 * Parses a URL; null if it is none. Not `URL.canParse`: once it is optimised, that of Node.js 20 refuses every URL with
 * letters such as "ü" in it, since it takes their bytes for UTF-8.
 */
export const parseUrl = (text: string): URL | null => {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
