import { createHash, createHmac } from 'node:crypto'
import Sdk, { type QueueAttributes } from '@alicloud/mns'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MnsAccount, type MnsEmulator, startMns } from '../../emulators/mns/server.ts'
import { XmlMalformed, parseXml } from '../../emulators/mns/xml.ts'

const day = 86_400_000
const owner = { name: 'owner', accessKeyId: 'LTAIowner', accessKeySecret: 'secret-of-owner' }
const guest = {
  name: 'guest',
  accessKeyId: 'STS.guest',
  accessKeySecret: 'secret-of-guest',
  securityToken: 'token',
}

let clock: number
let mns: MnsEmulator
let sdk: Sdk

const start = async (account: Partial<MnsAccount> = {}): Promise<void> => {
  mns = await startMns({ accountId: '42', accessKeys: [owner], now: () => clock, ...account })
  sdk = clientOf(owner)
  await sdk.createQueue('work', { VisibilityTimeout: 60, MessageRetentionPeriod: 604_800 })
}

const clientOf = (key: { accessKeyId: string; accessKeySecret: string; securityToken?: string }): Sdk =>
  new Sdk('42', { ...key, endpoint: mns.endpoint })

/** The service's code of a refusal, or what came instead. */
const refusal = async (answer: Promise<unknown>): Promise<unknown> => {
  try {
    return await answer
  } catch (fault) {
    return /^MNS(\w+)Error$/.exec((fault as Error).name)?.[1] ?? fault
  }
}

beforeEach(async () => {
  clock = Date.parse('2026-03-01T00:00:00Z')
  await start()
})
afterEach(() => mns.close())

describe('queues', () => {
  it('are created once, and again only as they are', async () => {
    const created = await sdk.createQueue('other', { DelaySeconds: 5 })
    expect(created).toMatchObject({ code: 201, headers: { location: `${mns.endpoint}/queues/other` } })
    expect(await sdk.createQueue('other', { DelaySeconds: 5 })).toMatchObject({ code: 204 })
    expect(await refusal(sdk.createQueue('other', { DelaySeconds: 6 }))).toBe('QueueAlreadyExist')
  })

  it('tell their attributes and how many messages they keep in which state', async () => {
    await sdk.batchSendMessage('work', [{ MessageBody: 'YQ==' }, { MessageBody: 'Yg==' }])
    await sdk.sendMessage('work', { MessageBody: 'Yw==', DelaySeconds: 60 })
    await sdk.receiveMessage('work')
    const { body } = await sdk.getQueueAttributes('work')
    expect(body).toMatchObject({
      QueueName: 'work',
      VisibilityTimeout: '60',
      MaximumMessageSize: '65536',
      LoggingEnabled: 'False',
      ActiveMessages: '1',
      InactiveMessages: '1',
      DelayMessages: '1',
    })
  })

  it('change single attributes and leave the others', async () => {
    expect(await sdk.setQueueAttributes('work', { VisibilityTimeout: 5 })).toMatchObject({ code: 204 })
    expect((await sdk.getQueueAttributes('work')).body).toMatchObject({
      VisibilityTimeout: '5',
      MessageRetentionPeriod: '604800',
    })
  })

  it('are listed by prefix, page by page', async () => {
    for (const name of ['a-1', 'a-2', 'a-3']) await sdk.createQueue(name)
    const names = async (after: string | undefined, limit: number) =>
      (await sdk.listQueue(after, limit, 'a-')).body?.map(({ QueueURL }) => QueueURL.split('/').at(-1))
    expect(await names(undefined, 2)).toEqual(['a-1', 'a-2'])
    expect(await names('a-2', 2)).toEqual(['a-3'])
  })

  it('are gone when they are deleted', async () => {
    expect(await sdk.deleteQueue('work')).toMatchObject({ code: 204 })
    expect(await refusal(sdk.deleteQueue('work'))).toBe('QueueNotExist')
    expect(await refusal(sdk.sendMessage('work', { MessageBody: 'YQ==' }))).toBe('QueueNotExist')
    expect(await refusal(sdk.receiveMessage('work', 1))).toBe('QueueNotExist')
  })

  it.each([
    ['has_underscore', {}, 'InvalidQueueName'],
    ['-leading', {}, 'InvalidQueueName'],
    ['x'.repeat(121), {}, 'QueueNameLengthError'],
    ['q', { DelaySeconds: 604_801 }, 'InvalidArgument'],
    ['q', { MaximumMessageSize: 65_537 }, 'InvalidArgument'],
    ['q', { MessageRetentionPeriod: 59 }, 'InvalidArgument'],
    ['q', { VisibilityTimeout: 0 }, 'InvalidArgument'],
    ['q', { VisibilityTimeout: 1.5 }, 'InvalidArgument'],
    ['q', { PollingWaitSeconds: 31 }, 'InvalidArgument'],
    ['q', { DlqPolicy: 1 }, 'MalformedXML'],
  ])('are refused as %s with %o: %s', async (name, attributes, code) => {
    expect(await refusal(sdk.createQueue(name, attributes as QueueAttributes))).toBe(code)
  })
})

