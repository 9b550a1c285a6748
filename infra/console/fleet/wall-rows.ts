import type { Group, Member } from './members.ts'

/** Sizes of the wall, px; the style sheet draws cells of the same size. */
export const cellPx = 28
const headingPx = 36

/** A row of the wall: the name of a group, or cells of it. `first`: the place of its first cell among all cells. */
export type WallRow = { readonly top: number; readonly heightPx: number } & (
  | { readonly kind: 'heading'; readonly name: string; readonly count: number }
  | { readonly kind: 'cells'; readonly first: number; readonly members: readonly Member[] }
)

/** The rows of the wall, `columns` cells in each. */
export const rowsOf = (groups: readonly Group[], columns: number): readonly WallRow[] => {
  const rows: WallRow[] = []
  let top = 0
  let first = 0
  for (const { name, members } of groups) {
    if (name !== '') {
      rows.push({ kind: 'heading', name, count: members.length, top, heightPx: headingPx })
      top += headingPx
    }
    for (let from = 0; from < members.length; from += columns) {
      const some = members.slice(from, from + columns)
      rows.push({ kind: 'cells', first, members: some, top, heightPx: cellPx })
      top += cellPx
      first += some.length
    }
  }
  return rows
}

export const heightOf = (rows: readonly WallRow[]): number => {
  const last = rows.at(-1)
  return last ? last.top + last.heightPx : 0
}

/** Where the first row is that ends below a height. */
const firstBelow = (rows: readonly WallRow[], heightPx: number): number => {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row && row.top + row.heightPx <= heightPx) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows beyond the edges that are drawn too, so that scrolling shows no gaps, px. */
const marginPx = 280

/** The rows between two heights: from the first one on, up to and without the last. */
export const windowOf = (
  rows: readonly WallRow[],
  topPx: number,
  heightPx: number,
): { readonly from: number; readonly to: number } => ({
  from: firstBelow(rows, topPx - marginPx),
  to: Math.min(rows.length, firstBelow(rows, topPx + heightPx + marginPx) + 1),
})

/** The row of a cell by its place. */
export const rowOfCell = (rows: readonly WallRow[], cell: number): number =>
  rows.findLastIndex((row) => row.kind === 'cells' && row.first <= cell)

/** Where an arrow leads from a cell; up and down stay in their column as far as there is one. */
export const cellAfter = (
  rows: readonly WallRow[],
  cell: number,
  key: string,
  cells: number,
): number | null => {
  const inBounds = (place: number): number => Math.min(cells - 1, Math.max(0, place))
  const inRow = (row: number, step: 1 | -1): number => {
    const current = rows[row]
    const column = current?.kind === 'cells' ? cell - current.first : 0
    for (let at = row + step; at >= 0 && at < rows.length; at += step) {
      const next = rows[at]
      if (next?.kind === 'cells') return next.first + Math.min(column, next.members.length - 1)
    }
    return cell
  }
  switch (key) {
    case 'ArrowRight':
      return inBounds(cell + 1)
    case 'ArrowLeft':
      return inBounds(cell - 1)
    case 'ArrowDown':
      return inRow(rowOfCell(rows, cell), 1)
    case 'ArrowUp':
      return inRow(rowOfCell(rows, cell), -1)
    case 'Home':
      return 0
    case 'End':
      return cells - 1
    default:
      return null
  }
}
