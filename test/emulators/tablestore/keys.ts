import { parameterInvalid, primaryKeyInvalid } from './errors.ts'
import { checkColumnName, limits } from './limits.ts'
import type { InputCell } from './plain-buffer-reader.ts'
import type { KeySchema, Table } from './table.ts'
import { type KeyBound, type KeyColumn, type KeyInput, type KeyValue, sizeOfValue } from './values.ts'

const wireName = {
  integer: 'VT_INTEGER',
  double: 'VT_DOUBLE',
  boolean: 'VT_BOOLEAN',
  string: 'VT_STRING',
  binary: 'VT_BLOB',
  inf_min: 'VT_INF_MIN',
  inf_max: 'VT_INF_MAX',
  auto_increment: 'VT_AUTO_INCREMENT',
} as const satisfies Record<KeyInput['type'], string>

const isKeyValue = (value: KeyInput): value is KeyValue =>
  value.type === 'integer' || value.type === 'string' || value.type === 'binary'

const checkSize = ({ name, value }: InputCell): void => {
  if (!value || !isKeyValue(value)) return
  const size = sizeOfValue(value)
  if (size > limits.keyValue)
    throw parameterInvalid(
      `The length of primary key column: '${name}' exceeds the MaxLength: ${limits.keyValue} with CurrentLength: ${size}.`,
    )
}

/** Checks what needs no table. @throws ServiceError OTSParameterInvalid. */
export const checkKeyCells = (cells: readonly InputCell[]): void => {
  const names = new Set<string>()
  for (const cell of cells) {
    const { name, value, action, timestamp } = cell
    checkColumnName(name)
    if (names.has(name)) throw parameterInvalid(`Duplicated primary key name: '${name}'.`)
    names.add(name)
    if (!value) throw parameterInvalid(`No value is given for primary key name:'${name}'.`)
    if (action !== 'put') throw parameterInvalid(`OpType cannot be given for primary key name :'${name}'.`)
    if (timestamp !== undefined)
      throw parameterInvalid(`Timestamp cannot be given for primary key name:'${name}'.`)
    checkSize(cell)
  }
}

const mismatch = (value: KeyInput, schema: KeySchema) =>
  primaryKeyInvalid(`Validate PK type fail. Input: ${wireName[value.type]}, Meta: ${wireName[schema.type]}.`)

/** Holds the cells against the schema; `accept` tells the values of a column that fit, or undefined for those that do not. */
const matchKey = <Content extends KeyInput>(
  table: Table,
  cells: readonly InputCell[],
  accept: (value: KeyInput, schema: KeySchema) => Content | undefined,
): KeyColumn<Content>[] => {
  if (cells.length !== table.schema.length)
    throw primaryKeyInvalid(`Validate PK size fail. Input: ${cells.length}, Meta: ${table.schema.length}.`)
  return table.schema.map((schema, index) => {
    const { name, value } = cells[index] ?? {}
    if (name !== schema.name || !value)
      throw primaryKeyInvalid(`Validate PK name fail. Input: ${name}, Meta: ${schema.name}.`)
    const accepted = accept(value, schema)
    if (!accepted) throw mismatch(value, schema)
    return { name: schema.name, value: accepted }
  })
}

const ofSchema = (value: KeyInput, { type }: KeySchema): KeyValue | undefined =>
  isKeyValue(value) && value.type === type ? value : undefined

/** The key of an existing row. @throws ServiceError OTSInvalidPK, OTSParameterInvalid. */
export const rowKey = (table: Table, cells: readonly InputCell[], ifIncremented: string): KeyColumn[] => {
  if (cells.some(({ value }) => value?.type === 'auto_increment')) throw parameterInvalid(ifIncremented)
  return matchKey(table, cells, ofSchema)
}

/** The key of a row to write; a column that the service fills gets its next value. @throws ServiceError OTSInvalidPK. */
export const writtenKey = (table: Table, cells: readonly InputCell[]): KeyColumn[] =>
  matchKey(table, cells, (value, schema) => {
    if (value.type !== 'auto_increment') return ofSchema(value, schema)
    if (!schema.autoIncrement) return undefined
    table.lastAutoIncrement += 1n
    return { type: 'integer', value: table.lastAutoIncrement }
  })

/** An end of a range. @throws ServiceError OTSInvalidPK. */
export const boundKey = (table: Table, cells: readonly InputCell[]): KeyColumn<KeyBound>[] =>
  matchKey<KeyBound>(table, cells, (value, schema) =>
    value.type === 'inf_min' || value.type === 'inf_max' ? { type: value.type } : ofSchema(value, schema),
  )
