import {
  type TablestoreClient,
  type TablestoreSettings,
  tablestoreClient,
} from '../../shared/adapters/tablestore/tablestore-client.ts'
import { tableSchemas } from '../../shared/adapters/tablestore/tables.ts'
import type { Fault } from '../emulators/tablestore/faults.ts'
import { type TablestoreEmulator, startTablestore } from '../emulators/tablestore/server.ts'

const owner = { accessKeyId: 'owner-key', accessKeySecret: 'owner-secret' }

/** An emulator with the tables of the product. */
export interface TablestoreStore {
  readonly emulator: TablestoreEmulator
  /** Another client, which gives up at the first failure unless told otherwise. */
  readonly connect: (own?: Partial<TablestoreSettings>) => TablestoreClient
}

/** Creates the tables of the product. */
const createTables = async (client: TablestoreClient): Promise<void> => {
  for (const { name, primaryKey, timeToLive, maxVersions } of tableSchemas) {
    const columns = primaryKey.map((column) => ({ name: column, type: 'STRING' as const }))
    await client.ask('CreateTable', (sdk) =>
      sdk.createTable({
        tableMeta: { tableName: name, primaryKey: columns },
        reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
        tableOptions: { timeToLive, maxVersions },
      }),
    )
  }
}

/** Starts an emulator; `now` is the clock of its tables, ms since 1970. */
export const startTablestoreStore = async (now: () => number = Date.now): Promise<TablestoreStore> => {
  const emulator = await startTablestore({
    instanceName: 'precheck',
    accessKeys: [{ id: owner.accessKeyId, secret: owner.accessKeySecret }],
    now,
  })
  const connect: TablestoreStore['connect'] = (own = {}) =>
    tablestoreClient({
      endpoint: emulator.endpoint,
      instanceName: 'precheck',
      credentials: () => owner,
      retry: { attempts: 1, baseDelayMs: 0, maxDelayMs: 0, budgetMs: 0 },
      // An answer comes at once, unless the machine is busy.
      timeoutMs: 60_000,
      ...own,
    })
  await createTables(connect())
  emulator.resetUsage()
  return { emulator, connect }
}

const writes = ['PutRow', 'UpdateRow', 'DeleteRow', 'BatchWriteRow']

export const isWrite = (operation: string): boolean => writes.includes(operation)

/** Strikes writes by their number, from 1; returns how many came. */
export const strikeWrites = (
  { emulator }: TablestoreStore,
  strike: (number: number) => Fault | undefined,
): (() => number) => {
  let seen = 0
  emulator.onRequest(({ operation }) => {
    if (!isWrite(operation)) return undefined
    seen += 1
    return strike(seen)
  })
  return () => seen
}
