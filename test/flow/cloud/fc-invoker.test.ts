import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fcInvoker, type FcMode, type FcSettings } from '../../../shared/adapters/fc/fc-invoker.ts'
import type { Credentials } from '../../../shared/adapters/alibaba-cloud/credentials.ts'
import { type FcInvoke, type FcInvokeOptions, startFcInvoke } from '../../emulators/fc-invoke/server.ts'
import { openBlackHole } from '../../support/black-hole.ts'
import { inTime } from '../../support/in-time.ts'

const user = { name: 'operator', accessKeyId: 'LTAItest', accessKeySecret: 'secret-of-the-user' }
const role = {
  name: 'role',
  accessKeyId: 'STS.test',
  accessKeySecret: 'secret-of-the-role',
  securityToken: 'token+/=',
}
const plainRole = { ...role, accessKeyId: 'TMP.test' }

let platform: FcInvoke
let intercept: FcInvokeOptions['intercept']
let release: (() => void) | undefined

beforeAll(async () => {
  const functions: FcInvokeOptions['functions'] = {
    echo: ({ event }) => ({ body: event }),
    json: () => ({ body: '{"ok":true}', contentType: 'application/json; charset=utf-8' }),
    empty: () => ({ body: '' }),
    fails: () => ({ errorType: 'HandledInvocationError', errorMessage: 'no such instance' }),
    throws: () => Promise.reject(new Error('out of memory')),
    forbidden: () => ({ body: '' }),
    waits: () => new Promise((resolve) => (release = () => resolve({ body: 'done' }))),
  }
  const ofService = Object.entries(functions).map(([name, target]) => [`precheck/${name}`, target] as const)
  platform = await startFcInvoke({
    accountId: '123',
    region: 'cn-hangzhou',
    principals: [user, role, plainRole],
    functions: { ...functions, ...Object.fromEntries(ofService) },
    authorize: (_, action, resource) =>
      action === 'fc:InvokeFunction' && !resource.endsWith('functions/forbidden'),
    intercept: (request) => intercept?.(request),
  })
})
afterAll(() => platform.close())
afterEach(() => {
  intercept = undefined
})

const invokerFor = (mode: FcMode, settings: Partial<FcSettings> = {}, credentials: Credentials = user) =>
  fcInvoker({
    accountId: '123',
    region: 'cn-hangzhou',
    endpoint: platform.url,
    timeoutMs: 60_000,
    credentials: () => Promise.resolve(credentials),
    ...settings,
    ...mode,
  })

const event = Buffer.from('{"a":"ä"}')
const modes: readonly FcMode[] = [{ mode: 'fc3' }, { mode: 'fc2', service: 'precheck' }]

