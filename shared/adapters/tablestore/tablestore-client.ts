import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import TableStore, { type Client as Sdk, type ColumnCondition, type PrimaryKeyBound } from 'tablestore'
import { type Credentials, type CredentialsSource, withCredentials } from '../alibaba-cloud/credentials.ts'
import { withinLimit } from '../alibaba-cloud/limit.ts'
import { type RetryPolicy, defaultRetryPolicy, withRetries } from '../alibaba-cloud/retry.ts'
import { type BatchedRow, repeatFailed } from './batch.ts'
import { type Columns, type Key, type RowWrite, columnsOf, keyOf, sdkChange, sdkKey } from './rows.ts'
import {
  isConditionFailure,
  isCredentialRefusal,
  isTransient,
  tablestoreErrorOf,
} from './tablestore-error.ts'

/** Where an instance of Tablestore is, and how it is asked. */
export interface TablestoreSettings {
  /** With its scheme, for example `https://precheck.cn-hangzhou.vpc.tablestore.aliyuncs.com`. */
  readonly endpoint: string
  readonly instanceName: string
  readonly credentials: CredentialsSource
  /** Time for one answer, ms. The default leaves room for another try within the budget of the retries. */
  readonly timeoutMs?: number
  readonly retry?: RetryPolicy
}

/** Neighbouring rows: from `start`, which belongs to them, towards `end`, which does not. */
export interface RangeRequest {
  readonly table: string
  readonly direction: 'FORWARD' | 'BACKWARD'
  readonly start: PrimaryKeyBound
  readonly end: PrimaryKeyBound
  /** Rows at most; there may be fewer, and more to come. */
  readonly limit: number
  /** Columns that are read; left out: all. A row without any of them is passed over, unless they hold one of its key. */
  readonly columns?: readonly string[]
  /** Rows for which it does not hold are passed over. It sees the columns that are read. */
  readonly filter?: ColumnCondition
}

/** Rows of a range. `next` is the key where the following ones begin; null at its end. */
export interface RangePage {
  readonly rows: readonly { readonly key: Key; readonly columns: Columns }[]
  readonly next: Key | null
}

/**
 * What became of a conditional write. `refused`: the row was not as expected, and nothing was written. `unclear`: it is
 * not as expected now, and an earlier attempt whose answer was lost may be the reason: read who wrote it.
 */
export type WriteOutcome = 'written' | 'refused' | 'unclear'

/**
 * The requests that the adapters make, typed. Each is repeated while what it fails with may pass, and rejects with
 * `TablestoreError`.
 */
export interface TablestoreClient {
  /** Null where there is no row, or none of the wanted columns in it. Strongly consistent. */
  readonly getRow: (table: string, key: Key, columns?: readonly string[]) => Promise<Columns | null>
  /** In the order of the keys, which are `batchLimit` at most; null where there is no row. */
  readonly batchGetRow: (table: string, keys: readonly Key[]) => Promise<readonly (Columns | null)[]>
  readonly getRange: (request: RangeRequest) => Promise<RangePage>
  readonly writeRow: (row: RowWrite) => Promise<WriteOutcome>
  /**
   * Writes rows of different tables in one request, each by itself ("BatchWriteRow", API reference): when it rejects,
   * some may be written. Tells of each whether its condition held; where it did not, the row is left as it is, and an
   * earlier attempt whose answer was lost may have written it.
   */
  readonly batchWriteRow: (rows: readonly RowWrite[]) => Promise<readonly boolean[]>
  /** Any other operation that may be done twice. */
  readonly ask: <Answer>(operation: string, call: (sdk: Sdk) => Promise<Answer>) => Promise<Answer>
}

/** Rows that one BatchGetRow may name (manual, "Limitations of the wide column model"). */
export const batchLimit = 100

/** Rows that one GetRange gives at most (same page). */
export const rangeLimit = 5000

const operations = { put: 'PutRow', update: 'UpdateRow', delete: 'DeleteRow' } as const

const send = (sdk: Sdk, row: RowWrite): Promise<unknown> => {
  const change = sdkChange(row)
  const { primaryKey } = change
  const request = { tableName: row.table, primaryKey, condition: row.condition }
  switch (change.type) {
    case 'PUT':
      return sdk.putRow({ ...request, attributeColumns: change.attributeColumns })
    case 'UPDATE':
      return sdk.updateRow({ ...request, updateOfAttributeColumns: change.attributeColumns })
    case 'DELETE':
      return sdk.deleteRow(request)
  }
}

