import Sdk from '@alicloud/mns'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Credentials,
  CredentialsMissing,
  environmentCredentials,
} from '../../../shared/adapters/alibaba-cloud/credentials.ts'
import { type MnsSettings, mnsClient } from '../../../shared/adapters/mns/mns-client.ts'
import { mnsConsumer } from '../../../shared/adapters/mns/mns-consumer.ts'
import { MessageTooLarge, mnsForwarding } from '../../../shared/adapters/mns/mns-queue.ts'
import { type Fault, type MnsEmulator, type SeenRequest, startMns } from '../../emulators/mns/server.ts'
import { inTime } from '../../support/in-time.ts'

const owner = { name: 'owner', accessKeyId: 'LTAIowner', accessKeySecret: 'secret-of-owner' }
const role = { name: 'role', accessKeyId: 'STS.role', accessKeySecret: 'secret-of-role' }

let clock: number
let mns: MnsEmulator

const settings = (): MnsSettings => ({
  accountId: '42',
  region: 'cn-hangzhou',
  endpoint: mns.endpoint,
  credentials: () => owner,
  retry: { attempts: 4, baseDelayMs: 2, maxDelayMs: 5, budgetMs: 2000 },
})
const queueWith = (own: Partial<MnsSettings> = {}) =>
  mnsForwarding(mnsClient({ ...settings(), ...own }), 'work')
const consumerWith = (own: Partial<MnsSettings> = {}) =>
  mnsConsumer(mnsClient({ ...settings(), ...own }), 'work')

/** What the queue keeps, read as the trigger of Function Compute reads it. */
const kept = (): unknown[] =>
  mns.bodies('work').map((body) => JSON.parse(Buffer.from(body, 'base64').toString('utf8')) as unknown)

/** The faults of the first requests, one each. */
const failFirst = (...faults: Fault[]): SeenRequest[] => {
  const seen: SeenRequest[] = []
  mns.onRequest((request) => {
    seen.push(request)
    return faults[seen.length - 1]
  })
  return seen
}

const unavailable: Fault = { answer: { status: 503, contentType: 'text/html', body: '<h1>busy</h1>' } }

beforeEach(async () => {
  clock = Date.parse('2026-03-01T00:00:00Z')
  mns = await startMns({ accountId: '42', accessKeys: [owner], now: () => clock })
  await new Sdk('42', { ...owner, endpoint: mns.endpoint }).createQueue('work')
  mns.resetUsage()
})
afterEach(() => mns.close())

describe('the sender', () => {
  it('sends one message by itself and several together, sixteen at most', async () => {
    await queueWith().send([{ n: 1 }])
    expect(mns.usage()).toEqual({ SendMessage: 1 })
    mns.resetUsage()
    await queueWith().send(Array.from({ length: 33 }, (_, n) => ({ n })))
    expect(mns.usage()).toEqual({ BatchSendMessage: 2, SendMessage: 1 })
    expect(kept()).toHaveLength(34)
  })

  it('sends nothing for no messages', async () => {
    await queueWith().send([])
    expect(mns.usage()).toEqual({})
  })

  it('holds a batch to 64 KB as it is on the wire', async () => {
    const text = 'x'.repeat(20_000)
    await queueWith().send(Array.from({ length: 5 }, (_, n) => ({ n, text })))
    expect(mns.usage()).toEqual({ BatchSendMessage: 2, SendMessage: 1 })
    expect(kept()).toHaveLength(5)
  })

  it('refuses a message above 64 KB before it sends any', async () => {
    const sending = queueWith().send([{ n: 1 }, { text: 'x'.repeat(49_200) }])
    await expect(sending).rejects.toThrow(MessageTooLarge)
    expect(mns.usage()).toEqual({})
  })

  it('delays messages, and overrules the delay of the queue', async () => {
    await new Sdk('42', { ...owner, endpoint: mns.endpoint }).setQueueAttributes('work', { DelaySeconds: 9 })
    await queueWith().send([{ n: 'now' }])
    await queueWith().send([{ n: 'later' }, { n: 'later' }], { delaySeconds: 604_800 })
    expect(await consumerWith().receive(10, 0)).toMatchObject([{ body: '{"n":"now"}' }])
  })

  it('keeps its connection', async () => {
    const queue = queueWith()
    await queue.send([{ n: 0 }])
    const before = mns.connections()
    for (let n = 1; n < 5; n += 1) await queue.send([{ n }])
    expect(mns.connections()).toBe(before)
  })

  it.each([
    [{}, 'https://42.mns.cn-hangzhou.aliyuncs.com'],
    [
      { endpoint: 'https://42.mns.cn-hangzhou-internal.aliyuncs.com' },
      'https://42.mns.cn-hangzhou-internal.aliyuncs.com',
    ],
    [{ endpoint: 'http://127.0.0.1:1' }, 'http://127.0.0.1:1'],
  ])('speaks HTTPS unless its endpoint says otherwise: %o', async (own, endpoint) => {
    const asked: unknown[] = []
    const send = vi.spyOn(Sdk.prototype, 'sendMessage').mockImplementation(async function (this: Sdk) {
      asked.push((this as Sdk & { endpoint: string }).endpoint)
      return { code: 201, headers: {}, body: { MessageId: '1', MessageBodyMD5: '' } }
    })
    const { accountId, region, credentials } = settings()
    await mnsForwarding(mnsClient({ accountId, region, credentials, ...own }), 'work').send([1])
    send.mockRestore()
    expect(asked).toEqual([endpoint])
  })
})

