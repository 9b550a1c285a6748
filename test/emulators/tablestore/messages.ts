import { createRequire } from 'node:module'
import { parameterInvalid } from './errors.ts'

/**
 * The protobuf messages of the service (API version 2015-12-31), as the SDK ships them compiled. It ships no types:
 * those here name the fields that are used. A field that was not sent reads as a default of its prototype; `sent` tells
 * the two apart.
 */

/** A 64-bit integer: the SDK's protobuf library decodes it to an object, and takes a number. */
export type Int64 = number | { toString(): string }

export interface Codec<Message> {
  decode(bytes: Uint8Array): Message
  encode(message: Message): { finish(): Uint8Array }
}

export interface CapacityUnit {
  readonly read?: number
  readonly write?: number
}

export interface ConsumedCapacity {
  readonly capacityUnit: CapacityUnit
}

export interface KeySchemaMessage {
  readonly name: string
  readonly type: number
  readonly option?: number
}

export interface TableMetaMessage {
  readonly tableName: string
  readonly primaryKey: readonly KeySchemaMessage[]
  readonly definedColumn: readonly { readonly name: string; readonly type: number }[]
}

export interface TableOptionsMessage {
  readonly timeToLive?: number
  readonly maxVersions?: number
  readonly deviationCellVersionInSec?: Int64
  readonly allowUpdate?: boolean
}

interface StreamSpecification {
  readonly enableStream: boolean
}

export interface CreateTableRequest {
  readonly tableMeta: TableMetaMessage
  readonly reservedThroughput: ConsumedCapacity
  readonly tableOptions?: TableOptionsMessage | null
  readonly streamSpec?: StreamSpecification | null
  readonly indexMetas: readonly unknown[]
}

export interface UpdateTableRequest {
  readonly tableName: string
  readonly reservedThroughput?: ConsumedCapacity | null
  readonly tableOptions?: TableOptionsMessage | null
  readonly streamSpec?: StreamSpecification | null
}

/** Times are in seconds since 1970. */
export interface ReservedThroughputDetails {
  readonly capacityUnit: CapacityUnit
  readonly lastIncreaseTime: Int64
  readonly lastDecreaseTime?: Int64
}

interface UpdateTableAnswer {
  readonly reservedThroughputDetails: ReservedThroughputDetails
  readonly tableOptions: TableOptionsMessage
}

interface DescribeTableAnswer extends UpdateTableAnswer {
  readonly tableMeta: TableMetaMessage
  readonly tableStatus: number
}

interface NamesTable {
  readonly tableName: string
}

export interface ConditionMessage {
  readonly rowExistence: number
  readonly columnCondition?: Uint8Array
}

export interface ReturnContent {
  readonly returnType?: number
  readonly returnColumnNames: readonly string[]
}

interface InTransaction {
  readonly transactionId?: string
}

interface WriteMessage extends InTransaction {
  readonly condition: ConditionMessage
  readonly returnContent?: ReturnContent | null
}

interface PutRowRequest extends NamesTable, WriteMessage {
  readonly row: Uint8Array
}

interface UpdateRowRequest extends NamesTable, WriteMessage {
  readonly rowChange: Uint8Array
}

interface DeleteRowRequest extends NamesTable, WriteMessage {
  readonly primaryKey: Uint8Array
}

export interface WrittenRowAnswer {
  readonly consumed: ConsumedCapacity
  readonly row?: Uint8Array
}

export interface TimeRange {
  readonly startTime?: Int64
  readonly endTime?: Int64
  readonly specificTime?: Int64
}

/** What is read of a row; the same in GetRow, BatchGetRow and GetRange. */
export interface SelectionMessage {
  readonly columnsToGet: readonly string[]
  readonly timeRange?: TimeRange | null
  readonly maxVersions?: number
  readonly filter?: Uint8Array
  readonly startColumn?: string
  readonly endColumn?: string
}

interface GetRowRequest extends NamesTable, SelectionMessage, InTransaction {
  readonly primaryKey: Uint8Array
}

interface GetRowAnswer {
  readonly consumed: ConsumedCapacity
  readonly row: Uint8Array
}

export interface GetRangeRequest extends NamesTable, SelectionMessage, InTransaction {
  readonly direction: number
  readonly limit?: number
  readonly inclusiveStartPrimaryKey: Uint8Array
  readonly exclusiveEndPrimaryKey: Uint8Array
}

export interface GetRangeAnswer {
  readonly consumed: ConsumedCapacity
  readonly rows: Uint8Array
  readonly nextStartPrimaryKey?: Uint8Array
}

