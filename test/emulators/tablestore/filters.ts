import { parameterInvalid } from './errors.ts'
import { checkColumnName, limits } from './limits.ts'
import { type FilterMessage, decode, filterMessages } from './messages.ts'
import { readVariant } from './plain-buffer-reader.ts'
import { type Value, compareValues, sizeOfValue } from './values.ts'

/** Values of a column, newest version first; none when the row lacks it. Key columns are columns here. */
export type Lookup = (column: string) => readonly Value[]

interface Single {
  readonly kind: 'single'
  readonly column: string
  readonly value: Value
  readonly accepts: (order: number) => boolean
  readonly passIfMissing: boolean
  readonly latestVersionOnly: boolean
}

interface Composite {
  readonly kind: 'not' | 'and' | 'or'
  readonly parts: readonly Predicate[]
}

export type Predicate = Single | Composite

/** Lets through some of the columns of a row, in the order of their names. */
export interface Pagination {
  readonly kind: 'pagination'
  readonly offset: number
  readonly limit: number
}

const comparators: Readonly<Record<number, (order: number) => boolean>> = {
  1: (order) => order === 0,
  2: (order) => order !== 0,
  3: (order) => order > 0,
  4: (order) => order >= 0,
  5: (order) => order < 0,
  6: (order) => order <= 0,
}

const combinators: Readonly<Record<number, Composite['kind']>> = { 1: 'not', 2: 'and', 3: 'or' }

const kinds = { single: 1, composite: 2, pagination: 3 } as const

const constantOf = (column: string, bytes: Uint8Array): Value => {
  const value = readVariant(bytes)
  if (value.type === 'inf_min' || value.type === 'inf_max' || value.type === 'auto_increment')
    throw parameterInvalid('Deserialize relation filter failed.')
  const size = sizeOfValue(value)
  if (size > limits.attributeValue)
    throw parameterInvalid(
      `The length of attribute column: '${column}' exceeds the MaxLength:${limits.attributeValue} with CurrentLength:${size}.`,
    )
  return value
}

const readSingle = (bytes: Uint8Array): Single => {
  const message = decode(filterMessages.SingleColumnValueFilter, bytes)
  checkColumnName(message.columnName)
  const accepts = comparators[message.comparator]
  if (!accepts) throw parameterInvalid(`Invalid relation operator: ${message.comparator}.`)
  return {
    kind: 'single',
    column: message.columnName,
    value: constantOf(message.columnName, message.columnValue),
    accepts,
    passIfMissing: !message.filterIfMissing,
    latestVersionOnly: message.latestVersionOnly,
  }
}

const readComposite = (bytes: Uint8Array): Composite => {
  const message = decode(filterMessages.CompositeColumnValueFilter, bytes)
  const kind = combinators[message.combinator]
  if (!kind) throw parameterInvalid('Deserialize composite filter failed.')
  const { length } = message.subFilters
  if (kind === 'not' && length !== 1)
    throw parameterInvalid('Invalid NOT operator: the number of sub-filters must be 1.')
  if (kind !== 'not' && length < 2)
    throw parameterInvalid('Invalid AND/OR operator: the number of sub-filters must be more than 1.')
  return { kind, parts: message.subFilters.map(readPredicate) }
}

function readPredicate({ type, filter }: FilterMessage): Predicate {
  if (type === kinds.single) return readSingle(filter)
  if (type === kinds.composite) return readComposite(filter)
  throw parameterInvalid(`Invalid type of sub-filter: ${type}.`)
}

const readPagination = (bytes: Uint8Array): Pagination => {
  const { offset, limit } = decode(filterMessages.ColumnPaginationFilter, bytes)
  if (offset < 0)
    throw parameterInvalid('Offset in ColumnPaginationFilter must be greater than or equal to 0.')
  if (limit <= 0) throw parameterInvalid('Limit in ColumnPaginationFilter must be greater than 0.')
  return { kind: 'pagination', offset, limit }
}

const countNodes = (predicate: Predicate): number =>
  predicate.kind === 'single' ? 1 : predicate.parts.reduce((sum, part) => sum + countNodes(part), 1)

const countConditions = (predicate: Predicate): number =>
  predicate.kind === 'single' ? 1 : predicate.parts.reduce((sum, part) => sum + countConditions(part), 0)

const checkCount = (predicate: Predicate): Predicate => {
  if (countNodes(predicate) > limits.filterNodes)
    throw parameterInvalid(`The count of filter exceeds the max: ${limits.filterNodes}.`)
  return predicate
}

/** Reads the filter of a read. @throws ServiceError OTSParameterInvalid. */
export const readFilter = (bytes: Uint8Array): Predicate | Pagination => {
  const message = decode(filterMessages.Filter, bytes)
  return message.type === kinds.pagination
    ? readPagination(message.filter)
    : checkCount(readPredicate(message))
}

/** Reads the column condition of a write. @throws ServiceError OTSParameterInvalid. */
export const readCondition = (bytes: Uint8Array): Predicate => {
  const predicate = checkCount(readPredicate(decode(filterMessages.Filter, bytes)))
  if (countConditions(predicate) > limits.conditions)
    throw parameterInvalid(`The count of filter exceeds the max: ${limits.conditions}.`)
  return predicate
}

/** Values of another type than the constant never match, whatever the comparison. */
const singleHolds = (single: Single, lookup: Lookup): boolean => {
  const values = lookup(single.column)
  if (values.length === 0) return single.passIfMissing
  return (single.latestVersionOnly ? values.slice(0, 1) : values).some((value) => {
    const order = compareValues(value, single.value)
    return order !== undefined && single.accepts(order)
  })
}

export const holds = (predicate: Predicate, lookup: Lookup): boolean => {
  switch (predicate.kind) {
    case 'single':
      return singleHolds(predicate, lookup)
    case 'not':
      return !predicate.parts.some((part) => holds(part, lookup))
    case 'and':
      return predicate.parts.every((part) => holds(part, lookup))
    case 'or':
      return predicate.parts.some((part) => holds(part, lookup))
  }
}