describe('a failure that passes', () => {
  it.each<[string, Fault]>([
    ['throttling', { refuse: 'QpsLimitExceeded' }],
    ['a fault of the service', { refuse: 'InternalError' }],
    ['an HTTP 503 that is no answer of the service', unavailable],
    ['an HTTP 200 that is none either', { answer: { status: 200, contentType: 'text/html', body: 'hello' } }],
    [
      'an answer that breaks off',
      { answer: { status: 201, contentType: 'text/xml', body: '<Message><Mess' } },
    ],
    ['a connection that ends before the effect', { drop: 'before' }],
  ])('is tried again: %s', async (_, fault) => {
    const seen = failFirst(fault, fault)
    await queueWith().send([{ n: 1 }])
    expect(kept()).toEqual([{ n: 1 }])
    expect(seen).toHaveLength(3)
    failFirst(fault)
    await queueWith().send([{ n: 2 }, { n: 3 }])
    expect(kept()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  it('may send a message twice, but never loses it, when the answer was lost', async () => {
    failFirst({ drop: 'after' })
    await queueWith().send([{ n: 1 }])
    expect(kept()).toEqual([{ n: 1 }, { n: 1 }])
    failFirst({ drop: 'after' })
    await queueWith().send([{ n: 2 }, { n: 3 }])
    expect(kept().slice(2)).toEqual([{ n: 2 }, { n: 3 }, { n: 2 }, { n: 3 }])
  })

  it('of an answer that is late counts as lost', async () => {
    failFirst({ delayMs: 1000 })
    await queueWith({ timeoutMs: 100 }).send([{ n: 1 }])
    expect(kept()).toEqual([{ n: 1 }])
  })

  it('of single messages of a batch has these sent again, and no others', async () => {
    failFirst({ failEntries: [1, 2], code: 'InternalError' }, { failEntries: [0], code: 'QpsLimitExceeded' })
    await queueWith().send([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(kept()).toEqual([{ n: 1 }, { n: 3 }, { n: 2 }])
    expect(mns.usage()).toEqual({ BatchSendMessage: 2, SendMessage: 1 })
  })

  it('that does not pass is given up, with its code', async () => {
    mns.onRequest(() => ({ refuse: 'QpsLimitExceeded' }))
    await expect(queueWith().send([{ n: 1 }])).rejects.toMatchObject({
      name: 'MnsError',
      code: 'QpsLimitExceeded',
    })
    expect(mns.usage()).toEqual({ SendMessage: 4 })
  })

  it('is given up when the time for it is over', async () => {
    mns.onRequest(() => ({ refuse: 'InternalError' }))
    const retry = { attempts: 1000, baseDelayMs: 50, maxDelayMs: 50, budgetMs: 200 }
    const sending = queueWith({ retry }).send([{ n: 1 }])
    await expect(inTime(1000, sending)).rejects.toMatchObject({ code: 'InternalError' })
    expect(mns.usage().SendMessage).toBeGreaterThan(2)
  })

  it('of a service that is not there is given up too', async () => {
    const gone = { ...settings(), endpoint: 'http://127.0.0.1:1' }
    const sending = mnsForwarding(mnsClient(gone), 'work').send([{ n: 1 }])
    await expect(sending).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('a failure that lasts', () => {
  it.each(['AccessDenied', 'QueueNotExist', 'SignatureDoesNotMatch', 'InvalidArgument'] as const)(
    'is not tried again: %s',
    async (code) => {
      mns.onRequest(() => ({ refuse: code }))
      await expect(queueWith().send([{ n: 1 }])).rejects.toMatchObject({ code })
      expect(mns.usage()).toEqual({ SendMessage: 1 })
    },
  )

  it('of one message of a batch rejects the send', async () => {
    failFirst({ failEntries: [0], code: 'InvalidArgument' })
    const sending = queueWith().send([{ n: 1 }, { n: 2 }])
    await expect(sending).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect(mns.usage()).toEqual({ BatchSendMessage: 1 })
  })

  it('tells no secret', async () => {
    mns.setAccessKeys([{ ...role, securityToken: 'token-of-role' }])
    const credentials = () => ({ ...role, accessKeySecret: 'guessed-secret', securityToken: 'token-of-role' })
    const fault = await queueWith({ credentials })
      .send([{ n: 1 }])
      .catch((error: unknown) => error as Error)
    const told = JSON.stringify([fault, (fault as Error).message, String((fault as Error).cause)])
    expect(told).toContain('SignatureDoesNotMatch')
    expect(told).not.toMatch(/guessed-secret|token-of-role/)
  })
})

describe('credentials', () => {
  it('are asked for before every request, so that a token is replaced before it ends', async () => {
    const tokenAt = (time: number): Credentials => ({ ...role, securityToken: `until-${time + 2000}` })
    const issue = () => {
      mns.setAccessKeys([{ ...role, ...tokenAt(clock), expiresAt: clock + 2000 }])
      return tokenAt(clock)
    }
    const queue = queueWith({ credentials: async () => issue() })
    for (let n = 0; n < 3; n += 1) {
      await queue.send([{ n }])
      clock += 3000
    }
    expect(kept()).toHaveLength(3)
  })

  it('that ended on the way are replaced at once', async () => {
    mns.setAccessKeys([
      { ...role, securityToken: 'old', expiresAt: clock },
      { ...role, accessKeyId: 'STS.newer', securityToken: 'newer', expiresAt: clock + 1000 },
    ])
    const answers = [
      { ...role, securityToken: 'old' },
      { ...role, accessKeyId: 'STS.newer', securityToken: 'newer' },
    ]
    const credentials = vi.fn<() => Credentials>(() => answers.shift() ?? owner)
    await queueWith({ credentials }).send([{ n: 1 }])
    expect(kept()).toEqual([{ n: 1 }])
    expect(credentials).toHaveBeenCalledTimes(2)
  })

  it('that ended and are not replaced are refused, without another try', async () => {
    mns.setAccessKeys([{ ...role, securityToken: 'old', expiresAt: clock }])
    let requests = 0
    const send = vi.spyOn(Sdk.prototype, 'sendMessage')
    const credentials = () => {
      requests += 1
      return { ...role, securityToken: 'old' }
    }
    await expect(queueWith({ credentials }).send([{ n: 1 }])).rejects.toMatchObject({
      code: 'SecurityTokenExpired',
    })
    expect(send).toHaveBeenCalledTimes(1)
    expect(requests).toBe(2)
    send.mockRestore()
  })

  it('come from the variables that Function Compute sets', () => {
    const environment: NodeJS.ProcessEnv = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.a',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'b',
      ALIBABA_CLOUD_SECURITY_TOKEN: 'c',
    }
    const credentials = environmentCredentials(environment)
    expect(credentials()).toEqual({ accessKeyId: 'STS.a', accessKeySecret: 'b', securityToken: 'c' })
    environment['ALIBABA_CLOUD_SECURITY_TOKEN'] = ''
    expect(credentials()).toEqual({ accessKeyId: 'STS.a', accessKeySecret: 'b' })
    environment['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] = ''
    expect(credentials).toThrow(CredentialsMissing)
    expect(credentials).toThrow('ALIBABA_CLOUD_ACCESS_KEY_SECRET')
  })
})

describe('the consumer', () => {
  const sendMany = async (count: number): Promise<void> =>
    queueWith().send(Array.from({ length: count }, (_, n) => ({ n })))
  const receiveOne = async (): Promise<string> => {
    const [delivery] = await consumerWith().receive(1, 0)
    return delivery!.receipt
  }

  it('asks once when one batch is enough, and goes on while batches are full', async () => {
    await sendMany(40)
    mns.resetUsage()
    expect(await consumerWith().receive(10, 0)).toHaveLength(10)
    expect(mns.usage()).toEqual({ BatchReceiveMessage: 1 })
    expect(await consumerWith().receive(500, 0)).toHaveLength(30)
    expect(mns.usage()).toEqual({ BatchReceiveMessage: 3 })
  })

  it('keeps what it received when a further batch fails', async () => {
    await sendMany(20)
    mns.onRequest(({ action }) =>
      mns.usage().BatchReceiveMessage! > 1 && action === 'BatchReceiveMessage'
        ? { refuse: 'AccessDenied' }
        : undefined,
    )
    expect(await consumerWith().receive(20, 0)).toHaveLength(16)
  })

  it('waits longer for a message than for an answer', async () => {
    expect(await consumerWith({ timeoutMs: 300 }).receive(1, 1000)).toEqual([])
    expect(mns.usage()).toEqual({ BatchReceiveMessage: 1 })
  })

  it('does not wait when it shall not, even where the queue has a waiting time of its own', async () => {
    await new Sdk('42', { ...owner, endpoint: mns.endpoint }).createQueue('slow', { PollingWaitSeconds: 30 })
    expect(await mnsConsumer(mnsClient(settings()), 'slow').receive(1, 0)).toEqual([])
  })

  it('gets a message later that an answer lost', async () => {
    await sendMany(1)
    failFirst({ drop: 'after' })
    expect(await consumerWith().receive(1, 0)).toEqual([])
    clock += 30_000
    expect(await consumerWith().receive(1, 0)).toMatchObject([{ received: 2 }])
  })

  it('acknowledges sixteen at a time', async () => {
    await sendMany(20)
    const deliveries = await consumerWith().receive(20, 0)
    await consumerWith().acknowledge(deliveries.map(({ receipt }) => receipt))
    expect(mns.usage().BatchDeleteMessage).toBe(2)
    expect(mns.bodies('work')).toEqual([])
    await consumerWith().acknowledge([])
    expect(mns.usage().BatchDeleteMessage).toBe(2)
  })

  it('acknowledges again what could not be deleted, and no other', async () => {
    await sendMany(3)
    const deliveries = await consumerWith().receive(3, 0)
    failFirst({ failEntries: [1], code: 'InternalError' })
    await consumerWith().acknowledge(deliveries.map(({ receipt }) => receipt))
    expect(mns.bodies('work')).toEqual([])
    expect(mns.usage().BatchDeleteMessage).toBe(2)
  })

  it('takes a receipt that ran out for done', async () => {
    await sendMany(1)
    const receipt = await receiveOne()
    clock += 30_000
    await consumerWith().acknowledge([receipt])
    await consumerWith().postpone(receipt, 1000)
    await consumerWith().postpone('of-no-kind', 1000)
    expect(mns.usage()).toMatchObject({ BatchDeleteMessage: 1, ChangeMessageVisibility: 2 })
    expect(mns.bodies('work')).toHaveLength(1)
  })

  it('postpones by whole seconds, one at least and twelve hours at most', async () => {
    await sendMany(1)
    for (const [delayMs, hiddenMs] of [
      [0, 1000],
      [1001, 2000],
      [1e9, 43_200_000],
    ] as const) {
      await consumerWith().postpone(await receiveOne(), delayMs)
      clock += hiddenMs - 1
      expect(await consumerWith().receive(1, 0)).toEqual([])
      clock += 1
    }
    expect(await consumerWith().receive(1, 0)).toHaveLength(1)
  })

  it('tells of failures that are no matter of receipts', async () => {
    mns.onRequest(() => ({ refuse: 'QueueNotExist' }))
    const refused = { code: 'QueueNotExist' }
    await expect(consumerWith().receive(1, 0)).rejects.toMatchObject(refused)
    await expect(consumerWith().acknowledge(['1-YQ=='])).rejects.toMatchObject(refused)
    await expect(consumerWith().postpone('1-YQ==', 1)).rejects.toMatchObject(refused)
  })
})