describe('messages', () => {
  it('come back with all that is known of them', async () => {
    const sent = await sdk.sendMessage('work', { MessageBody: 'aGVsbG8=' })
    clock += 1000
    const { body } = await sdk.receiveMessage('work')
    const md5 = createHash('md5').update('aGVsbG8=').digest('hex').toUpperCase()
    expect(sent).toMatchObject({ code: 201, body: { MessageId: body?.MessageId, MessageBodyMD5: md5 } })
    expect(body).toMatchObject({
      MessageBody: 'aGVsbG8=',
      MessageBodyMD5: md5,
      DequeueCount: '1',
      Priority: '8',
      EnqueueTime: String(clock - 1000),
      FirstDequeueTime: String(clock),
      NextVisibleTime: String(clock + 60_000),
    })
  })

  it('come by priority, and by age within one', async () => {
    for (const [body, Priority] of [
      ['b', 8],
      ['c', 9],
      ['a', 1],
      ['b2', 8],
    ] as const) {
      await sdk.sendMessage('work', { MessageBody: body, Priority })
    }
    const { body } = await sdk.batchReceiveMessage('work', 16)
    expect(body.map(({ MessageBody }) => MessageBody)).toEqual(['a', 'b', 'b2', 'c'])
  })

  it('stay away until their delay is over, up to seven days', async () => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==', DelaySeconds: 604_799 })
    clock += 7 * day - 1001
    expect(await refusal(sdk.receiveMessage('work'))).toBe('MessageNotExist')
    clock += 1
    expect(await sdk.receiveMessage('work')).toMatchObject({ body: { MessageBody: 'YQ==' } })
    const tooLate = sdk.sendMessage('work', { MessageBody: 'YQ==', DelaySeconds: 604_801 })
    expect(await refusal(tooLate)).toBe('InvalidArgument')
  })

  it('can be called back while they are delayed, by the handle that their sender got', async () => {
    const { body } = await sdk.sendMessage('work', { MessageBody: 'YQ==', DelaySeconds: 60 })
    const { ReceiptHandle } = body as unknown as { ReceiptHandle: string }
    expect(await sdk.deleteMessage('work', ReceiptHandle)).toMatchObject({ code: 204 })
    expect(mns.bodies('work')).toEqual([])
  })

  it('take the delay of their queue when they state none', async () => {
    await sdk.setQueueAttributes('work', { DelaySeconds: 10 })
    await sdk.batchSendMessage('work', [{ MessageBody: 'late' }, { MessageBody: 'now', DelaySeconds: 0 }])
    const { body } = await sdk.batchReceiveMessage('work', 16)
    expect(body.map(({ MessageBody }) => MessageBody)).toEqual(['now'])
  })

  it('come back, counted, when they are not deleted in time', async () => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    const first = await sdk.receiveMessage('work')
    clock += 59_999
    expect(await refusal(sdk.receiveMessage('work'))).toBe('MessageNotExist')
    clock += 1
    const tooLate = () => refusal(sdk.deleteMessage('work', first.body?.ReceiptHandle ?? ''))
    expect(await tooLate()).toBe('MessageNotExist')
    expect(await sdk.receiveMessage('work')).toMatchObject({ body: { DequeueCount: '2' } })
    expect(await tooLate()).toBe('MessageNotExist')
  })

  it('get a new handle with a new visibility timeout, and the old one is good no longer', async () => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    const old = (await sdk.receiveMessage('work')).body?.ReceiptHandle ?? ''
    const changed = await sdk.changeMessageVisibility('work', old, 5)
    expect(changed.body).toMatchObject({ NextVisibleTime: String(clock + 5000) })
    expect(changed.body?.ReceiptHandle).not.toBe(old)
    expect(await refusal(sdk.changeMessageVisibility('work', old, 5))).toBe('MessageNotExist')
    expect(await sdk.deleteMessage('work', changed.body?.ReceiptHandle ?? '')).toMatchObject({ code: 204 })
    clock += day
    expect(await refusal(sdk.receiveMessage('work'))).toBe('MessageNotExist')
  })

  it.each([0, 43_201])('refuse a visibility timeout of %d s', async (seconds) => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    const { body } = await sdk.receiveMessage('work')
    const change = sdk.changeMessageVisibility('work', body?.ReceiptHandle ?? '', seconds)
    expect(await refusal(change)).toBe('InvalidArgument')
  })

  it('are forgotten after their retention, received or not', async () => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    clock += 7 * day - 1
    expect(await sdk.receiveMessage('work')).toMatchObject({ code: 200 })
    clock += day
    expect(await refusal(sdk.receiveMessage('work'))).toBe('MessageNotExist')
    expect(mns.bodies('work')).toEqual([])
  })

  it('can be looked at without being received', async () => {
    const peeking = sdk as Sdk &
      Record<'peekMessage' | 'batchPeekMessage', (...of: unknown[]) => Promise<unknown>>
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    expect(await peeking.peekMessage('work')).toMatchObject({ body: { DequeueCount: '0' } })
    expect(await peeking.batchPeekMessage('work', 16)).toMatchObject({ body: [{ MessageBody: 'YQ==' }] })
    expect(await sdk.receiveMessage('work')).toMatchObject({ body: { DequeueCount: '1' } })
    expect(await refusal(peeking.peekMessage('work'))).toBe('MessageNotExist')
  })

  it('are deleted in batches, and what could not be is named', async () => {
    await sdk.batchSendMessage('work', [{ MessageBody: 'YQ==' }, { MessageBody: 'Yg==' }])
    const { body } = await sdk.batchReceiveMessage('work', 16)
    const handles = body.map(({ ReceiptHandle }) => ReceiptHandle)
    const answer = await sdk.batchDeleteMessage('work', [handles[0]!, 'no handle', handles[0]!])
    expect(answer).toMatchObject({
      code: 404,
      body: [
        { ErrorCode: 'ReceiptHandleError', ReceiptHandle: 'no handle' },
        { ErrorCode: 'MessageNotExist', ReceiptHandle: handles[0] },
      ],
    })
    expect(await sdk.batchDeleteMessage('work', [handles[1]!])).toMatchObject({ code: 204 })
  })
})

