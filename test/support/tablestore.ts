import { createRequire } from 'node:module'
import TableStore, { type Client as TypedClient } from 'tablestore'
import { afterEach, beforeEach, expect } from 'vitest'
import { type TablestoreEmulator, startTablestore } from '../emulators/tablestore/server.ts'

/** What tests of the Tablestore stand-in share: a fresh emulator for each of them, and short ways to ask the SDK for something. */

/** What the SDK has and its types do not: they declare only what the product uses. */
export const untypedSdk = createRequire(import.meta.url)('tablestore') as {
  readonly PK_AUTO_INCR: object
  readonly ColumnPaginationFilter: new (limit: number, offset: number) => object
  readonly PlainBufferBuilder: {
    serializeForPutRow(primaryKey: readonly object[], columns: readonly object[]): Buffer
  }
}

/** The client with requests of any shape. */
export type LooseClient = {
  readonly [Operation in keyof TypedClient]: (request: object) => ReturnType<TypedClient[Operation]>
}

/** When the clock of each test starts, ms since 1970. */
export const start = Date.UTC(2026, 0, 1)

export const accessKeys = {
  owner: { id: 'owner-key', secret: 'owner-secret', principal: 'owner' },
  reader: { id: 'reader-key', secret: 'reader-secret', principal: 'reader' },
  role: { id: 'STS.role', secret: 'role-secret', stsToken: 'token-1', expiresAt: start + 3_600_000 },
}

/** The emulator of the running test. `now` is its clock, ms since 1970. */
export const running = { now: start } as { now: number; emulator: TablestoreEmulator; client: LooseClient }

/** A client that does not retry. */
export const connect = (
  key: { readonly id: string; readonly secret: string; readonly stsToken?: string } = accessKeys.owner,
  instancename = 'precheck',
): LooseClient =>
  new TableStore.Client({
    accessKeyId: key.id,
    secretAccessKey: key.secret,
    ...(key.stsToken && { stsToken: key.stsToken }),
    endpoint: running.emulator.endpoint,
    instancename,
    maxRetries: 0,
  }) as never as LooseClient

/** Starts an emulator before each test and ends it after. The reader may only get rows. */
export const useTablestore = (): void => {
  beforeEach(async () => {
    running.now = start
    running.emulator = await startTablestore({
      instanceName: 'precheck',
      accessKeys: Object.values(accessKeys),
      now: () => running.now,
      authorize: (principal, operation) => principal !== 'reader' || operation.startsWith('Get'),
    })
    running.client = connect()
  })
  afterEach(() => running.emulator.close())
}

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly text: string
}

/** What a call was refused with. The SDK leaves the service's code and text in the raw bytes of the message. */
export const refusal = async (call: Promise<unknown>): Promise<Refusal> => {
  const error = await call.then(
    () => expect.fail('The call was not refused'),
    (fault: unknown) => fault as { readonly code: number; readonly message: string },
  )
  return { status: error.code, code: /OTS[A-Za-z]+/.exec(error.message)?.[0] ?? '', text: error.message }
}

const refused =
  (status: number, code: string) =>
  (text = ''): Refusal => ({ status, code, text: expect.stringContaining(text) as string })

export const invalid = refused(400, 'OTSParameterInvalid')
export const invalidKey = refused(400, 'OTSInvalidPK')
export const denied = refused(403, 'OTSAuthFailed')
export const conditionFailed = { status: 403, code: 'OTSConditionCheckFail' }

export const ignore = new TableStore.Condition(0, null)
export const expectExist = new TableStore.Condition(1, null)
export const expectNone = new TableStore.Condition(2, null)

export interface TableSpec {
  readonly name?: string
  readonly key?: readonly object[]
  readonly options?: object
  readonly reserved?: object
}

/** Creates the table `t`, keyed by the text `id`, unless told otherwise. */
export const create = ({
  name = 't',
  key = [{ name: 'id', type: 'STRING' }],
  options = {},
  reserved = {},
}: TableSpec = {}): Promise<unknown> =>
  running.client.createTable({
    tableMeta: { tableName: name, primaryKey: key },
    reservedThroughput: { capacityUnit: { read: 0, write: 0, ...reserved } },
    tableOptions: { timeToLive: -1, maxVersions: 1, ...options },
  })

export const put = (
  id: string,
  columns: readonly object[] = [],
  more: object = {},
): ReturnType<LooseClient['putRow']> =>
  running.client.putRow({
    tableName: 't',
    condition: ignore,
    primaryKey: [{ id }],
    attributeColumns: columns,
    ...more,
  })

export const update = (
  id: string,
  changes: readonly object[],
  more: object = {},
): ReturnType<LooseClient['updateRow']> =>
  running.client.updateRow({
    tableName: 't',
    condition: ignore,
    primaryKey: [{ id }],
    updateOfAttributeColumns: changes,
    ...more,
  })

export const get = (id: string, more: object = {}): ReturnType<LooseClient['getRow']> =>
  running.client.getRow({ tableName: 't', primaryKey: [{ id }], ...more })

/** Columns of a row that was read; undefined for no row. */
export const columnsOf = async (call: ReturnType<typeof get>): Promise<object | undefined> => {
  const { row } = await call
  return (
    row.attributes &&
    Object.fromEntries(row.attributes.map(({ columnName, columnValue }) => [columnName, columnValue]))
  )
}