export interface TableInBatchGetRow extends NamesTable, SelectionMessage {
  readonly primaryKey: readonly Uint8Array[]
}

export interface RowInBatchWriteRow {
  readonly type: number
  readonly rowChange: Uint8Array
  readonly condition: ConditionMessage
  readonly returnContent?: ReturnContent | null
}

export interface TableInBatchWriteRow extends NamesTable {
  readonly rows: readonly RowInBatchWriteRow[]
}

interface ErrorMessage {
  readonly code: string
  readonly message?: string
}

export interface RowInBatchAnswer {
  readonly isOk: boolean
  readonly error?: ErrorMessage
  readonly consumed?: ConsumedCapacity
  readonly row?: Uint8Array
}

export interface BatchAnswer {
  readonly tables: readonly { readonly tableName: string; readonly rows: readonly RowInBatchAnswer[] }[]
}

type Nothing = Readonly<Record<string, never>>

interface MainMessages {
  readonly Error: Codec<ErrorMessage>
  readonly CreateTableRequest: Codec<CreateTableRequest>
  readonly CreateTableResponse: Codec<Nothing>
  readonly UpdateTableRequest: Codec<UpdateTableRequest>
  readonly UpdateTableResponse: Codec<UpdateTableAnswer>
  readonly DescribeTableRequest: Codec<NamesTable>
  readonly DescribeTableResponse: Codec<DescribeTableAnswer>
  readonly ListTableRequest: Codec<Nothing>
  readonly ListTableResponse: Codec<{ readonly tableNames: readonly string[] }>
  readonly DeleteTableRequest: Codec<NamesTable>
  readonly DeleteTableResponse: Codec<Nothing>
  readonly PutRowRequest: Codec<PutRowRequest>
  readonly PutRowResponse: Codec<WrittenRowAnswer>
  readonly UpdateRowRequest: Codec<UpdateRowRequest>
  readonly UpdateRowResponse: Codec<WrittenRowAnswer>
  readonly DeleteRowRequest: Codec<DeleteRowRequest>
  readonly DeleteRowResponse: Codec<WrittenRowAnswer>
  readonly GetRowRequest: Codec<GetRowRequest>
  readonly GetRowResponse: Codec<GetRowAnswer>
  readonly GetRangeRequest: Codec<GetRangeRequest>
  readonly GetRangeResponse: Codec<GetRangeAnswer>
  readonly BatchGetRowRequest: Codec<{ readonly tables: readonly TableInBatchGetRow[] }>
  readonly BatchGetRowResponse: Codec<BatchAnswer>
  readonly BatchWriteRowRequest: Codec<{ readonly tables: readonly TableInBatchWriteRow[] } & InTransaction>
  readonly BatchWriteRowResponse: Codec<BatchAnswer>
}

export interface FilterMessage {
  readonly type: number
  readonly filter: Uint8Array
}

interface SingleColumnMessage {
  readonly comparator: number
  readonly columnName: string
  readonly columnValue: Uint8Array
  readonly filterIfMissing: boolean
  readonly latestVersionOnly: boolean
}

interface FilterMessages {
  readonly Filter: Codec<FilterMessage>
  readonly SingleColumnValueFilter: Codec<SingleColumnMessage>
  readonly CompositeColumnValueFilter: Codec<{
    readonly combinator: number
    readonly subFilters: readonly FilterMessage[]
  }>
  readonly ColumnPaginationFilter: Codec<{ readonly offset: number; readonly limit: number }>
}

interface Protocol {
  readonly main: { readonly proto: MainMessages }
  readonly filter: { readonly proto: FilterMessages }
}

const protocol: Protocol = createRequire(import.meta.url)(
  'tablestore/lib/protocol/tablestore_compiled_proto.js',
)

export const messages = protocol.main.proto
export const filterMessages = protocol.filter.proto

/** @throws ServiceError OTSParameterInvalid. */
export const decode = <Message>(codec: Codec<Message>, bytes: Uint8Array): Message => {
  try {
    return codec.decode(bytes)
  } catch {
    throw parameterInvalid('Parse PBMessage from RawString failed.')
  }
}

/** A field of a decoded message, or undefined when it was not sent. */
export const sent = <Message extends object, Field extends keyof Message>(
  message: Message,
  field: Field,
): Message[Field] | undefined => (Object.hasOwn(message, field) ? message[field] : undefined)

export const numberOf = (value: Int64): number => Number(value.toString())
