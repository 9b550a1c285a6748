import TableStore, {
  type ColumnCondition,
  type ColumnValue,
  type Combinator,
  type Condition,
} from 'tablestore'

const { RowExistenceExpectation, ComparatorType, LogicalOperator } = TableStore

type Conditions = readonly [ColumnCondition, ...ColumnCondition[]]

/** Which row a write expects to find; if it does not, nothing is written. */
export const anyRow: Condition = new TableStore.Condition(RowExistenceExpectation.IGNORE)
export const noRow: Condition = new TableStore.Condition(RowExistenceExpectation.EXPECT_NOT_EXIST)
export const someRow: Condition = new TableStore.Condition(RowExistenceExpectation.EXPECT_EXIST)

/** The column has this value; where there is no row or no such column, it has not. */
export const equals = (column: string, value: ColumnValue): ColumnCondition =>
  new TableStore.SingleColumnCondition(column, value, ComparatorType.EQUAL, false, true)

/** There is no such column, or no row. No column of these tables is ever an empty text. */
export const isMissing = (column: string): ColumnCondition =>
  new TableStore.SingleColumnCondition(column, '', ComparatorType.EQUAL, true, true)

/** The column is missing or has this value. */
export const isMissingOr = (column: string, value: ColumnValue): ColumnCondition =>
  new TableStore.SingleColumnCondition(column, value, ComparatorType.EQUAL, true, true)

/** The column is missing or has at most this value; texts are compared by their bytes. */
export const isAtMost = (column: string, value: ColumnValue): ColumnCondition =>
  new TableStore.SingleColumnCondition(column, value, ComparatorType.LESS_EQUAL, true, true)

const combined = (combinator: Combinator, [first, ...others]: Conditions): ColumnCondition => {
  if (others.length === 0) return first
  const all = new TableStore.CompositeCondition(combinator)
  for (const condition of [first, ...others]) all.addSubCondition(condition)
  return all
}

/** One of these holds. */
export const anyOf = (...conditions: Conditions): ColumnCondition => combined(LogicalOperator.OR, conditions)

/** The row is there, and this holds for it. */
export const someRowWhere = (condition: ColumnCondition): Condition =>
  new TableStore.Condition(RowExistenceExpectation.EXPECT_EXIST, condition)

/** All of these hold. */
export const where = (...conditions: Conditions): Condition =>
  new TableStore.Condition(RowExistenceExpectation.IGNORE, combined(LogicalOperator.AND, conditions))
