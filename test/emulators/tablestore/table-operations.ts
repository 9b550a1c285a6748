import { ServiceError, parameterInvalid, quotaExhausted, tableExists } from './errors.ts'
import { limits } from './limits.ts'
import {
  type CapacityUnit,
  type CreateTableRequest,
  type ReservedThroughputDetails,
  type TableMetaMessage,
  type TableOptionsMessage,
  type UpdateTableRequest,
  messages,
  sent,
} from './messages.ts'
import { type Context, operation, tableNamed } from './operation.ts'
import type { Reserved, Table } from './table.ts'
import { checkOptions, checkReserved, checkSchema, notEmulated } from './table-checks.ts'

/** Reserved capacity units may change once in this time (product manual, "Limits"). */
const adjustmentIntervalMs = 2 * 60 * 1000

const active = 1
const keyTypes = { integer: 1, string: 2, binary: 3 } as const
const autoIncrement = 1

const create = (request: CreateTableRequest, { tables, now }: Context): void => {
  const schema = checkSchema(request.tableMeta)
  if (request.indexMetas.length > 0) throw notEmulated('Secondary indexes')
  if (request.streamSpec?.enableStream) throw notEmulated('Streams')
  const options = checkOptions(request.tableOptions ?? {})
  const reserved = checkReserved(request.reservedThroughput.capacityUnit)
  const { tableName, definedColumn } = request.tableMeta
  if (tables.has(tableName)) throw tableExists()
  if (tables.size >= limits.tables) throw quotaExhausted('Number of tables exceeded the quota.')
  tables.set(tableName, {
    name: tableName,
    schema,
    definedColumns: definedColumn.map(({ name, type }) => ({ name, type })),
    options,
    reserved: { ...reserved, increasedAt: now },
    lastAutoIncrement: now > 0 ? BigInt(now) * 1000n : 0n,
    rows: [],
  })
}

export const createTable = operation(
  messages.CreateTableRequest,
  messages.CreateTableResponse,
  ({ tableMeta }) => [tableMeta.tableName],
  (request, context) => {
    create(request, context)
    return {}
  },
)

const optionsMessage = ({ options }: Table): TableOptionsMessage => ({
  timeToLive: options.timeToLive,
  maxVersions: options.maxVersions,
  deviationCellVersionInSec: options.deviation,
  allowUpdate: options.allowUpdate,
})

const seconds = (ms: number): number => Math.floor(ms / 1000)

const reservedDetails = ({ reserved }: Table): ReservedThroughputDetails => ({
  capacityUnit: { read: reserved.read, write: reserved.write },
  lastIncreaseTime: seconds(reserved.increasedAt),
  ...(reserved.decreasedAt !== undefined && { lastDecreaseTime: seconds(reserved.decreasedAt) }),
})

const adjusted = ({ reserved }: Table, units: CapacityUnit, now: number): Reserved => {
  const next = checkReserved(units, reserved)
  const lastChange = Math.max(reserved.increasedAt, reserved.decreasedAt ?? 0)
  if (next.read === reserved.read && next.write === reserved.write) return reserved
  if (now - lastChange < adjustmentIntervalMs)
    throw new ServiceError(
      403,
      'OTSTooFrequentReservedThroughputAdjustment',
      'Capacity unit adjustment is too frequent.',
    )
  const decreases = next.read < reserved.read || next.write < reserved.write
  const increases = next.read > reserved.read || next.write > reserved.write
  return {
    ...reserved,
    ...next,
    ...(increases && { increasedAt: now }),
    ...(decreases && { decreasedAt: now }),
  }
}

const update = (request: UpdateTableRequest, context: Context): Table => {
  const table = tableNamed(context, request.tableName)
  if (request.streamSpec?.enableStream) throw notEmulated('Streams')
  const options = sent(request, 'tableOptions') ?? {}
  const throughput = sent(request, 'reservedThroughput')
  if (Object.keys(options).length === 0 && !throughput)
    throw parameterInvalid('No parameter is specified in table options.')
  const nextOptions = checkOptions(options, table.options)
  if (throughput) table.reserved = adjusted(table, throughput.capacityUnit, context.now)
  table.options = nextOptions
  return table
}

export const updateTable = operation(
  messages.UpdateTableRequest,
  messages.UpdateTableResponse,
  ({ tableName }) => [tableName],
  (request, context) => {
    const table = update(request, context)
    return { reservedThroughputDetails: reservedDetails(table), tableOptions: optionsMessage(table) }
  },
)

const metaMessage = ({ name, schema, definedColumns }: Table): TableMetaMessage => ({
  tableName: name,
  primaryKey: schema.map((column) => ({
    name: column.name,
    type: keyTypes[column.type],
    ...(column.autoIncrement && { option: autoIncrement }),
  })),
  definedColumn: definedColumns,
})

export const describeTable = operation(
  messages.DescribeTableRequest,
  messages.DescribeTableResponse,
  ({ tableName }) => [tableName],
  ({ tableName }, context) => {
    const table = tableNamed(context, tableName)
    return {
      tableMeta: metaMessage(table),
      reservedThroughputDetails: reservedDetails(table),
      tableOptions: optionsMessage(table),
      tableStatus: active,
    }
  },
)

export const listTable = operation(
  messages.ListTableRequest,
  messages.ListTableResponse,
  () => [],
  (_, { tables }) => ({ tableNames: [...tables.keys()].sort() }),
)

export const deleteTable = operation(
  messages.DeleteTableRequest,
  messages.DeleteTableResponse,
  ({ tableName }) => [tableName],
  ({ tableName }, context) => {
    context.tables.delete(tableNamed(context, tableName).name)
    return {}
  },
)
