/** A value as the drivers of the engines bring it. */
export type Cell = string | number | boolean | null

/** A server may put anything into a column, but a boolean only where a healthy row has one. */
type CellLike<Healthy> = Healthy extends boolean ? Cell : Exclude<Cell, boolean>

/** A row with the columns of a healthy one. */
export type RowLike<Healthy> = { readonly [Column in keyof Healthy]: CellLike<Healthy[Column]> }

/** What is different about a row. A column that the statement does not ask for does not compile. */
export type Changes<Healthy> = Partial<RowLike<Healthy>>

/** Makes rows like a healthy one, but for what is different. */
export const rowsLike =
  <Healthy extends Readonly<Record<string, Cell>>>(healthy: Healthy) =>
  (changes: Changes<Healthy> = {}): RowLike<Healthy> =>
    ({ ...healthy, ...changes }) as RowLike<Healthy>
