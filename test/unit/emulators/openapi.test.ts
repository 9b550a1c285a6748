import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { callOpenApi } from '../../../shared/adapters/alibaba-cloud/openapi.ts'
import { type HttpListener, type HttpRequest, listenHttp } from '../../emulators/http-listener.ts'
import type { CommandEnd } from '../../emulators/openapi/ecs.ts'
import { type OpenApi, startOpenApi } from '../../emulators/openapi/server.ts'
import { runShell } from '../../emulators/openapi/shell.ts'

const user = { name: 'user', accessKeyId: 'LTAItest', accessKeySecret: 'secret-of-the-user' }

let service: OpenApi
let recorder: HttpListener
let recorded: HttpRequest[]
let now: Date | undefined

beforeAll(async () => {
  service = await startOpenApi({
    accountId: '123',
    region: 'cn-hangzhou',
    principals: [user],
    secrets: { db: 'tiger' },
    instances: {
      'i-1': { platform: 'Linux', run: runShell },
      'i-2': {
        platform: 'Windows',
        running: false,
        run: () => Promise.resolve<CommandEnd>({ exitCode: 0, output: '' }),
      },
    },
    now: () => now ?? new Date(),
  })
  recorder = await listenHttp((request) => {
    recorded.push(request)
    return Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' })
  })
})
afterAll(() => Promise.all([service.close(), recorder.close()]))
afterEach(() => {
  now = undefined
})

const call = (
  action: string,
  query: Record<string, string>,
  version = '2014-05-26',
  endpoint = service.url,
) =>
  callOpenApi(
    {
      endpoint,
      credentials: () => Promise.resolve(user),
      timeoutMs: 60_000,
      retry: { attempts: 1, baseDelayMs: 1, maxDelayMs: 1, budgetMs: 1 },
      isTransient: () => false,
    },
    { action, version, query },
  )

/** A request that the real client signed, still unsent. */
const signed = async (): Promise<HttpRequest> => {
  recorded = []
  await call('GetSecretValue', { SecretName: 'db' }, '2016-01-20', recorder.url)
  const [request] = recorded
  if (!request) throw new Error('the client sent nothing')
  return request
}

const send = async ({ method, target, headers, body }: HttpRequest) => {
  const { port } = new URL(service.url)
  const request = httpRequest({ host: '127.0.0.1', port, method, path: target, headers })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const answer: unknown = JSON.parse(await text(response))
  return answer as { Code?: string; SecretData?: string }
}

describe('a signature', () => {
  it('lets a request in once', async () => {
    const request = await signed()
    expect(await send(request)).toMatchObject({ SecretData: 'tiger' })
    expect(await send(request)).toMatchObject({ Code: 'SignatureNonceUsed' })
  })

  const without = (headers: HttpRequest['headers'], name: string) =>
    Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

  it.each<[string, (request: HttpRequest) => HttpRequest, string]>([
    ['another query', (r) => ({ ...r, target: r.target.replace('=db', '=other') }), 'SignatureDoesNotMatch'],
    ['one more parameter', (r) => ({ ...r, target: `${r.target}&A=1` }), 'SignatureDoesNotMatch'],
    ['another method', (r) => ({ ...r, method: 'PUT' }), 'SignatureDoesNotMatch'],
    [
      'a body that was not signed',
      (r) => ({ ...r, body: Buffer.from('A=1'), headers: { ...r.headers, 'content-length': '3' } }),
      'InvalidContentSha256',
    ],
    [
      'another date',
      (r) => ({ ...r, headers: { ...r.headers, 'x-acs-date': new Date(Date.now() + 1000).toISOString() } }),
      'SignatureDoesNotMatch',
    ],
    [
      'a header that was not signed',
      (r) => ({ ...r, headers: { ...r.headers, 'x-acs-extra': '1' } }),
      'SignatureDoesNotMatch',
    ],
    [
      'another host',
      (r) => ({ ...r, headers: { ...r.headers, host: 'evil.example' } }),
      'SignatureDoesNotMatch',
    ],
    ['no signature', (r) => ({ ...r, headers: without(r.headers, 'authorization') }), 'IncompleteSignature'],
    [
      'no nonce',
      (r) => ({ ...r, headers: without(r.headers, 'x-acs-signature-nonce') }),
      'SignatureNonceUsed',
    ],
    [
      'a token that the key has not',
      (r) => ({ ...r, headers: { ...r.headers, 'x-acs-security-token': 'x' } }),
      'InvalidSecurityToken.MismatchWithAccessKey',
    ],
  ])('does not hold for %s', async (_, change, code) => {
    expect(await send(change(await signed()))).toMatchObject({ Code: code })
  })

  it('grows old in a quarter of an hour', async () => {
    const request = await signed()
    now = new Date(Date.now() + 16 * 60_000)
    expect(await send(request)).toMatchObject({ Code: 'InvalidTimeStamp.Expired' })
  })
})