describe.each(modes)('the invoker in mode $mode', (mode) => {
  it('gives the answer of a function byte by byte', async () => {
    const bytes = Uint8Array.from([0, 255, 128, 10])
    expect(await invokerFor(mode).invoke('echo', bytes)).toEqual({
      answer: { bytes: Buffer.from(bytes) },
      requestId: platform.calls.at(-1)?.requestId,
    })
    expect(platform.calls.at(-1)).toMatchObject({ type: 'Sync', functionName: 'echo', taskId: null })
  })

  it('gives JSON that a function names so', async () => {
    expect(await invokerFor(mode).invoke('json', event)).toMatchObject({ answer: { json: { ok: true } } })
  })

  it('sends an empty event and takes an empty answer', async () => {
    expect(await invokerFor(mode).invoke('empty', new Uint8Array())).toMatchObject({
      answer: { bytes: Buffer.alloc(0) },
    })
  })

  it('names version or alias', async () => {
    await invokerFor(mode, { qualifier: 'prod' }).invoke('echo', event)
    expect(platform.calls.at(-1)).toMatchObject({ qualifier: 'prod' })
  })

  it.each([
    ['keys of STS', role],
    ['temporary keys that do not start with STS', plainRole],
  ])('signs with %s', async (_, credentials) => {
    expect(await invokerFor(mode, {}, credentials).invoke('json', event)).toHaveProperty('answer')
  })

  it('tells a failure of the function, which comes with HTTP 200', async () => {
    expect(await invokerFor(mode).invoke('fails', event)).toEqual({
      failure: {
        code: 'FUNCTION_FAILED',
        detail: 'HandledInvocationError: no such instance',
        requestId: platform.calls.at(-1)?.requestId,
      },
    })
    expect(await invokerFor(mode).invoke('throws', event)).toMatchObject({
      failure: { code: 'FUNCTION_FAILED', detail: 'UnhandledInvocationError: Error: out of memory' },
    })
  })

  it('hands an event over once for every dedupe id, and does not wait for the function', async () => {
    const invoker = invokerFor(mode)
    const id = `0-${mode.mode} waits?`
    expect(await invoker.invokeAsync('waits', event, id)).toMatchObject({ accepted: true })
    expect(await invoker.invokeAsync('waits', event, id)).toMatchObject({ failure: { code: 'DUPLICATE' } })
    expect(await invoker.invokeAsync('echo', event, id)).toMatchObject({ accepted: true })
    expect(
      platform.calls.findLast(({ type, functionName }) => type === 'Async' && functionName === 'waits'),
    ).toMatchObject({
      event,
      taskId: expect.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,127}$/),
    })
    release?.()
    await platform.settled()
  })

  it.each([
    ['a function that does not exist', 'nobody', 'FUNCTION_NOT_FOUND'],
    ['a function that RAM forbids', 'forbidden', 'ACCESS_DENIED'],
    ['a name that leaves the path', 'echo/../../x', 'INVALID_REQUEST'],
    ['a name with a query', 'echo?qualifier=1', 'INVALID_REQUEST'],
  ])('refuses %s', async (_, name, code) => {
    expect(await invokerFor(mode).invoke(name, event)).toMatchObject({ failure: { code } })
  })

  it('refuses a qualifier that leaves the path', async () => {
    expect(await invokerFor(mode, { qualifier: 'a/b' }).invoke('echo', event)).toMatchObject({
      failure: { code: 'INVALID_REQUEST' },
    })
  })

  it('is refused with a wrong secret, an unknown key and a wrong token', async () => {
    for (const credentials of [
      { ...user, accessKeySecret: 'other' },
      { ...user, accessKeyId: 'LTAIother' },
      { ...role, securityToken: 'old' },
    ]) {
      const outcome = await invokerFor(mode, {}, credentials).invoke('echo', event)
      expect(outcome).toMatchObject({ failure: { code: 'ACCESS_DENIED', requestId: expect.any(String) } })
      expect(JSON.stringify(outcome)).not.toContain(credentials.accessKeySecret)
    }
  })

  it.each([
    ['cannot be had', () => Promise.reject(new Error('metadata server: secret'))],
    [
      'are not in the environment',
      () => {
        throw new Error('not set')
      },
    ],
    ['are empty', () => Promise.resolve({ accessKeyId: '', accessKeySecret: '' })],
    ['lack their token', () => Promise.resolve({ accessKeyId: 'STS.x', accessKeySecret: 'secret' })],
  ])('says so when credentials %s', async (_, credentials) => {
    expect(await invokerFor(mode, { credentials }).invoke('echo', event)).toEqual({
      failure: { code: 'ACCESS_DENIED', detail: 'no usable credentials' },
    })
  })

  it('finds a too large asynchronous event refused', async () => {
    expect(await invokerFor(mode).invokeAsync('echo', Buffer.alloc(128 * 1024 + 1), 'big')).toMatchObject({
      failure: { code: 'INVALID_REQUEST' },
    })
  })

  it.each([
    [
      429,
      { ErrorCode: 'ResourceExhausted', ErrorMessage: 'too many' },
      'THROTTLED',
      'HTTP 429, ResourceExhausted: too many',
    ],
    [429, { Code: 'ResourceExhausted', Message: 'too many' }, 'THROTTLED', 'HTTP 429'],
    [429, { errorCode: 'ResourceExhausted', errorMessage: 'too many' }, 'THROTTLED', 'HTTP 429, too many'],
    [
      503,
      { ErrorCode: 'ResourceThrottled', ErrorMessage: 'x' },
      'THROTTLED',
      'HTTP 503, ResourceThrottled: x',
    ],
    [
      500,
      { ErrorCode: 'InternalServerError', ErrorMessage: 'x' },
      'PLATFORM_FAILED',
      'HTTP 500, InternalServerError: x',
    ],
    [409, { ErrorCode: 'ConcurrentUpdateError' }, 'PLATFORM_FAILED', 'HTTP 409, ConcurrentUpdateError'],
    [412, { Code: 'CAExited', Message: 'x' }, 'FUNCTION_FAILED', 'HTTP 412'],
    [404, { Code: 'FunctionNotFound', Message: 'x' }, 'FUNCTION_NOT_FOUND', 'HTTP 404'],
  ])('reads HTTP %d with the body %j', async (status, body, code, detail) => {
    intercept = () => ({
      status,
      headers: { 'content-type': 'application/json', 'x-fc-request-id': 'req-1' },
      body: JSON.stringify(body),
    })
    expect(await invokerFor(mode).invoke('echo', event)).toEqual({
      failure: { code, detail, requestId: 'req-1' },
    })
  })

  it('takes an older refusal of a duplicate, with status 400, for one', async () => {
    const body = JSON.stringify({ ErrorCode: 'StatefulAsyncInvocationAlreadyExists', ErrorMessage: 'x' })
    intercept = () => ({ status: 400, headers: { 'content-type': 'application/json' }, body })
    expect(await invokerFor(mode).invokeAsync('echo', event, 'a')).toMatchObject({
      failure: { code: 'DUPLICATE' },
    })
  })

  it.each([
    [
      'an error page',
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' },
      'PLATFORM_FAILED',
    ],
    [
      'JSON that is none',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{' },
      'UNEXPECTED_ANSWER',
    ],
    [
      'null for an error',
      { status: 500, headers: { 'content-type': 'application/json' }, body: 'null' },
      'UNEXPECTED_ANSWER',
    ],
    ['a connection that is cut', 'reset', 'UNREACHABLE'],
  ] as const)('survives %s', async (_, answer, code) => {
    intercept = () => answer
    expect(await invokerFor(mode).invoke('echo', event)).toMatchObject({ failure: { code } })
  })

  it.each(['hang', 'stall'] as const)(
    'ends at its own limit when the platform does not (%s)',
    async (answer) => {
      intercept = () => answer
      expect(await inTime(1000, invokerFor(mode, { timeoutMs: 200 }).invoke('echo', event))).toMatchObject({
        failure: { code: 'TIMED_OUT' },
      })
    },
  )

  it('ends at its own limit when credentials do not come', async () => {
    const credentials = () => new Promise<Credentials>(() => undefined)
    expect(await invokerFor(mode, { timeoutMs: 100, credentials }).invoke('echo', event)).toMatchObject({
      failure: { code: 'TIMED_OUT' },
    })
  })

  it('says that nobody listens', async () => {
    expect(await invokerFor(mode, { endpoint: 'http://127.0.0.1:1' }).invoke('echo', event)).toEqual({
      failure: { code: 'UNREACHABLE', detail: 'ECONNREFUSED' },
    })
  })
})

it('asks for credentials at every call, so that temporary ones never grow old', async () => {
  const keys = [user, role]
  const invoker = invokerFor({ mode: 'fc3' }, { credentials: () => Promise.resolve(keys.shift() ?? user) })
  expect(await invoker.invoke('json', event)).toHaveProperty('answer')
  expect(await invoker.invoke('json', event)).toHaveProperty('answer')
  expect(keys).toEqual([])
})

it('ends at its own limit when nothing answers the connection', async () => {
  const hole = await openBlackHole()
  const settings = { endpoint: `http://127.0.0.1:${hole.port}`, timeoutMs: 200 }
  expect(await invokerFor({ mode: 'fc3' }, settings).invoke('echo', event)).toMatchObject({
    failure: { code: 'TIMED_OUT' },
  })
  await hole.close()
})