/** Asks one request at a time, as whom the credentials say now, within the time for an answer. */
const asker = ({ endpoint, instanceName, credentials: source, timeoutMs = 2000 }: TablestoreSettings) => {
  const Agent = endpoint.startsWith('https:') ? HttpsAgent : HttpAgent
  const agent = new Agent({ keepAlive: true })

  const sdkWith = ({ accessKeyId, accessKeySecret, securityToken }: Credentials): Sdk =>
    new TableStore.Client({
      accessKeyId,
      secretAccessKey: accessKeySecret,
      ...(securityToken !== undefined && { stsToken: securityToken }),
      endpoint,
      instancename: instanceName,
      // The SDK does not read the codes of the service, so that it cannot tell what to repeat.
      maxRetries: 0,
      httpOptions: { timeout: timeoutMs, agent },
    })

  const attemptRequest = async <Answer>(
    operation: string,
    call: (sdk: Sdk) => Promise<Answer>,
    credentials: Credentials,
  ): Promise<Answer> => {
    try {
      // The SDK itself waits for ever when a connection breaks within an answer.
      return await withinLimit(timeoutMs, call(sdkWith(credentials)))
    } catch (fault) {
      throw tablestoreErrorOf(fault, operation)
    }
  }

  return <Answer>(operation: string, call: (sdk: Sdk) => Promise<Answer>): Promise<Answer> =>
    withCredentials(source, isCredentialRefusal, (credentials) =>
      attemptRequest(operation, call, credentials),
    )
}

/**
 * A client of Tablestore. Credentials are asked for before every request; when the service refuses them, the source is
 * asked once more, in case they ended on the way. Connections are kept alive.
 */
export const tablestoreClient = (settings: TablestoreSettings): TablestoreClient => {
  const { retry = defaultRetryPolicy } = settings
  const askOnce = asker(settings)
  const retrying = <Value>(call: () => Promise<Value>): Promise<Value> =>
    withRetries(retry, isTransient, call)

  return {
    getRow: async (tableName, key, columnsToGet = []) => {
      const request = { tableName, primaryKey: sdkKey(key), columnsToGet, maxVersions: 1 }
      const { row } = await retrying(() => askOnce('GetRow', (sdk) => sdk.getRow(request)))
      return row.attributes ? columnsOf(row.attributes) : null
    },

    batchGetRow: (tableName, keys) =>
      repeatFailed(keys, retrying, async (wanted): Promise<BatchedRow<Columns | null>[]> => {
        const table = { tableName, primaryKey: wanted.map(sdkKey), maxVersions: 1 }
        const { tables } = await askOnce('BatchGetRow', (sdk) => sdk.batchGetRow({ tables: [table] }))
        return (tables[0] ?? []).map(({ isOk, errorCode, attributes }) =>
          isOk ? { value: attributes && columnsOf(attributes) } : { code: errorCode },
        )
      }),

    getRange: async ({ table, direction, start, end, limit, columns = [], filter }) => {
      const request = {
        tableName: table,
        direction,
        inclusiveStartPrimaryKey: start,
        exclusiveEndPrimaryKey: end,
        limit,
        columnsToGet: columns,
        ...(filter && { columnFilter: filter }),
        maxVersions: 1,
      }
      const page = await retrying(() => askOnce('GetRange', (sdk) => sdk.getRange(request)))
      const rows = page.rows.map((row) => ({
        key: keyOf(row.primaryKey),
        columns: columnsOf(row.attributes),
      }))
      return { rows, next: page.nextStartPrimaryKey && keyOf(page.nextStartPrimaryKey) }
    },

    writeRow: async (row) => {
      let attempts = 0
      try {
        await retrying(() => {
          attempts += 1
          return askOnce(operations[row.kind], (sdk) => send(sdk, row))
        })
        return 'written'
      } catch (fault) {
        if (!isConditionFailure(fault)) throw fault
        return attempts > 1 ? 'unclear' : 'refused'
      }
    },

    batchWriteRow: (rows) =>
      repeatFailed(rows, retrying, async (unwritten): Promise<BatchedRow<boolean>[]> => {
        const tables = unwritten.map((row) => ({ tableName: row.table, rows: [sdkChange(row)] }))
        const answer = await askOnce('BatchWriteRow', (sdk) => sdk.batchWriteRow({ tables }))
        return answer.tables.map(({ isOk, errorCode }) =>
          isOk || errorCode === 'OTSConditionCheckFail' ? { value: isOk } : { code: errorCode },
        )
      }),

    ask: (operation, call) => retrying(() => askOnce(operation, call)),
  }
}