const command = {
  RegionId: 'cn-hangzhou',
  Type: 'RunShellScript',
  CommandContent: Buffer.from('echo hello; exit 3').toString('base64'),
  ContentEncoding: 'Base64',
  'InstanceId.1': 'i-1',
}

describe('Cloud Assistant', () => {
  it.each([
    ['another region', { ...command, RegionId: 'cn-beijing' }, 'InvalidParameter.RegionId'],
    ['no region', { ...command, RegionId: '' }, 'MissingParameter.RegionId'],
    ['an unknown type', { ...command, Type: 'RunPython' }, 'InvalidParameter.Type'],
    ['no instance', { ...command, 'InstanceId.1': '' }, 'InvalidInstance.NotFound'],
    ['an unknown instance', { ...command, 'InstanceId.2': 'i-9' }, 'InvalidInstance.NotFound'],
    ['content that is no Base64', { ...command, CommandContent: 'echo hello' }, 'InvalidCommandText'],
    [
      'content that is too long',
      { ...command, CommandContent: Buffer.alloc(20_000, 'a').toString('base64') },
      'CommandContentTooLong',
    ],
    ['too little time', { ...command, Timeout: '9' }, 'InvalidParameter.Timeout'],
  ])('refuses %s', async (_, query, code) => {
    expect(await call('RunCommand', query)).toMatchObject({ fault: { kind: 'refused', code } })
  })

  it('runs a script and keeps what it wrote', async () => {
    const started = await call('RunCommand', command)
    const { InvokeId = '' } = 'answer' in started ? (started.answer as { InvokeId?: string }) : {}
    const read = () =>
      call('DescribeInvocationResults', { RegionId: 'cn-hangzhou', InvokeId, ContentEncoding: 'PlainText' })
    await expect.poll(read).toMatchObject({
      answer: {
        Invocation: {
          InvocationResults: {
            InvocationResult: [
              {
                InvocationStatus: 'Failed',
                ExitCode: 3,
                ErrorCode: 'ExitCodeNonzero',
                Output: 'hello\n',
                Dropped: 0,
              },
            ],
          },
        },
      },
    })
  })

  it('refuses a client token that was used for another command', async () => {
    expect(await call('RunCommand', { ...command, ClientToken: 'a' })).toHaveProperty('answer')
    expect(await call('RunCommand', { ...command, ClientToken: 'a', Timeout: '20' })).toMatchObject({
      fault: { code: 'IdempotentParameterMismatch' },
    })
  })

  it('tells where its agent is', async () => {
    const query = {
      RegionId: 'cn-hangzhou',
      'InstanceId.1': 'i-1',
      'InstanceId.2': 'i-2',
      'InstanceId.3': 'i-3',
    }
    expect(await call('DescribeCloudAssistantStatus', query)).toMatchObject({
      answer: {
        InstanceCloudAssistantStatusSet: {
          InstanceCloudAssistantStatus: [
            { InstanceId: 'i-1', OSType: 'Linux', CloudAssistantStatus: 'true' },
            { InstanceId: 'i-2', OSType: 'Windows', CloudAssistantStatus: 'false' },
          ],
        },
      },
    })
  })
})

it.each([
  ['an operation that does not exist', 'DeleteInstance', '2014-05-26', 'InvalidAction.NotFound'],
  ['a version of another product', 'GetSecretValue', '2014-05-26', 'InvalidVersion'],
  ['a secret without a name', 'GetSecretValue', '2016-01-20', 'MissingParameter.SecretName'],
])('refuses %s, and counts it', async (_, action, version, code) => {
  const before = service.usage[action] ?? 0
  expect(await call(action, {}, version)).toMatchObject({ fault: { code } })
  expect(service.usage[action]).toBe(before + 1)
})
