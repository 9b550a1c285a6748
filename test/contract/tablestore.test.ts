import { tablestoreClient } from '../../shared/adapters/tablestore/tablestore-client.ts'
import { tablestoreResults } from '../../shared/adapters/tablestore/tablestore-results.ts'
import { tableSchemas } from '../../shared/adapters/tablestore/tables.ts'
import { startTablestore } from '../emulators/tablestore/server.ts'
import { resultsContract } from './results.contract.ts'

const key = { id: 'owner-key', secret: 'owner-secret' }

/** A client of a fresh emulator with all tables. */
const open = async () => {
  const emulator = await startTablestore({ instanceName: 'precheck', accessKeys: [key] })
  const client = tablestoreClient({
    endpoint: emulator.endpoint,
    instanceName: 'precheck',
    credentials: () => ({ accessKeyId: key.id, accessKeySecret: key.secret }),
  })
  for (const { name, primaryKey, timeToLive, maxVersions } of tableSchemas) {
    await client.ask('CreateTable', (sdk) =>
      sdk.createTable({
        tableMeta: {
          tableName: name,
          primaryKey: primaryKey.map((column) => ({ name: column, type: 'STRING' })),
        },
        reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
        tableOptions: { timeToLive, maxVersions },
      }),
    )
  }
  return { client, close: () => emulator.close() }
}

resultsContract('Tablestore', async () => {
  const { client, close } = await open()
  return { results: tablestoreResults(client), close }
})
