import { type ServiceError, parameterInvalid } from './errors.ts'
import { checkColumnName, checkTableName, limits } from './limits.ts'
import {
  type CapacityUnit,
  type KeySchemaMessage,
  type TableMetaMessage,
  type TableOptionsMessage,
  numberOf,
  sent,
} from './messages.ts'
import type { KeySchema, TableOptions } from './table.ts'

const keyTypes: Readonly<Record<number, KeySchema['type']>> = { 1: 'integer', 2: 'string', 3: 'binary' }
const autoIncrement = 1

/** Shortest time to live, in seconds (product manual, "Data versions and TTL"). */
const shortestTimeToLive = 86_400
const defaultDeviation = 86_400

const keySchema = (column: KeySchemaMessage): KeySchema => {
  checkColumnName(column.name)
  const type = keyTypes[column.type]
  if (!type) throw parameterInvalid('Invalid column type, only STRING,INTEGER,BINARY is allowed.')
  return { name: column.name, type, autoIncrement: sent(column, 'option') === autoIncrement }
}

const checkAutoIncrement = (schema: readonly KeySchema[], tableName: string): void => {
  const numbered = schema.filter((column) => column.autoIncrement)
  if (numbered.length > 1) throw parameterInvalid('AUTO_INCREMENT primary key count must <= 1.')
  if (schema[0]?.autoIncrement)
    throw parameterInvalid(`First primary key can't be auto increment, table: '${tableName}'.`)
  if (numbered.some(({ type }) => type !== 'integer'))
    throw parameterInvalid('AUTO_INCREMENT primary key must be integer.')
}

/** @throws ServiceError OTSParameterInvalid. */
export const checkSchema = ({ tableName, primaryKey, definedColumn }: TableMetaMessage): KeySchema[] => {
  checkTableName(tableName)
  if (primaryKey.length === 0 || primaryKey.length > limits.keyColumns)
    throw parameterInvalid(`The number of primary key columns must be in range: [1, ${limits.keyColumns}].`)
  const schema = primaryKey.map(keySchema)
  const names = new Set<string>()
  for (const { name } of schema) {
    if (names.has(name)) throw parameterInvalid(`Duplicated primary key name: '${name}'.`)
    names.add(name)
  }
  checkAutoIncrement(schema, tableName)
  if (definedColumn.length > limits.definedColumns)
    throw parameterInvalid(`The number of defined columns must be in range: [0, ${limits.definedColumns}].`)
  for (const { name } of definedColumn) checkColumnName(name)
  return schema
}

const checkTimeToLive = (timeToLive: number): number => {
  if (timeToLive === 0 || timeToLive < -1) throw parameterInvalid('TimeToLive cannot be 0 or less than -1.')
  if (timeToLive !== -1 && timeToLive < shortestTimeToLive)
    throw parameterInvalid(`TimeToLive cannot be less than ${shortestTimeToLive}.`)
  return timeToLive
}

const checkMaxVersions = (maxVersions: number): number => {
  if (maxVersions <= 0) throw parameterInvalid('The maximum versions cannot be less than or equal to 0.')
  return maxVersions
}

const checkDeviation = (deviation: number): number => {
  if (deviation < 0) throw parameterInvalid('The maximum deviation must be in range [0, INT64_MAX/1000000].')
  return deviation
}

/** Options as they are after a request; what it leaves out stays as `before`. @throws ServiceError OTSParameterInvalid. */
export const checkOptions = (message: TableOptionsMessage, before?: TableOptions): TableOptions => {
  const timeToLive = sent(message, 'timeToLive') ?? before?.timeToLive
  const maxVersions = sent(message, 'maxVersions') ?? before?.maxVersions
  const deviation = sent(message, 'deviationCellVersionInSec')
  if (timeToLive === undefined) throw parameterInvalid('Time-to-live is missing while creating table.')
  if (maxVersions === undefined) throw parameterInvalid('MaxVersions is missing while creating table.')
  return {
    timeToLive: checkTimeToLive(timeToLive),
    maxVersions: checkMaxVersions(maxVersions),
    deviation: checkDeviation(
      deviation === undefined ? (before?.deviation ?? defaultDeviation) : numberOf(deviation),
    ),
    allowUpdate: sent(message, 'allowUpdate') ?? before?.allowUpdate ?? true,
  }
}

/** @throws ServiceError OTSParameterInvalid. */
export const checkReserved = (
  units: CapacityUnit,
  before: { readonly read: number; readonly write: number } = { read: 0, write: 0 },
): { readonly read: number; readonly write: number } => {
  const read = sent(units, 'read') ?? before.read
  const write = sent(units, 'write') ?? before.write
  for (const value of [read, write])
    if (value < 0 || value > limits.reservedUnits)
      throw parameterInvalid(`Invalid Capacity Unit:${value}. Capacity Unit must be nonnegative.`)
  return { read, write }
}

/** What this emulator does not have is refused rather than ignored. */
export const notEmulated = (what: string): ServiceError => parameterInvalid(`${what} are not emulated.`)
