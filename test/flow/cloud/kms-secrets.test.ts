import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Credentials } from '../../../shared/adapters/alibaba-cloud/credentials.ts'
import { type KmsSettings, kmsSecrets } from '../../../shared/adapters/kms/kms-secrets.ts'
import { localSecrets } from '../../../shared/adapters/secrets/local-secrets.ts'
import type { Secrets } from '../../../shared/ports/secrets.ts'
import { Refusal } from '../../emulators/openapi/refusal.ts'
import { type OpenApi, type OpenApiOptions, startOpenApi } from '../../emulators/openapi/server.ts'
import { inTime } from '../../support/in-time.ts'

const role = {
  name: 'run-check',
  accessKeyId: 'STS.test',
  accessKeySecret: 'secret-of-the-role',
  securityToken: 'token+/=',
}
const user = { name: 'nobody', accessKeyId: 'LTAItest', accessKeySecret: 'secret-of-the-user' }
const password = 'tiger & "lion" <ä>'

const secrets: Record<string, string | { binary: Buffer }> = {}
let service: OpenApi
let mayDecrypt = true
let intercept: OpenApiOptions['intercept']
let kms: Secrets

beforeAll(async () => {
  service = await startOpenApi({
    accountId: '123',
    region: 'cn-hangzhou',
    principals: [role, user],
    secrets,
    authorize: ({ name }, action, resource) =>
      name === 'run-check' &&
      ((action === 'kms:GetSecretValue' && resource.startsWith('acs:kms:cn-hangzhou:123:secret/precheck/')) ||
        (action === 'kms:Decrypt' && mayDecrypt)),
    intercept: (...call) => intercept?.(...call),
  })
})
afterAll(() => service.close())

const kmsFor = (credentials: Credentials = role, settings: Partial<KmsSettings> = {}): Secrets =>
  kmsSecrets(
    {
      endpoint: service.url,
      credentials: () => credentials,
      timeoutMs: 60_000,
      retry: { attempts: 3, baseDelayMs: 1, maxDelayMs: 5, budgetMs: 2000 },
      cache: { ttlMs: 60_000, maxSecrets: 2 },
      ...settings,
    },
    localSecrets({ PRECHECK_SECRET_DB: 'from the environment' }, '/run/secrets'),
  )

beforeEach(() => {
  Object.assign(secrets, { 'precheck/db1': password, 'precheck/db2': 'b', 'precheck/db3': 'c', other: 'x' })
  secrets['precheck/bytes'] = { binary: Buffer.from([1, 2, 3]) }
  kms = kmsFor()
})
afterEach(() => {
  mayDecrypt = true
  intercept = undefined
  vi.restoreAllMocks()
})

const asked = (): number => service.usage['GetSecretValue'] ?? 0

describe('a secret of KMS', () => {
  it('is read with keys of STS, by its name', async () => {
    expect(await kms.resolve('kms:precheck/db1')).toEqual({ value: password })
  })

  it('is asked for once, however many want it', async () => {
    const before = asked()
    const wanted = Array.from({ length: 5 }, () => kms.resolve('kms:precheck/db1'))
    expect(await Promise.all(wanted)).toEqual(wanted.map(() => ({ value: password })))
    expect(await kms.resolve('kms:precheck/db1')).toEqual({ value: password })
    expect(asked()).toBe(before + 1)
  })

  it('is read again when its time is over', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000)
    await kms.resolve('kms:precheck/db1')
    secrets['precheck/db1'] = 'rotated'
    clock.mockReturnValue(60_999)
    expect(await kms.resolve('kms:precheck/db1')).toEqual({ value: password })
    clock.mockReturnValue(61_000)
    expect(await kms.resolve('kms:precheck/db1')).toEqual({ value: 'rotated' })
  })

  it('leaves memory for others: only so many are held, the oldest goes first', async () => {
    await kms.resolve('kms:precheck/db1')
    await kms.resolve('kms:precheck/db2')
    await kms.resolve('kms:precheck/db3')
    const before = asked()
    await kms.resolve('kms:precheck/db3')
    await kms.resolve('kms:precheck/db2')
    expect(asked()).toBe(before)
    await kms.resolve('kms:precheck/db1')
    expect(asked()).toBe(before + 1)
  })

  it('that is missing is reported, and found once it is there', async () => {
    expect(await kms.resolve('kms:precheck/new')).toEqual({
      unavailable: expect.stringMatching(
        /^KMS has no secret of this name \(Forbidden.ResourceNotFound, request .+\)$/,
      ),
    })
    secrets['precheck/new'] = 'there'
    expect(await kms.resolve('kms:precheck/new')).toEqual({ value: 'there' })
  })

  it('whose key the role may not use is reported as denied', async () => {
    mayDecrypt = false
    expect(await kms.resolve('kms:precheck/db1')).toEqual({
      unavailable: expect.stringContaining('KMS denied access to the secret (Forbidden.RAM'),
    })
  })

  it('that RAM forbids is reported as denied', async () => {
    expect(await kms.resolve('kms:other')).toEqual({
      unavailable: expect.stringContaining('KMS denied access to the secret (Forbidden.RAM'),
    })
  })

  it('that is not text is not a password', async () => {
    expect(await kms.resolve('kms:precheck/bytes')).toEqual({
      unavailable: expect.stringContaining('binary'),
    })
  })
})

