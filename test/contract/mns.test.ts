import Sdk from '@alicloud/mns'
import { mnsClient } from '../../shared/adapters/mns/mns-client.ts'
import { mnsConsumer } from '../../shared/adapters/mns/mns-consumer.ts'
import { mnsDeadLetters } from '../../shared/adapters/mns/mns-dead-letters.ts'
import { mnsLook } from '../../shared/adapters/mns/mns-look.ts'
import { mnsQueue } from '../../shared/adapters/mns/mns-queue.ts'
import { letterReader } from '../../shared/runtime/dead-letter.ts'
import { type MnsEmulator, startMns } from '../emulators/mns/server.ts'
import { type DeadLettersUnderTest, deadLettersContract } from './dead-letters.contract.ts'
import { type QueueUnderTest, type TestMessage, contractSettings, queueContract } from './queue.contract.ts'

// A backlog of 20,000 messages takes 3,750 requests here.

const account = {
  name: 'tester',
  accountId: '1234567890',
  accessKeyId: 'LTAItest',
  accessKeySecret: 'secret',
}

/** The service counts in seconds, the contract in milliseconds: the clock of the emulator runs ahead of the real one. */
const speed = 4
const visibilityTimeoutSeconds = 4

/** A clock that runs `speed` times as fast as the real one, and can leap. */
const fastClock = () => {
  const startedAt = Date.now()
  let leapt = 0
  return {
    now: () => startedAt + leapt + (Date.now() - startedAt) * speed,
    leap: (ms: number) => {
      leapt += ms
    },
  }
}

const clientOf = ({ endpoint }: MnsEmulator) =>
  mnsClient({ accountId: account.accountId, region: 'cn-hangzhou', endpoint, credentials: () => account })

const openQueue = (mns: MnsEmulator, restartTakes: () => void): QueueUnderTest => {
  const client = clientOf(mns)
  return {
    queue: { ...mnsQueue<TestMessage>(client, 'tested'), ...mnsConsumer(client, 'tested') },
    look: mnsLook(client, 'tested'),
    deadLetters: () => mns.bodies('dead').map((body) => Buffer.from(body, 'base64').toString('utf8')),
    // The service outlives its clients. What they held comes back when its visibility timeout has passed.
    restart: async () => {
      restartTakes()
      return openQueue(mns, restartTakes)
    },
    close: () => mns.close(),
  }
}

const open = async (): Promise<QueueUnderTest> => {
  const clock = fastClock()
  const mns = await startMns({ accountId: account.accountId, accessKeys: [account], now: clock.now })
  const sdk = new Sdk(account.accountId, { ...account, endpoint: mns.endpoint })
  await sdk.createQueue('dead')
  await sdk.createQueue('tested', { VisibilityTimeout: visibilityTimeoutSeconds })
  mns.setDlqPolicy('tested', {
    Enabled: true,
    DeadLetterTargetQueue: 'dead',
    MaxReceiveCount: contractSettings.maxReceives,
  })
  return openQueue(mns, () => clock.leap(visibilityTimeoutSeconds * 1000))
}

queueContract('MNS', open)

const openDeadLetters = async (): Promise<DeadLettersUnderTest> => {
  const clock = fastClock()
  const mns = await startMns({ accountId: account.accountId, accessKeys: [account], now: clock.now })
  const sdk = new Sdk(account.accountId, { ...account, endpoint: mns.endpoint })
  await sdk.createQueue('dead', { VisibilityTimeout: 1 })
  await sdk.createQueue('tested', { VisibilityTimeout: 1 })
  mns.setDlqPolicy('tested', { Enabled: true, DeadLetterTargetQueue: 'dead', MaxReceiveCount: 1 })
  const client = clientOf(mns)
  return {
    queue: { ...mnsQueue<{ n: number }>(client, 'tested'), ...mnsConsumer(client, 'tested') },
    deadLetters: mnsDeadLetters(
      client,
      { queue: 'tested', deadLetters: 'dead' },
      letterReader({ takesRecords: false }),
    ),
    refuseSends: () => {
      mns.onRequest(({ action }) => (action === 'BatchSendMessage' ? { refuse: 'AccessDenied' } : undefined))
      return () => mns.onRequest(undefined)
    },
    close: () => mns.close(),
  }
}

deadLettersContract('MNS', openDeadLetters)
