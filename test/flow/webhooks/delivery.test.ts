import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { sqliteQueue } from '../../../shared/adapters/sqlite/sqlite-queue.ts'
import type { NotificationMessage } from '../../../shared/webhooks/model/delivery.ts'
import type { DeliveryPorts } from '../../support/delivery-service.ts'
import { embeddedStores } from '../../support/stores.ts'
import { deliveryContract } from './delivery.contract.ts'

const openPorts = async (): Promise<DeliveryPorts> => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-delivery-'))
  // By the clock of the test, which leaps: nobody has set it.
  const ofTheTest = { wall: () => Date.now(), steady: () => Date.now() }
  const database = openDatabase(join(folder, 'precheck.db'), ofTheTest)
  const writer = groupCommit(database)
  const openQueue = () =>
    sqliteQueue<NotificationMessage>(database, writer, 'notifications', {
      visibilityTimeoutMs: 60_000,
      maxReceives: 100,
    })
  let queue = openQueue()
  return {
    ...embeddedStores(database, writer),
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
