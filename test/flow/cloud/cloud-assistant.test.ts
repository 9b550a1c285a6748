import { createServer } from 'node:net'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { cloudAssistant } from '../../../shared/adapters/cloud-assistant/cloud-assistant.ts'
import { httpsProbe } from '../../../shared/adapters/https/https-probe.ts'
import type { Reach } from '../../../shared/checks/framework/answer.ts'
import { problems } from '../../../shared/checks/problem-catalogue.ts'
import { Locale, fill } from '../../../shared/model/message.ts'
import type { EcsHost, HostQuestion, HostReach, ReachReading } from '../../../shared/ports/host-reach.ts'
import { type HttpsEndpoint, startHttpsEndpoint } from '../../emulators/https-endpoint.ts'
import type { CommandEnd } from '../../emulators/openapi/ecs.ts'
import { Refusal } from '../../emulators/openapi/refusal.ts'
import { type OpenApi, type OpenApiOptions, startOpenApi } from '../../emulators/openapi/server.ts'
import { runShell } from '../../emulators/openapi/shell.ts'
import { type BlackHole, openBlackHole } from '../../support/black-hole.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { inTime } from '../../support/in-time.ts'

const role = {
  name: 'run-check',
  accessKeyId: 'STS.test',
  accessKeySecret: 'secret-of-the-role',
  securityToken: 'token+/=',
}

let certificates: Certificates
let endpoint: HttpsEndpoint
let hole: BlackHole
let service: OpenApi
let assistant: HostReach
let intercept: OpenApiOptions['intercept']
/** Ends the command that runs on an instance of a test. */
let end: (result: CommandEnd) => void

const controlled = () => new Promise<CommandEnd>((resolve) => (end = resolve))

beforeAll(async () => {
  certificates = await makeCertificates()
  endpoint = await startHttpsEndpoint(certificates)
  hole = await openBlackHole()
  service = await startOpenApi({
    accountId: '123',
    region: 'cn-hangzhou',
    principals: [role],
    instances: {
      'i-linux': { platform: 'Linux', run: runShell },
      'i-controlled': { platform: 'Linux', run: controlled },
      'i-windows': { platform: 'Windows', run: controlled },
      'i-stopped': { platform: 'Linux', running: false, run: runShell },
      'i-bare': { platform: 'Linux', agent: 'missing', run: runShell },
      'i-forbidden': { platform: 'Linux', run: runShell },
    },
    authorize: (_, action, resource) =>
      ['ecs:RunCommand', 'ecs:DescribeInvocationResults'].includes(action) &&
      !resource.endsWith('/i-forbidden'),
    intercept: (...call) => intercept?.(...call),
  })
  assistant = cloudAssistant({
    endpoint: service.url,
    credentials: () => Promise.resolve(role),
    timeoutMs: 60_000,
    retry: { attempts: 3, baseDelayMs: 1, maxDelayMs: 5, budgetMs: 2000 },
  })
})
afterAll(async () => {
  await Promise.all([service.close(), endpoint.close(), hole.close()])
})
afterEach(() => {
  intercept = undefined
})

const hostOf = (ecsInstanceId: string, platform: EcsHost['platform'] = 'linux'): EcsHost => ({
  ecsInstanceId,
  region: 'cn-hangzhou',
  platform,
})
const questionFor = (
  ecsInstanceId: string,
  urls: string[] = ['https://a.example/'],
  ca?: string,
): HostQuestion => ({
  host: hostOf(ecsInstanceId),
  urls,
  limitMs: 1000,
  ...(ca && { ca }),
})

let asked = 0
const start = async (question: HostQuestion, dedupeId = `item-${(asked += 1)}`): Promise<string> => {
  const started = await assistant.startReach(question, dedupeId)
  if ('problem' in started) throw new Error(JSON.stringify(started.problem))
  return started.invocationId
}