describe('limits', () => {
  const send = (...bodies: string[]) =>
    sdk.batchSendMessage(
      'work',
      bodies.map((MessageBody) => ({ MessageBody })),
    )

  it('hold a batch to 16 messages and 64 KB', async () => {
    expect((await send(...Array.from({ length: 16 }, () => 'x'.repeat(4096)))).body).toHaveLength(16)
    expect(await refusal(send(...Array.from({ length: 17 }, () => 'x')))).toBe('InvalidArgument')
    expect(await refusal(send('x'.repeat(65_000), 'x'.repeat(537)))).toBe('InvalidArgument')
    expect(mns.bodies('work')).toHaveLength(16)
  })

  it('hold a message to the size of its queue', async () => {
    expect(await sdk.sendMessage('work', { MessageBody: 'x'.repeat(65_536) })).toMatchObject({ code: 201 })
    await sdk.setQueueAttributes('work', { MaximumMessageSize: 1024 })
    const large = sdk.sendMessage('work', { MessageBody: 'x'.repeat(1025) })
    expect(await refusal(large)).toBe('InvalidArgument')
  })

  it.each([
    [17, 0],
    [0, 0],
    [16, 31],
  ])('refuse to receive %d messages in %d s', async (count, waitSeconds) => {
    expect(await refusal(sdk.batchReceiveMessage('work', count, waitSeconds))).toBe('InvalidArgument')
  })
})

