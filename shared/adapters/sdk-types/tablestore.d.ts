/**
 * What this product uses of `tablestore` 5.6.5, which has no types of its own. True to its source: `lib/client.js`,
 * `lib/filter.js`, `lib/metadata.js`, `lib/protocol/encoder.js` and `decoder.js`. Without a callback every operation
 * returns a promise.
 *
 * The module is one object, so that it has a default import only. Its integers are `Long`: a number is written as a
 * double.
 */
declare module 'tablestore' {
  import type { Agent } from 'node:http'

  export interface Long {
    /** Exact. */
    toString(radix?: number): string
    /** Rounded beyond 2^53. */
    toNumber(): number
    toBuffer(): Buffer
  }

  /** The SDK knows these two by identity: they are empty objects. */
  const infinite: unique symbol
  export interface Infinite {
    readonly [infinite]: true
  }

  export type PrimaryKeyValue = string | Long | Buffer
  export type ColumnValue = string | Long | Buffer | number | boolean

  /** One object for each column, in the table's order: `[{ instanceId: 'db-1' }, { startedAt: … }]`. */
  export type PrimaryKey = readonly Readonly<Record<string, PrimaryKeyValue>>[]
  export type PrimaryKeyBound = readonly Readonly<Record<string, PrimaryKeyValue | Infinite>>[]

  /** One object for each column, with one key: of several keys the first alone is written. `timestamp` is no column name: it is the version. */
  export type Columns = readonly Readonly<Record<string, ColumnValue>>[]

  export type ColumnUpdate =
    | { readonly PUT: Columns }
    | { readonly INCREMENT: readonly Readonly<Record<string, Long>>[] }
    | { readonly DELETE_ALL: readonly string[] }

  export type RowExistence = 0 | 1 | 2
  export type Comparator = 1 | 2 | 3 | 4 | 5 | 6
  export type Combinator = 1 | 2 | 3

  export interface SingleColumnCondition {
    readonly columnName: string
    readonly columnValue: ColumnValue
    readonly comparator: Comparator
    readonly passIfMissing: boolean
    readonly latestVersionOnly: boolean
  }
  export interface CompositeCondition {
    readonly combinator: Combinator
    readonly sub_conditions: readonly ColumnCondition[]
    addSubCondition(condition: ColumnCondition): void
  }
  export type ColumnCondition = SingleColumnCondition | CompositeCondition
  export interface Condition {
    readonly rowExistenceExpectation: RowExistence
    readonly columnCondition: ColumnCondition | null
  }

  export interface ReturnContent {
    readonly returnType: 0 | 1 | 2
    readonly returnColumns?: readonly string[]
  }

  export interface ClientConfig {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly stsToken?: string
    /** `http://…` or `https://…` */
    readonly endpoint: string
    readonly instancename: string
    /** Held by the module: the last client that gave it sets it for all. 20 at first, for reads and for what is throttled. */
    readonly maxRetries?: number
    readonly httpOptions?: {
      /** Milliseconds without a byte; none by default. */
      readonly timeout?: number
      readonly maxSockets?: number
      readonly agent?: Agent
    }
  }

  export interface GetRowRequest {
    readonly tableName: string
    readonly primaryKey: PrimaryKey
    readonly columnsToGet?: readonly string[]
    readonly columnFilter?: ColumnCondition
    readonly maxVersions?: number
  }
  export interface PutRowRequest {
    readonly tableName: string
    /** The SDK fails without it, though it means to have a default. */
    readonly condition: Condition
    readonly primaryKey: PrimaryKey
    readonly attributeColumns: Columns
    readonly returnContent?: ReturnContent
  }
  export interface UpdateRowRequest {
    readonly tableName: string
    readonly condition: Condition
    readonly primaryKey: PrimaryKey
    readonly updateOfAttributeColumns: readonly ColumnUpdate[]
    readonly returnContent?: ReturnContent
  }
  export interface DeleteRowRequest {
    readonly tableName: string
    readonly condition: Condition
    readonly primaryKey: PrimaryKey
    readonly returnContent?: ReturnContent
  }
  export interface GetRangeRequest {
    readonly tableName: string
    readonly direction: 'FORWARD' | 'BACKWARD'
    readonly inclusiveStartPrimaryKey: PrimaryKeyBound
    readonly exclusiveEndPrimaryKey: PrimaryKeyBound
    readonly columnsToGet?: readonly string[]
    readonly columnFilter?: ColumnCondition
    readonly maxVersions?: number
    readonly limit?: number
  }
  export interface BatchGetRowRequest {
    readonly tables: readonly {
      readonly tableName: string
      readonly primaryKey: readonly PrimaryKey[]
      readonly columnsToGet?: readonly string[]
      readonly columnFilter?: ColumnCondition
      readonly maxVersions?: number
    }[]
  }

  interface RowWrite {
    readonly primaryKey: PrimaryKey
    readonly condition?: Condition
    readonly returnContent?: ReturnContent
  }
  export type RowChange =
    | (RowWrite & { readonly type: 'PUT'; readonly attributeColumns: Columns })
    | (RowWrite & { readonly type: 'UPDATE'; readonly attributeColumns: readonly ColumnUpdate[] })
    | (RowWrite & { readonly type: 'DELETE' })
  export interface BatchWriteRowRequest {
    readonly tables: readonly { readonly tableName: string; readonly rows: readonly RowChange[] }[]
  }

  export interface CapacityUnit {
    readonly read: number
    readonly write: number
  }
  interface Metered {
    readonly consumed: { readonly capacityUnit: CapacityUnit }
  }
  interface Answered {
    /** Undefined when the service sent none. */
    readonly RequestId?: string | undefined
  }

