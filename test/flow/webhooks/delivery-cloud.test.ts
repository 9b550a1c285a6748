import Sdk from '@alicloud/mns'
import { mnsClient } from '../../../shared/adapters/mns/mns-client.ts'
import { mnsConsumer } from '../../../shared/adapters/mns/mns-consumer.ts'
import { mnsQueue } from '../../../shared/adapters/mns/mns-queue.ts'
import type { NotificationMessage } from '../../../shared/webhooks/model/delivery.ts'
import { startMns } from '../../emulators/mns/server.ts'
import type { DeliveryPorts } from '../../support/delivery-service.ts'
import { cloudStores } from '../../support/stores.ts'
import { startTablestoreStore } from '../../support/tablestore-store.ts'
import { deliveryContract } from './delivery.contract.ts'

const account = {
  name: 'owner',
  accountId: '1234567890',
  accessKeyId: 'LTAIowner',
  accessKeySecret: 'secret',
}

/** The clock of the test, wherever it stands. */
const now = (): number => Date.now()

const openPorts = async (): Promise<DeliveryPorts> => {
  const [mns, store] = await Promise.all([
    startMns({ accountId: account.accountId, accessKeys: [account], now }),
    startTablestoreStore(now),
  ])
  const sdk = new Sdk(account.accountId, { ...account, endpoint: mns.endpoint })
  await sdk.createQueue('notifications', { VisibilityTimeout: 60 })
  const queues = mnsClient({
    accountId: account.accountId,
    region: 'cn-hangzhou',
    endpoint: mns.endpoint,
    credentials: () => account,
  })
  const tables = store.connect()
  return {
    ...cloudStores(tables),
    notifications: mnsQueue<NotificationMessage>(queues, 'notifications'),
    consumer: () => mnsConsumer(queues, 'notifications'),
    written: () => JSON.stringify(store.emulator.tables()),
    close: async () => {
      await Promise.all([mns.close(), store.emulator.close()])
    },
  }
}

deliveryContract('the ports of the cloud', openPorts)