describe('dead letters', () => {
  beforeEach(async () => {
    await sdk.createQueue('dead', { MessageRetentionPeriod: 86_400 })
    mns.setDlqPolicy('work', { Enabled: true, DeadLetterTargetQueue: 'dead', MaxReceiveCount: 2 })
  })

  const receiveTwice = async (): Promise<void> => {
    for (let count = 1; count <= 2; count += 1) {
      expect((await sdk.receiveMessage('work')).body?.DequeueCount).toBe(String(count))
      clock += 60_000
    }
  }

  it('are messages that were received as often as the policy allows', async () => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    await receiveTwice()
    expect(await refusal(sdk.receiveMessage('work'))).toBe('MessageNotExist')
    expect(await sdk.receiveMessage('dead')).toMatchObject({ body: { MessageBody: 'YQ==' } })
  })

  it('are found by who waits for them, though nobody looks at their first queue', async () => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    await receiveTwice()
    expect(await sdk.receiveMessage('dead', 1)).toMatchObject({ body: { MessageBody: 'YQ==' } })
  })

  it('keep the age they have', async () => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    await receiveTwice()
    clock += day
    expect(mns.bodies('dead')).toEqual([])
  })

  it('stay where they are while the policy is off', async () => {
    mns.setDlqPolicy('work', { Enabled: false, DeadLetterTargetQueue: 'dead', MaxReceiveCount: 2 })
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    await receiveTwice()
    expect(await sdk.receiveMessage('work')).toMatchObject({ body: { DequeueCount: '3' } })
  })

  it('cannot go to the queue they come from, nor to one that is not there', () => {
    const policy = { Enabled: true, MaxReceiveCount: 2 }
    expect(() => mns.setDlqPolicy('work', { ...policy, DeadLetterTargetQueue: 'work' })).toThrow('its own')
    expect(() => mns.setDlqPolicy('work', { ...policy, DeadLetterTargetQueue: 'none' })).toThrow('none')
  })
})

describe('a long poll', () => {
  it('ends with the first message', async () => {
    const waiting = sdk.receiveMessage('work', 30)
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    expect(await waiting).toMatchObject({ body: { MessageBody: 'YQ==' } })
  })

  it('ends with a message that becomes visible meanwhile', async () => {
    await sdk.sendMessage('work', { MessageBody: 'YQ==', DelaySeconds: 3600 })
    const waiting = sdk.receiveMessage('work', 30)
    clock += 3_600_000
    expect(await waiting).toMatchObject({ body: { MessageBody: 'YQ==' } })
  })

  it('ends with nothing when its time is over', async () => {
    const from = performance.now()
    expect(await refusal(sdk.batchReceiveMessage('work', 16, 1))).toBe('MessageNotExist')
    expect(performance.now() - from).toBeGreaterThan(990)
  })

  it('waits as long as its queue says when it says nothing', async () => {
    await sdk.setQueueAttributes('work', { PollingWaitSeconds: 30 })
    const waiting = sdk.receiveMessage('work')
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    expect(await waiting).toMatchObject({ body: { MessageBody: 'YQ==' } })
  })

  it('takes no message for a client that is gone', async () => {
    const impatient = new Sdk('42', { ...owner, endpoint: mns.endpoint, readTimeout: 50 })
    await expect(impatient.receiveMessage('work', 30)).rejects.toThrow('ReadTimeout')
    await sdk.sendMessage('work', { MessageBody: 'YQ==' })
    expect(await sdk.receiveMessage('work')).toMatchObject({ body: { DequeueCount: '1' } })
  })
})

interface Raw {
  readonly method?: string
  readonly path?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What is signed instead of the path. */
  readonly signedPath?: string
}

