const labelWidth = 40
const cellWidth = 12

/** Writes a line of text. */
export const print = (text = ''): void => void process.stdout.write(`${text}\n`)

/** A row of a table: its label, then its cells to the right. */
export const row = (label: string, cells: readonly string[]): string =>
  label.padEnd(labelWidth) + cells.map((cell) => cell.padStart(cellWidth)).join('')