  /** Not the shape of a request's key: each is `{ name, value }`. */
  export type ReadPrimaryKey = readonly { readonly name: string; readonly value: PrimaryKeyValue }[]
  export interface ReadColumn {
    readonly columnName: string
    readonly columnValue: ColumnValue
    readonly timestamp: Long | null
  }
  export interface Row {
    readonly primaryKey: ReadPrimaryKey
    readonly attributes: readonly ReadColumn[]
  }

  export interface RowResponse extends Metered, Answered {
    /** `{}` when there is no row, or none was asked for. */
    readonly row: Row | { readonly primaryKey?: undefined; readonly attributes?: undefined }
  }
  export interface GetRangeResponse extends Metered, Answered {
    readonly rows: readonly Row[]
    /** Null at the end of the range. */
    readonly nextStartPrimaryKey: ReadPrimaryKey | null
  }

  /** Each row of a batch succeeds or fails by itself. `primaryKey` and `attributes` are null when there is no row. */
  export interface BatchRow {
    readonly isOk: boolean
    readonly errorCode: string | null
    readonly errorMessage: string | null
    readonly tableName: string
    /** An empty text when the service did not count. */
    readonly capacityUnit: CapacityUnit | ''
    readonly primaryKey: ReadPrimaryKey | null
    readonly attributes: readonly ReadColumn[] | null
  }
  export interface BatchGetRowResponse extends Answered {
    /** A list for each table, in the order of the request. */
    readonly tables: readonly (readonly BatchRow[])[]
  }
  export interface BatchWriteRowResponse extends Answered {
    /** One list for all tables, in the order of the request. */
    readonly tables: readonly BatchRow[]
  }

  export interface TableOptions {
    /** Seconds; -1 keeps for ever. */
    readonly timeToLive: number
    readonly maxVersions: number
    readonly allowUpdate?: boolean
  }
  interface ReservedThroughput {
    readonly capacityUnit: CapacityUnit
  }
  export interface CreateTableRequest {
    readonly tableMeta: {
      readonly tableName: string
      readonly primaryKey: readonly {
        readonly name: string
        readonly type: 'INTEGER' | 'STRING' | 'BINARY'
      }[]
    }
    readonly reservedThroughput: ReservedThroughput
    readonly tableOptions: TableOptions
  }
  export interface UpdateTableRequest {
    readonly tableName: string
    readonly tableOptions: TableOptions
    readonly reservedThroughput?: ReservedThroughput
  }
  export interface DescribeTableResponse extends Answered {
    readonly tableMeta: {
      readonly tableName: string
      /** `type`: 1 integer, 2 string, 3 binary. */
      readonly primaryKey: readonly { readonly name: string; readonly type: 1 | 2 | 3 }[]
    }
    readonly reservedThroughputDetails: ReservedThroughput
    readonly tableOptions: TableOptions
    /** 1 active, 2 inactive, 3 loading, 4 unloading, 5 updating. */
    readonly tableStatus: 1 | 2 | 3 | 4 | 5
  }
  export interface UpdateTableResponse extends Answered {
    readonly reservedThroughputDetails: ReservedThroughput
    readonly tableOptions: TableOptions
  }
  export interface ListTableResponse extends Answered {
    readonly tableNames: readonly string[]
  }

  export interface Client {
    getRow(request: GetRowRequest): Promise<RowResponse>
    putRow(request: PutRowRequest): Promise<RowResponse>
    updateRow(request: UpdateRowRequest): Promise<RowResponse>
    deleteRow(request: DeleteRowRequest): Promise<RowResponse>
    getRange(request: GetRangeRequest): Promise<GetRangeResponse>
    batchGetRow(request: BatchGetRowRequest): Promise<BatchGetRowResponse>
    batchWriteRow(request: BatchWriteRowRequest): Promise<BatchWriteRowResponse>
    createTable(request: CreateTableRequest): Promise<Answered>
    updateTable(request: UpdateTableRequest): Promise<UpdateTableResponse>
    describeTable(request: { readonly tableName: string }): Promise<DescribeTableResponse>
    listTable(): Promise<ListTableResponse>
    deleteTable(request: { readonly tableName: string }): Promise<Answered>
  }

  const TableStore: {
    readonly Client: new (config: ClientConfig) => Client
    readonly Long: { fromNumber(value: number): Long; fromString(value: string): Long }
    readonly INF_MIN: Infinite
    readonly INF_MAX: Infinite
    readonly Direction: { readonly FORWARD: 'FORWARD'; readonly BACKWARD: 'BACKWARD' }
    readonly ReturnType: { readonly NONE: 0; readonly Primarykey: 1; readonly AfterModify: 2 }
    readonly RowExistenceExpectation: {
      readonly IGNORE: 0
      readonly EXPECT_EXIST: 1
      readonly EXPECT_NOT_EXIST: 2
    }
    readonly ComparatorType: {
      readonly EQUAL: 1
      readonly NOT_EQUAL: 2
      readonly GREATER_THAN: 3
      readonly GREATER_EQUAL: 4
      readonly LESS_THAN: 5
      readonly LESS_EQUAL: 6
    }
    readonly LogicalOperator: { readonly NOT: 1; readonly AND: 2; readonly OR: 3 }
    readonly Condition: new (expectation: RowExistence, columnCondition?: ColumnCondition | null) => Condition
    readonly CompositeCondition: new (combinator: Combinator) => CompositeCondition
    /** The SDK lets a row without the column pass unless told otherwise: so it is always told here. */
    readonly SingleColumnCondition: new (
      columnName: string,
      columnValue: ColumnValue,
      comparator: Comparator,
      passIfMissing: boolean,
      latestVersionOnly?: boolean,
    ) => SingleColumnCondition
  }
  export default TableStore
}
