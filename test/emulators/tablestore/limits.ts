import { parameterInvalid } from './errors.ts'

/** Limits of the wide column model (product manual, "Limitations of the wide column model"). Sizes in bytes. */
export const limits = {
  tables: 64,
  name: 255,
  keyColumns: 4,
  keyValue: 1024,
  definedColumns: 32,
  attributeValue: 2 * 1024 * 1024,
  /** Attribute columns that one row of a request may write. */
  writtenColumns: 1024,
  columnsToGet: 128,
  /** One PutRow or UpdateRow, or a whole BatchWriteRow. */
  writtenBytes: 4 * 1024 * 1024,
  batchWriteRows: 200,
  batchGetRows: 100,
  rangeRows: 5000,
  rangeBytes: 4 * 1024 * 1024,
  requestBody: 5 * 1024 * 1024,
  /** Nodes of a filter, the combining ones included. */
  filterNodes: 32,
  /** Column conditions of a conditional write. */
  conditions: 10,
  reservedUnits: 100_000,
} as const

const validName = /^[A-Za-z_][A-Za-z0-9_]*$/

const isName = (name: string): boolean => validName.test(name) && name.length <= limits.name

/** @throws ServiceError OTSParameterInvalid. */
export const checkTableName = (name: string): void => {
  if (!isName(name)) throw parameterInvalid(`Invalid table name: '${name}'.`)
}

/** @throws ServiceError OTSParameterInvalid. */
export const checkColumnName = (name: string): void => {
  if (!isName(name)) throw parameterInvalid(`Invalid column name: '${name}'.`)
}
