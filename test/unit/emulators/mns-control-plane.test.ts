import Sdk from '@alicloud/mns'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callOpenApi } from '../../../shared/adapters/alibaba-cloud/openapi.ts'
import { defaultRetryPolicy } from '../../../shared/adapters/alibaba-cloud/retry.ts'
import { type MnsAccount, type MnsEmulator, startMns } from '../../emulators/mns/server.ts'

const owner = { name: 'owner', accessKeyId: 'LTAIowner', accessKeySecret: 'secret-of-owner' }
const policy = { Enabled: true, DeadLetterTargetQueue: 'dead', MaxReceiveCount: 3 }

let mns: MnsEmulator

const start = async (account: Partial<MnsAccount> = {}): Promise<void> => {
  mns = await startMns({ accountId: '42', accessKeys: [owner], ...account })
}

/** Calls an operation with the vendor's generic client; answers `Data`, or the code of a refusal. */
const call = async (
  action: string,
  query: Readonly<Record<string, string>>,
  accessKeySecret = owner.accessKeySecret,
): Promise<unknown> => {
  const outcome = await callOpenApi(
    {
      endpoint: mns.endpoint,
      credentials: async () => ({ ...owner, accessKeySecret }),
      timeoutMs: 60_000,
      retry: defaultRetryPolicy,
      isTransient: () => false,
    },
    { action, version: '2022-01-19', query },
  )
  return 'fault' in outcome ? outcome.fault.code : (outcome.answer as { Data?: unknown }).Data
}

beforeEach(() => start())
afterEach(() => mns.close())

describe('the control plane', () => {
  it('creates queues with their dead-letter policy', async () => {
    await call('CreateQueue', { QueueName: 'dead' })
    await call('CreateQueue', {
      QueueName: 'work',
      VisibilityTimeout: '90',
      EnableLogging: 'true',
      DlqPolicy: JSON.stringify(policy),
    })
    expect(await call('GetQueueAttributes', { QueueName: 'work' })).toMatchObject({
      QueueName: 'work',
      VisibilityTimeout: 90,
      MaximumMessageSize: 65_536,
      LoggingEnabled: true,
      ActiveMessages: 0,
      DlqPolicy: { ...policy, MaxReceiveCount: '3' },
    })
    expect(await call('GetQueueAttributes', { QueueName: 'dead' })).not.toHaveProperty('DlqPolicy')
  })

  it('knows the queues of the XML interface', async () => {
    const sdk = new Sdk('42', { ...owner, endpoint: mns.endpoint })
    await sdk.createQueue('work')
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    expect(await call('GetQueueAttributes', { QueueName: 'work' })).toMatchObject({ ActiveMessages: 1 })
    await call('DeleteQueue', { QueueName: 'work' })
    await expect(sdk.receiveMessage('work')).rejects.toMatchObject({ name: 'MNSQueueNotExistError' })
  })

  it('changes what it is given, and nothing else', async () => {
    await call('CreateQueue', { QueueName: 'dead' })
    await call('CreateQueue', {
      QueueName: 'work',
      VisibilityTimeout: '90',
      DlqPolicy: JSON.stringify(policy),
    })
    await call('SetQueueAttributes', { QueueName: 'work', DelaySeconds: '5' })
    expect(await call('GetQueueAttributes', { QueueName: 'work' })).toMatchObject({
      VisibilityTimeout: 90,
      DelaySeconds: 5,
      DlqPolicy: { Enabled: true },
    })
    await call('SetQueueAttributes', {
      QueueName: 'work',
      DlqPolicy: JSON.stringify({ ...policy, Enabled: false }),
    })
    expect(await call('GetQueueAttributes', { QueueName: 'work' })).toMatchObject({
      DelaySeconds: 5,
      DlqPolicy: { Enabled: false },
    })
  })

  it('lists queues page by page', async () => {
    for (const name of ['a', 'b', 'c']) await call('CreateQueue', { QueueName: name })
    expect(await call('ListQueue', { PageNum: '2', PageSize: '2' })).toMatchObject({
      PageData: [{ QueueName: 'c' }],
      Pages: 2,
      Size: 1,
      Total: 3,
    })
  })

  it.each([
    ['CreateQueue', { QueueName: 'work', DelaySeconds: '-1' }, 'InvalidArgument'],
    ['CreateQueue', { QueueName: 'a_b' }, 'InvalidQueueName'],
    ['CreateQueue', {}, 'InvalidArgument'],
    ['CreateQueue', { QueueName: 'work', Colour: 'red' }, 'InvalidArgument'],
    ['CreateQueue', { QueueName: 'work', DlqPolicy: 'on' }, 'InvalidArgument'],
    ['CreateQueue', { QueueName: 'work', DlqPolicy: '{"Enabled":true}' }, 'InvalidArgument'],
    ['CreateQueue', { QueueName: 'work', DlqPolicy: JSON.stringify(policy) }, 'QueueNotExist'],
    ['SetQueueAttributes', { QueueName: 'none' }, 'QueueNotExist'],
    ['GetQueueAttributes', { QueueName: 'none' }, 'QueueNotExist'],
    ['PurgeQueue', { QueueName: 'none' }, 'InvalidRequestURL'],
  ])('refuses %s of %o: %s', async (action, query, code) => {
    expect(await call(action, query)).toBe(code)
  })

  it('refuses a wrong signature, and what a principal may not do', async () => {
    expect(await call('GetQueueAttributes', { QueueName: 'work' }, 'guessed')).toBe('SignatureDoesNotMatch')
    await mns.close()
    const asked: string[] = []
    await start({
      authorize: (_, action, resource) => {
        asked.push(`${action} ${resource}`)
        return false
      },
    })
    expect(await call('CreateQueue', { QueueName: 'work' })).toBe('AccessDenied')
    expect(asked).toEqual(['mns:CreateQueue acs:mns:cn-hangzhou:42:/queues/work'])
    expect(mns.usage()).toEqual({ CreateQueue: 1 })
  })
})