const message = (inner: string, namespace = 'http://mns.aliyuncs.com/doc/v1/'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Message xmlns="${namespace}">${inner}</Message>`

/** A request with a right signature over whatever it says; answers status and code. An empty header is left out. */
const raw = async ({
  method = 'POST',
  path = '/queues/work/messages',
  body = message('<MessageBody>YQ==</MessageBody>'),
  headers = {},
  signedPath = path,
}: Raw): Promise<string> => {
  const date = new Date().toUTCString()
  const md5 = Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64')
  const all: Record<string, string> = {
    date,
    'content-type': 'text/xml',
    'content-md5': md5,
    'x-mns-date': date,
    'x-mns-version': '2015-06-06',
    ...headers,
  }
  const own = Object.keys(all)
    .filter((name) => name.startsWith('x-mns-') && all[name])
    .sort()
    .map((name) => `${name}:${all[name]}\n`)
  const text = [method, all['content-md5'], all['content-type'], all['x-mns-date'] || all['date']].join('\n')
  const signature = createHmac('sha1', owner.accessKeySecret)
    .update(`${text}\n${own.join('')}${signedPath}`)
    .digest('base64')
  all['authorization'] ??= `MNS ${owner.accessKeyId}:${signature}`
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value))
  const response = await fetch(`${mns.endpoint}${path}`, {
    method,
    headers: kept,
    ...(method !== 'GET' && { body }),
  })
  const answer = await response.text()
  return `${response.status} ${/<Code>(\w+)<\/Code>/.exec(answer)?.[1] ?? ''}`.trim()
}

describe('what is not trusted', () => {
  it('lets a right request pass', async () => {
    expect(await raw({})).toBe('201')
  })

  it.each<[string, Raw, string]>([
    ['no version', { headers: { 'x-mns-version': '' } }, '400 MissingVersionHeader'],
    ['another version', { headers: { 'x-mns-version': '2014-07-08' } }, '400 InvalidVersionHeader'],
    ['no date', { headers: { date: '', 'x-mns-date': '' } }, '400 MissingDateHeader'],
    ['a date in words of its own', { headers: { 'x-mns-date': '2026-03-01' } }, '400 InvalidDateHeader'],
    [
      'a date of an hour ago',
      { headers: { 'x-mns-date': new Date(Date.now() - 3_600_000).toUTCString() } },
      '408 TimeExpired',
    ],
    ['no signature', { headers: { authorization: '' } }, '400 MissingAuthorizationHeader'],
    ['another scheme', { headers: { authorization: 'OSS a:b' } }, '400 InvalidAuthorizationHeader'],
    ['an unknown key', { headers: { authorization: 'MNS LTAIother:YQ==' } }, '403 InvalidAccessKeyId'],
    ['another path than signed', { signedPath: '/queues/other/messages' }, '403 SignatureDoesNotMatch'],
    ['another digest', { headers: { 'content-md5': 'ZGlnZXN0' } }, '400 InvalidDegist'],
    ['another content type', { headers: { 'content-type': 'application/json' } }, '400 InvalidContentType'],
    ['another path', { path: '/queues/work/letters' }, '400 InvalidRequestURL'],
    ['another method', { method: 'PATCH' }, '400 InvalidRequestURL'],
    ['an unknown parameter', { path: '/queues/work/messages?now=1' }, '400 InvalidQueryString'],
    ['an unclosed element', { body: '<Message>' }, '400 MalformedXML'],
    ['another namespace', { body: message('<MessageBody>a</MessageBody>', 'urn:x') }, '400 MalformedXML'],
    ['an unknown element', { body: message('<MessageText>a</MessageText>') }, '400 MalformedXML'],
    ['no body', { body: message('<DelaySeconds>1</DelaySeconds>') }, '400 InvalidArgument'],
    ['no handle', { method: 'DELETE', body: '' }, '400 MissingReceiptHandle'],
    [
      'a handle of no kind',
      { method: 'DELETE', body: '', path: '/queues/work/messages?ReceiptHandle=x' },
      '400 ReceiptHandleError',
    ],
    [
      'no timeout',
      { method: 'PUT', body: '', path: '/queues/work/messages?receiptHandle=x' },
      '400 MissingVisibilityTimeout',
    ],
    [
      'a handle of no kind, spelled otherwise',
      { method: 'PUT', body: '', path: '/queues/work/messages?ReceiptHandle=x&VisibilityTimeout=9' },
      '400 ReceiptHandleError',
    ],
  ])('refuses %s', async (_, request, answer) => {
    expect(await raw(request)).toBe(answer)
    expect(mns.bodies('work')).toEqual([])
  })

  it('refuses what the SDK makes of a body that is not encoded', async () => {
    const sending = sdk.sendMessage('work', { MessageBody: '{"a":"x<y & z"}' })
    expect(await refusal(sending)).toBe('MalformedXML')
  })

  it('refuses a wrong secret', async () => {
    const thief = clientOf({ ...owner, accessKeySecret: 'guessed' })
    expect(await refusal(thief.sendMessage('work', { MessageBody: 'YQ==' }))).toBe('SignatureDoesNotMatch')
  })

  it('takes a security token until it ends, and no other', async () => {
    mns.setAccessKeys([{ ...guest, expiresAt: clock + 1000 }])
    const send = (token: string) =>
      refusal(clientOf({ ...guest, securityToken: token }).sendMessage('work', { MessageBody: 'YQ==' }))
    expect(await send('token')).toMatchObject({ code: 201 })
    expect(await send('other')).toBe('InvalidSecurityToken')
    clock += 1000
    expect(await send('token')).toBe('SecurityTokenExpired')
  })

  it('asks whether a principal may do an action on a resource', async () => {
    await mns.close()
    const asked: string[] = []
    await start({
      accessKeys: [owner, guest],
      authorize: ({ name }, action, resource) => {
        asked.push(`${name} ${action} ${resource}`)
        return name === 'owner' || action === 'mns:SendMessage'
      },
    })
    const client = clientOf(guest)
    expect(await refusal(client.sendMessage('work', { MessageBody: 'YQ==' }))).toMatchObject({ code: 201 })
    expect(await refusal(client.receiveMessage('work'))).toBe('AccessDenied')
    expect(asked).toEqual([
      'owner mns:CreateQueue acs:mns:cn-hangzhou:42:/queues/work',
      'guest mns:SendMessage acs:mns:cn-hangzhou:42:/queues/work/messages',
      'guest mns:ReceiveMessage acs:mns:cn-hangzhou:42:/queues/work/messages',
    ])
  })
})

it('counts connections', async () => {
  const before = mns.connections()
  await Promise.all([sdk.receiveMessage('work', 1), sdk.receiveMessage('work', 1)].map(refusal))
  expect(mns.connections()).toBe(before + 1)
})

it('counts requests by action, refused ones too', async () => {
  mns.resetUsage()
  await sdk.batchSendMessage('work', [{ MessageBody: 'YQ==' }, { MessageBody: 'Yg==' }])
  await sdk.receiveMessage('work')
  await sdk.receiveMessage('work')
  await refusal(sdk.receiveMessage('work'))
  expect(mns.usage()).toEqual({ BatchSendMessage: 1, ReceiveMessage: 3 })
})

describe('faults', () => {
  const send = () => refusal(sdk.sendMessage('work', { MessageBody: 'YQ==' }))

  it('are chosen by what is asked', async () => {
    mns.onRequest(({ action }) => (action === 'SendMessage' ? { refuse: 'QpsLimitExceeded' } : undefined))
    expect(await send()).toBe('QpsLimitExceeded')
    expect(await sdk.getQueueAttributes('work')).toMatchObject({ code: 200 })
    mns.onRequest(undefined)
    expect(await send()).toMatchObject({ code: 201 })
  })

  it.each([
    ['before', []],
    ['after', ['YQ==']],
  ] as const)('can drop the connection %s the effect', async (drop, left) => {
    mns.onRequest(() => ({ drop }))
    expect(await send()).toMatchObject({ code: 'ECONNRESET' })
    expect(mns.bodies('work')).toEqual(left)
  })

  it('can answer in the place of the service', async () => {
    mns.onRequest(() => ({ answer: { status: 503, contentType: 'text/html', body: 'busy' } }))
    expect(await send()).toMatchObject({ code: 503 })
    expect(mns.bodies('work')).toEqual([])
  })

  it('can answer late', async () => {
    mns.onRequest(() => ({ delayMs: 100 }))
    const from = performance.now()
    expect(await send()).toMatchObject({ code: 201 })
    expect(performance.now() - from).toBeGreaterThan(95)
  })

  it('can store a message twice, and deliver it twice', async () => {
    mns.onRequest(() => ({ duplicate: true }))
    await send()
    expect(mns.bodies('work')).toHaveLength(2)
    expect((await sdk.batchReceiveMessage('work', 16)).body).toHaveLength(2)
    expect((await sdk.batchReceiveMessage('work', 16)).body).toHaveLength(2)
  })

  it('can fail single entries of a batch', async () => {
    mns.onRequest(() => ({ failEntries: [1], code: 'InternalError' }))
    const { code, body } = await sdk.batchSendMessage('work', [
      { MessageBody: 'YQ==' },
      { MessageBody: 'Yg==' },
    ])
    expect(code).toBe(500)
    expect(body).toMatchObject([{ MessageId: expect.any(String) }, { ErrorCode: 'InternalError' }])
    expect(mns.bodies('work')).toEqual(['YQ=='])
  })
})

describe('the XML reader', () => {
  it('reads references, comments and literal sections', () => {
    const read = parseXml(
      '<?xml version="1.0"?><a><!-- x --><b>1 &lt;&#50;&#x33;</b><c><![CDATA[<&]]></c><d/></a>',
    )
    expect(read.children).toMatchObject([
      { name: 'b', text: '1 <23' },
      { name: 'c', text: '<&' },
      { name: 'd', text: '' },
    ])
  })

  it.each([
    '',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a>&</a>',
    '<a>&nope;</a>',
    '<a b=1/>',
    '<!DOCTYPE a><a/>',
    '<a>\u0001</a>',
    '<a>&#0;</a>',
    '<a>]]></a>',
  ])('refuses %j', (source) => {
    expect(() => parseXml(source)).toThrow(XmlMalformed)
  })
})
