import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import FcClient from '@alicloud/fc2'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { fcInvoker } from '../../../shared/adapters/fc/fc-invoker.ts'
import { type FcInvoke, startFcInvoke } from '../../emulators/fc-invoke/server.ts'
import { type HttpListener, type HttpRequest, listenHttp } from '../../emulators/http-listener.ts'

const user = { name: 'user', accessKeyId: 'LTAItest', accessKeySecret: 'secret-of-the-user' }

let platform: FcInvoke
let recorder: HttpListener
let recorded: HttpRequest[] = []
let now: Date | undefined

beforeAll(async () => {
  platform = await startFcInvoke({
    accountId: '123',
    region: 'cn-hangzhou',
    principals: [user],
    functions: { echo: ({ event }) => ({ body: event }) },
    now: () => now ?? new Date(),
  })
  recorder = await listenHttp((request) => {
    recorded.push(request)
    return Promise.resolve({ status: 200, body: '' })
  })
})
afterAll(() => Promise.all([platform.close(), recorder.close()]))
afterEach(() => {
  now = undefined
  recorded = []
})

/** An asynchronous request that the real client signed, still unsent. */
const signed = async (taskId: string): Promise<HttpRequest> => {
  const settings = { accountId: '123', region: 'cn-hangzhou', endpoint: recorder.url, timeoutMs: 60_000 }
  const invoker = fcInvoker({ mode: 'fc3', credentials: () => Promise.resolve(user), ...settings })
  await invoker.invokeAsync('echo', Buffer.from('{}'), taskId)
  const [request] = recorded
  if (!request) throw new Error('the client sent nothing')
  return request
}

const send = async ({ method, target, headers, body }: HttpRequest) => {
  const { port } = new URL(platform.url)
  const request = httpRequest({ host: '127.0.0.1', port, method, path: target, headers })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}

it('takes a request of the client as it was signed', async () => {
  expect(await send(await signed('task-1'))).toEqual({ status: 202, body: '' })
  expect(platform.calls).toMatchObject([{ functionName: 'echo', type: 'Async', taskId: 'task-1' }])
  expect(await send(await signed('task-1'))).toMatchObject({ status: 409 })
})

it.each<[string, (request: HttpRequest) => HttpRequest, string]>([
  ['another function', (r) => ({ ...r, target: r.target.replace('echo', 'other') }), 'SignatureNotMatch'],
  [
    'another type of invocation',
    (r) => ({ ...r, headers: { ...r.headers, 'x-fc-invocation-type': 'Sync' } }),
    'SignatureNotMatch',
  ],
  [
    'another account',
    (r) => ({ ...r, headers: { ...r.headers, 'x-fc-account-id': '456' } }),
    'SignatureNotMatch',
  ],
  ['another event', (r) => ({ ...r, body: Buffer.from('[]') }), 'InvalidArgument'],
  [
    'a token that the key has not',
    (r) => ({ ...r, headers: { ...r.headers, 'x-fc-security-token': 'x' } }),
    'InvalidSecurityToken',
  ],
  ['no signature', (r) => ({ ...r, headers: { ...r.headers, authorization: '' } }), 'MissingRequiredHeader'],
  [
    'the version in between',
    (r) => ({ ...r, target: r.target.replace('2023-03-30', '2021-04-06') }),
    'PathNotSupported',
  ],
  ['another method', (r) => ({ ...r, method: 'PUT' }), 'PathNotSupported'],
])('refuses a request that was changed: %s', async (_, change, code) => {
  const { status, body } = await send(change(await signed('task-2')))
  expect([400, 403]).toContain(status)
  expect(body).toContain(code)
})

it('refuses a request that is a quarter of an hour old', async () => {
  const request = await signed('task-3')
  now = new Date(Date.now() + 16 * 60_000)
  expect(await send(request)).toMatchObject({ status: 403, body: expect.stringContaining('AccessDenied') })
})

it.each(['0task', 'a b', 'a'.repeat(129)])('refuses the task id %j', async (taskId) => {
  const client = new FcClient('123', {
    accessKeyID: user.accessKeyId,
    accessKeySecret: user.accessKeySecret,
    region: 'cn-hangzhou',
    endpoint: platform.url,
  })
  client.version = '2023-03-30'
  const headers = { 'x-fc-invocation-type': 'Async', 'x-fc-async-task-id': taskId }
  const calls = platform.calls.length
  await expect(client.post('/functions/echo/invocations', Buffer.from('{}'), headers)).rejects.toThrow(
    'failed with 400',
  )
  expect(platform.calls).toHaveLength(calls)
})
