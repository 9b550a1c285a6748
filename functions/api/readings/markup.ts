/** Characters that XML 1.0 cannot hold, not even escaped (2.2). */
const unholdable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as markup, in an element or an attribute in quotes: what a server says may hold anything. */
export const escaped = (text: string | number): string =>
  String(text)
    .replaceAll(unholdable, '\u{FFFD}')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
