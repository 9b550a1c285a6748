import { parameterInvalid } from './errors.ts'
import { type Predicate, readCondition } from './filters.ts'
import { checkKeyCells } from './keys.ts'
import { checkColumnName, limits } from './limits.ts'
import { type ConditionMessage, type ReturnContent, sent } from './messages.ts'
import { type InputCell, type InputRow, readRow } from './plain-buffer-reader.ts'
import { type Value, sizeOfValue } from './values.ts'

export type WriteKind = 'put' | 'update' | 'delete'

/** A change of one column. */
export type Change =
  | {
      readonly action: 'put'
      readonly name: string
      readonly value: Value
      readonly timestamp: number | undefined
    }
  | { readonly action: 'increment'; readonly name: string; readonly value: bigint }
  | { readonly action: 'delete_one'; readonly name: string; readonly timestamp: number }
  | { readonly action: 'delete_all'; readonly name: string }

/** A write as far as it can be checked without its table. */
export interface Write {
  readonly kind: WriteKind
  readonly key: readonly InputCell[]
  readonly autoIncrements: boolean
  readonly changes: readonly Change[]
  readonly existence: 'ignore' | 'expect_exist' | 'expect_not_exist'
  readonly condition: Predicate | undefined
  readonly returns: 'nothing' | 'primary_key' | 'after_modify'
  readonly returnedColumns: ReadonlySet<string>
}

const existences = ['ignore', 'expect_exist', 'expect_not_exist'] as const
const returnTypes = ['nothing', 'primary_key', 'after_modify'] as const
const operationNames = { put: 'PutRow', update: 'UpdateRow', delete: 'DeleteRow' } as const

const storedValue = ({ name, value }: InputCell): Value => {
  if (!value) throw parameterInvalid(`Invalid cell: ${name}. Reason: missing value.`)
  if (value.type === 'inf_min' || value.type === 'inf_max' || value.type === 'auto_increment')
    throw parameterInvalid(`${value.type.toUpperCase()} is an invalid type for the attribute column.`)
  const size = sizeOfValue(value)
  if (size > limits.attributeValue)
    throw parameterInvalid(
      `The length of attribute column: '${name}' exceeds the MaxLength:${limits.attributeValue} with CurrentLength:${size}.`,
    )
  return value
}

const incrementOf = (cell: InputCell): Change => {
  const value = storedValue(cell)
  if (value.type !== 'integer') throw parameterInvalid('Only INTEGER columns can be incremented.')
  if (cell.timestamp !== undefined)
    throw parameterInvalid(`Timestamp cannot be given when column '${cell.name}' is incremented.`)
  return { action: 'increment', name: cell.name, value: value.value }
}

const deletionOf = ({ name, value, action, timestamp }: InputCell): Change => {
  if (value)
    throw parameterInvalid('Column value cannot be given when type is DELETE_ONE_VERSION,DELETE_ALL_VERSION.')
  if (action === 'delete_one') {
    if (timestamp === undefined)
      throw parameterInvalid('Timestamp must be given when type is DELETE_ONE_VERSION.')
    return { action: 'delete_one', name, timestamp }
  }
  if (timestamp !== undefined)
    throw parameterInvalid('Timestamp cannot be given when type is DELETE_ALL_VERSION.')
  return { action: 'delete_all', name }
}

const changeOf = (kind: WriteKind, cell: InputCell): Change => {
  const { name, action, timestamp } = cell
  checkColumnName(name)
  if (timestamp !== undefined && timestamp < 0)
    throw parameterInvalid('Timestamp must be in range [0, INT64_MAX/1000).')
  if (action === 'put') return { action, name, value: storedValue(cell), timestamp }
  if (kind === 'put') throw parameterInvalid(`OpType cannot be given for column name:${name} in PutRow.`)
  return action === 'increment' ? incrementOf(cell) : deletionOf(cell)
}