/** Reads again until the command is over. */
const readAll = (question: HostQuestion, invocationId: string): Promise<ReachReading> =>
  vi.waitUntil(
    async () => {
      const reading = await assistant.readReach(question, invocationId)
      return 'pending' in reading ? false : reading
    },
    { timeout: 60_000, interval: 50 },
  )

const ask = async (urls: string[], ca?: string, limitMs = 20_000): Promise<readonly Reach[]> => {
  const question = { ...questionFor('i-linux', urls, ca), limitMs }
  const reading = await readAll(question, await start(question))
  if (!('answer' in reading)) throw new Error(JSON.stringify(reading))
  return reading.answer as Reach[]
}

describe('on a Linux instance', () => {
  it('an endpoint behind a private authority is reached, as the HTTPS probe sees it', async () => {
    const [reach] = await ask([endpoint.url], certificates.ca)
    const probed = await httpsProbe({ urls: [endpoint.url], ca: certificates.ca, limitMs: 2000 })
    expect(reach).toMatchObject({ url: endpoint.url, address: '127.0.0.1', status: 403, failure: null })
    expect(Object.values(reach?.phases ?? {}).every((ms) => ms !== null && ms >= 0 && ms < 1000)).toBe(true)
    expect(probed).toMatchObject({
      answer: [{ url: endpoint.url, address: reach?.address, status: 403, failure: null }],
    })
  })

  it('the phase that failed is reported, for all endpoints at once and in order', async () => {
    const silent = createServer(() => undefined)
    const babbler = createTlsServer(certificates, (socket) => {
      socket.on('error', () => undefined)
      socket.end()
    })
    for (const server of [silent, babbler]) {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
    }
    const portOf = (server: typeof silent) => (server.address() as { port: number }).port
    const urls = [
      'https://no-such-host.invalid/',
      'https://127.0.0.1:1/',
      `https://127.0.0.1:${hole.port}/`,
      `https://127.0.0.1:${portOf(silent)}/`,
      `https://localhost:${portOf(babbler)}/`,
      endpoint.url,
      ...Array.from({ length: 4 }, (_, index) => `https://127.0.0.1:${hole.port}/${index}`),
    ]
    // One after the other, the six that are given up would take six times as long.
    const reaches = await inTime(9000, ask(urls, certificates.ca, 3000))
    for (const server of [silent, babbler]) server.close()
    expect(reaches.map(({ failure }) => failure && [failure.phase, failure.kind])).toEqual([
      ['dns', 'other'],
      ['connect', 'refused'],
      ['connect', 'timeout'],
      ['tls', 'timeout'],
      ['http', 'other'],
      null,
      ...Array.from({ length: 4 }, () => ['connect', 'timeout']),
    ])
    expect(reaches.map(({ url, address }) => [url, address])).toEqual(
      urls.map((url) => [url, url.includes('.invalid') ? null : '127.0.0.1']),
    )
    expect(reaches[2]?.phases.connect).toBeGreaterThan(900)
    expect(reaches[3]?.phases.tls).toBeGreaterThan(900)
  })

  it('an address that looks like a pattern of curl is one address', async () => {
    const url = `${endpoint.url}{a,b}[1-3]`
    expect(await ask([url], certificates.ca)).toMatchObject([{ url, status: 403, failure: null }])
  })

  it('a certificate that nobody vouches for fails in TLS', async () => {
    expect((await ask([endpoint.url]))[0]?.failure).toMatchObject({
      phase: 'tls',
      cause: expect.stringContaining('certificate'),
    })
  })
})

