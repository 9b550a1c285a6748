/** Characters that take two cells of a terminal (Unicode Standard Annex 11: wide and full-width ones, and emoji). */
const wide =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Colours, which take no cells (ECMA-48, 8.3.117). */
// eslint-disable-next-line no-control-regex -- they begin with a control character
const colours = /\u001B\[\d+m/g

/** Cells that a terminal takes for a text of one line. */
export const cellsOf = (text: string): number => {
  let cells = 0
  for (const { segment } of characters.segment(text.replaceAll(colours, '')))
    cells += wide.test(segment) ? 2 : 1
  return cells
}

/** A text with spaces after it, so that it takes so many cells. */
export const padded = (text: string, cells: number): string =>
  text + ' '.repeat(Math.max(0, cells - cellsOf(text)))

/** Rows as lines of columns, two spaces apart. The last column of a row is as long as it is. */
export const columns = (rows: readonly (readonly string[])[]): string[] => {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, text] of row.entries())
      if (index < row.length - 1) widths[index] = Math.max(widths[index] ?? 0, cellsOf(text))
  return rows.map((row) =>
    row.map((text, index) => (index < row.length - 1 ? padded(text, widths[index] ?? 0) : text)).join('  '),
  )
}

/** Rows as a list, each on its line, or what is said where there are none. */
export const listed = (rows: readonly (readonly string[])[], none: string): string =>
  columns(rows)
    .map((line) => `${line.trimEnd()}\n`)
    .join('') || none