it('leaves other references to others', async () => {
  const before = asked()
  expect(await kms.resolve('env:PRECHECK_SECRET_DB')).toEqual({ value: 'from the environment' })
  expect(asked()).toBe(before)
  expect(await localSecrets({ db1: 'x' }, '/run/secrets').resolve('kms:db1')).toHaveProperty('unavailable')
})

describe('another attempt', () => {
  const failing = (times: number, answer: ReturnType<NonNullable<OpenApiOptions['intercept']>>) => {
    let left = times
    intercept = () => (left-- > 0 ? answer : undefined)
  }

  it.each([
    ['throttling', new Refusal(429, 'Rejected.Throttling', 'QPS Limit Exceeded')],
    ['a failure of the service', new Refusal(503, 'ServiceUnavailableTemporary', 'Service Unavailable')],
    ['an internal error', new Refusal(500, 'InternalFailure', 'Internal Failure')],
    ['a connection that is cut', 'reset'],
  ] as const)('fixes %s', async (_, answer) => {
    const before = asked()
    failing(2, answer)
    expect(await kms.resolve('kms:precheck/db1')).toEqual({ value: password })
    expect(asked()).toBe(before + 3)
  })

  it('is not made without end, and the failure is not held', async () => {
    const before = asked()
    failing(3, new Refusal(429, 'Rejected.Throttling', 'QPS Limit Exceeded'))
    expect(await kms.resolve('kms:precheck/db1')).toEqual({
      unavailable: expect.stringContaining('KMS throttles requests (Rejected.Throttling'),
    })
    expect(asked()).toBe(before + 3)
    expect(await kms.resolve('kms:precheck/db1')).toEqual({ value: password })
  })

  it.each([
    ['a refusal', new Refusal(403, 'Forbidden.RAM', 'no'), 'denied'],
    ['an answer that is not valid JSON', { status: 200, body: '<html>' }, 'unexpected answer'],
    ['an answer of another shape', { status: 200, body: '{"SecretData":5}' }, 'unexpected answer'],
  ] as const)('is not made after %s', async (_, answer, text) => {
    const before = asked()
    failing(1, answer)
    expect(await kms.resolve('kms:precheck/db1')).toEqual({ unavailable: expect.stringContaining(text) })
    expect(asked()).toBe(before + 1)
  })
})

describe('KMS that does not answer', () => {
  it.each(['hang', 'stall'] as const)('is given up at the limit (%s)', async (answer) => {
    await kms.resolve('kms:precheck/db2')
    intercept = () => answer
    expect(await inTime(1000, kmsFor(role, { timeoutMs: 200 }).resolve('kms:precheck/db1'))).toEqual({
      unavailable: expect.stringContaining('in time'),
    })
  })

  it('is told apart from one that cannot be reached', async () => {
    expect(await kmsFor(role, { endpoint: 'http://127.0.0.1:1' }).resolve('kms:precheck/db1')).toEqual({
      unavailable: 'KMS cannot be reached (ECONNREFUSED)',
    })
  })
})

describe('keys', () => {
  it.each([
    ['a wrong secret', { ...role, accessKeySecret: 'other' }, 'SignatureDoesNotMatch'],
    ['an unknown id', { ...role, accessKeyId: 'STS.other' }, 'InvalidAccessKeyId.NotFound'],
    ['an old token', { ...role, securityToken: 'old' }, 'InvalidSecurityToken'],
    ['no rights', user, 'Forbidden.RAM'],
  ])('with %s are refused, and stay out of the text', async (_, credentials, code) => {
    const outcome = await kmsFor(credentials).resolve('kms:precheck/db1')
    expect(outcome).toEqual({ unavailable: expect.stringContaining(code) })
    for (const kept of [credentials.accessKeySecret, password])
      expect(JSON.stringify(outcome)).not.toContain(kept)
  })

  it.each([
    ['promised', () => Promise.reject(new Error('metadata: secret'))],
    [
      'thrown',
      () => {
        throw new Error('metadata: secret')
      },
    ],
  ])('that are not available are reported (%s)', async (_, credentials) => {
    expect(await kmsFor(role, { credentials }).resolve('kms:precheck/db1')).toEqual({
      unavailable: 'no usable credentials (no-credentials)',
    })
  })
})