const checkMarker = (kind: WriteKind, { deleted, cells }: InputRow): void => {
  if (kind !== 'delete' && deleted)
    throw parameterInvalid('Invalid request of put/update row: unexpected RowDeleteMarker in request.')
  if (kind === 'delete' && !deleted)
    throw parameterInvalid('Invalid request of delete row: missing RowDeleteMarker in request.')
  if (kind === 'delete' && cells.length > 0)
    throw parameterInvalid('Invalid delete row request: unexpected cells in request.')
  if (kind === 'update' && cells.length === 0)
    throw parameterInvalid('Invalid update row request: missing cells in request.')
}

const checkNames = (key: readonly InputCell[], changes: readonly Change[]): void => {
  const keyNames = new Set(key.map(({ name }) => name))
  const incremented = new Set<string>()
  const changed = new Set<string>()
  for (const { name, action } of changes) {
    if (keyNames.has(name))
      throw parameterInvalid(`Duplicated attribute column name with primary key column: '${name}'.`)
    if (incremented.has(name) || (action === 'increment' && changed.has(name)))
      throw parameterInvalid(`Column '${name}' cannot be incremented and changed in one request.`)
    changed.add(name)
    if (action === 'increment') incremented.add(name)
  }
}

/** Bytes of the request's row, as the limits count them. */
export const sizeOfInput = ({ key, changes }: Write): number => {
  const ofKey = key.map(
    ({ name, value }) => name.length + (value && 'value' in value ? sizeOfValue(value) : 8),
  )
  const ofChanges = changes.map(
    (change) => change.name.length + (change.action === 'put' ? sizeOfValue(change.value) : 8),
  )
  return [...ofKey, ...ofChanges].reduce((sum, size) => sum + size, 0)
}

const checkAutoIncrement = ({ kind, existence, condition }: Write): void => {
  if (kind === 'delete') throw parameterInvalid('Invalid row to delete which with pk auto increment.')
  if (existence !== 'ignore')
    throw parameterInvalid(
      `Invalid expect:${existence.toUpperCase()} when modify row with pk auto increment.`,
    )
  if (condition) throw parameterInvalid("Can't set condition when modify row with pk auto increment.")
}

const existenceOf = (code: number): Write['existence'] => {
  const existence = existences[code]
  if (!existence) throw parameterInvalid(`Invalid row-existence expectation: ${code}.`)
  return existence
}

const returnsOf = (kind: WriteKind, content: ReturnContent | null | undefined): Write['returns'] => {
  const code = content?.returnType ?? 0
  const returns = returnTypes[code]
  if (!returns || (returns === 'after_modify' && kind !== 'update'))
    throw parameterInvalid(`Invalid return type: ${code}.`)
  return returns
}

/** Checks all of a write that needs no table. @throws ServiceError OTSParameterInvalid. */
export const checkWrite = (
  kind: WriteKind,
  bytes: Uint8Array,
  condition: ConditionMessage,
  returnContent: ReturnContent | null | undefined,
): Write => {
  const row = readRow(bytes)
  checkKeyCells(row.primaryKey)
  checkMarker(kind, row)
  if (row.cells.length > limits.writtenColumns)
    throw parameterInvalid(
      `The number of attribute columns exceeds the limit, limit count: ${limits.writtenColumns}, column count: ${row.cells.length}.`,
    )
  const changes = row.cells.map((cell) => changeOf(kind, cell))
  checkNames(row.primaryKey, changes)
  const columnCondition = sent(condition, 'columnCondition')
  const write: Write = {
    kind,
    key: row.primaryKey,
    autoIncrements: row.primaryKey.some(({ value }) => value?.type === 'auto_increment'),
    changes,
    existence: existenceOf(condition.rowExistence),
    condition: columnCondition && readCondition(columnCondition),
    returns: returnsOf(kind, returnContent),
    returnedColumns: new Set(returnContent?.returnColumnNames),
  }
  if (write.autoIncrements) checkAutoIncrement(write)
  return write
}

/** @throws ServiceError OTSParameterInvalid. */
export const checkWriteSize = (write: Write): void => {
  const size = sizeOfInput(write)
  if (size > limits.writtenBytes)
    throw parameterInvalid(
      `The total data size of ${operationNames[write.kind]} request exceeds the limit, limit size: ${limits.writtenBytes}, data size: ${size}.`,
    )
}