describe('a command', () => {
  it('is pending until it is over, and nobody waits for it', async () => {
    const question = questionFor('i-controlled')
    const invocationId = await start(question)
    expect(await assistant.readReach(question, invocationId)).toEqual({ pending: true })
    end({ exitCode: 1, output: 'x' })
    await expect.poll(() => assistant.readReach(question, invocationId)).not.toHaveProperty('pending')
  })

  it('is started once for one dedupe id, though the message came twice', async () => {
    const before = service.commands.length
    const question = questionFor('i-controlled')
    const dedupeId = `pc_1 ${'x'.repeat(200)} ä`
    const [first, second] = [await start(question, dedupeId), await start(question, dedupeId)]
    expect(first).toBe(second)
    expect(service.commands).toHaveLength(before + 1)
  })

  it('that is not listed yet is pending', async () => {
    expect(await assistant.readReach(questionFor('i-controlled'), 't-other')).toEqual({ pending: true })
  })

  it('has the time of its endpoints and some to start', async () => {
    await start({ ...questionFor('i-controlled'), limitMs: 4500 })
    expect(service.commands.at(-1)).toMatchObject({ type: 'RunShellScript', timeoutSeconds: 15 })
    await start({ ...questionFor('i-windows'), host: hostOf('i-windows', 'windows') })
    expect(service.commands.at(-1)).toMatchObject({
      type: 'RunPowerShellScript',
      content: expect.stringContaining("@('https://a.example/')"),
    })
  })
})

/** Problems are told by a text that all parameters fill. */
const expectProblem = (reading: ReachReading | { invocationId: string }, code: string): void => {
  expect(reading).toMatchObject({ problem: { code } })
  if (!('problem' in reading)) return
  const { text, advice } = problems[code] ?? { text: { en: '{', zh: '{' }, advice: { en: '{', zh: '{' } }
  const { params } = reading.problem
  for (const locale of Locale.options) {
    for (const each of [text, advice]) expect(fill(each, params, locale)).not.toContain('{')
  }
  expect(JSON.stringify(reading)).not.toContain(role.accessKeySecret)
}

describe('a problem of the instance', () => {
  it.each([
    ['that does not run', 'i-stopped', 'ECS_INSTANCE_NOT_RUNNING'],
    ['without the agent', 'i-bare', 'CLOUD_ASSISTANT_OFFLINE'],
    ['of another platform', 'i-windows', 'ECS_PLATFORM_WRONG'],
  ])('%s is reported when its answer is read', async (_, id, code) => {
    const question = questionFor(id)
    expectProblem(await readAll(question, await start(question)), code)
  })

  it.each([
    ['that does not exist', 'i-nobody', 'ECS_INSTANCE_NOT_FOUND'],
    ['that RAM forbids', 'i-forbidden', 'CLOUD_ASSISTANT_REFUSED'],
  ])('%s is reported at once', async (_, id, code) => {
    expectProblem(await assistant.startReach(questionFor(id), 'x'), code)
  })

  it.each([
    [{ exitCode: 137, output: 'Killed' }, 'COMMAND_FAILED'],
    [{ exitCode: 0, output: 'Welcome!' }, 'COMMAND_ANSWER_UNREADABLE'],
    [{ exitCode: 0, output: `backup-precheck-reach no-curl\n` }, 'CURL_MISSING'],
    [{ exitCode: 0, output: 'x'.repeat(24 * 1024 + 1) }, 'COMMAND_OUTPUT_CUT'],
    [{ status: 'Timeout', errorCode: 'ExecutionTimeout' }, 'COMMAND_TIMED_OUT'],
    [{ status: 'Aborted', errorCode: 'DeliveryTimeout' }, 'CLOUD_ASSISTANT_OFFLINE'],
    [{ status: 'Aborted', errorCode: 'SecurityGroupRuleDenied' }, 'CLOUD_ASSISTANT_OFFLINE'],
    [{ status: 'Error', errorCode: 'InstanceReleased' }, 'ECS_INSTANCE_NOT_FOUND'],
    [{ status: 'Error', errorCode: 'InstanceRestarted' }, 'ECS_INSTANCE_NOT_RUNNING'],
    [{ status: 'Error', errorCode: 'ExecutionException' }, 'COMMAND_INTERRUPTED'],
    [{ status: 'Terminated', errorCode: '' }, 'COMMAND_INTERRUPTED'],
  ])('%j is %s', async (result, code) => {
    const question = questionFor('i-controlled')
    const invocationId = await start(question)
    end(result as CommandEnd)
    expectProblem(await readAll(question, invocationId), code)
  })
})

