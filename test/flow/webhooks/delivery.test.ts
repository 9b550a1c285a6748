import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { sqliteQueue } from '../../../shared/adapters/sqlite/sqlite-queue.ts'
import { sqliteResults } from '../../../shared/adapters/sqlite/sqlite-results.ts'
import { sqliteSweeps } from '../../../shared/adapters/sqlite/sqlite-sweeps.ts'
import { sqliteWebhookDeliveries } from '../../../shared/adapters/sqlite/sqlite-webhook-deliveries.ts'
import { sqliteWebhookTraffics } from '../../../shared/adapters/sqlite/sqlite-webhook-traffics.ts'
import { sqliteWebhooks } from '../../../shared/adapters/sqlite/sqlite-webhooks.ts'
import type { NotificationMessage } from '../../../shared/webhooks/model/delivery.ts'
import type { DeliveryPorts } from '../../support/delivery-service.ts'
import { deliveryContract } from './delivery.contract.ts'

const openPorts = async (): Promise<DeliveryPorts> => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-delivery-'))
  const database = openDatabase(join(folder, 'precheck.db'))
  const writer = groupCommit(database)
  const openQueue = () =>
    sqliteQueue<NotificationMessage>(database, writer, 'notifications', {
      visibilityTimeoutMs: 60_000,
      maxReceives: 100,
    })
  let queue = openQueue()
  return {
    webhooks: sqliteWebhooks(database, writer),
    deliveries: sqliteWebhookDeliveries(database, writer),
    traffics: sqliteWebhookTraffics(database, writer),
    results: sqliteResults(database, writer),
    sweeps: sqliteSweeps(database, writer),
    notifications: { send: (messages, options) => queue.send(messages, options) },
    // Its alarm waits by the clock of the system; a queue that is opened sees what has become due by the clock of the
    // test.
    consumer: () => {
      queue.close()
      queue = openQueue()
      return queue
    },
    written: () =>
      JSON.stringify(database.connection.prepare('SELECT document FROM webhook_deliveries').all()),
    close: async () => {
      queue.close()
      writer.close()
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

deliveryContract('the embedded ports', openPorts)