describe('a problem of the way to ECS', () => {
  const failing = (times: number, answer: ReturnType<NonNullable<OpenApiOptions['intercept']>>) => {
    let left = times
    intercept = () => (left-- > 0 ? answer : undefined)
  }
  const runs = () => service.usage['RunCommand'] ?? 0

  it.each([
    ['throttling', new Refusal(400, 'Throttling.User', 'Request was denied due to user flow control.')],
    ['an internal error', new Refusal(500, 'InternalError.Dispatch', 'x')],
    ['unavailability', new Refusal(503, 'ServiceUnavailable', 'x')],
    ['a cut connection', 'reset'],
  ] as const)('is fixed by another attempt: %s', async (_, answer) => {
    const before = runs()
    failing(2, answer)
    await start(questionFor('i-controlled'))
    expect(runs()).toBe(before + 3)
  })

  it.each([
    ['a refusal that no attempt fixes', new Refusal(403, 'Forbidden.RAM', 'x'), 1, 'CLOUD_ASSISTANT_REFUSED'],
    [
      'a failure that no manual says to try again',
      new Refusal(500, 'OperationDenied', 'x'),
      1,
      'CLOUD_ASSISTANT_UNAVAILABLE',
    ],
    ['throttling without end', new Refusal(400, 'Throttling', 'x'), 3, 'CLOUD_ASSISTANT_UNAVAILABLE'],
    ['an answer that is not valid JSON', { status: 200, body: '<html>' }, 1, 'CLOUD_ASSISTANT_UNAVAILABLE'],
    ['an answer of another shape', { status: 200, body: '{}' }, 1, 'COMMAND_ANSWER_UNREADABLE'],
  ] as const)('is reported: %s', async (_, answer, attempts, code) => {
    const before = runs()
    failing(3, answer)
    expectProblem(await assistant.startReach(questionFor('i-controlled'), 'x'), code)
    expect(runs()).toBe(before + attempts)
    failing(3, answer)
    expectProblem(await assistant.readReach(questionFor('i-controlled'), 't-1'), code)
  })

  it('is not tried with what Cloud Assistant does not take', async () => {
    const before = runs()
    const urls = Array.from({ length: 16 }, (_, index) => `https://a.example/${index}${'x'.repeat(2000)}`)
    expectProblem(await assistant.startReach(questionFor('i-linux', urls), 'x'), 'COMMAND_TOO_LONG')
    expect(runs()).toBe(before)
  })

  it('is asked for at the endpoint of the region of the instance', async () => {
    const ofRegions = cloudAssistant({
      endpoint: 'http://127.0.0.1:{region}',
      credentials: () => Promise.resolve(role),
      timeoutMs: 1000,
      retry: { attempts: 1, baseDelayMs: 1, maxDelayMs: 1, budgetMs: 1 },
    })
    const before = runs()
    const { port } = new URL(service.url)
    const host = { ...hostOf('i-linux'), region: port }
    expectProblem(
      await ofRegions.startReach({ ...questionFor('i-linux'), host }, 'x'),
      'CLOUD_ASSISTANT_REFUSED',
    )
    expect(runs()).toBe(before + 1)
  })

  it('is reported when there are no keys', async () => {
    const keyless = cloudAssistant({
      endpoint: service.url,
      credentials: () => Promise.reject(new Error('none')),
      timeoutMs: 1000,
      retry: { attempts: 3, baseDelayMs: 1, maxDelayMs: 1, budgetMs: 1000 },
    })
    expectProblem(await keyless.startReach(questionFor('i-linux'), 'x'), 'CLOUD_ASSISTANT_REFUSED')
  })
})
