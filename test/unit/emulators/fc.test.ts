import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import Sdk from '@alicloud/mns'
import { messageTexts } from '../../../shared/runtime/fc-event.ts'
import { readHttpEvent } from '../../../shared/runtime/http.ts'
import { type FunctionCompute, startFunctionCompute } from '../../emulators/fc/platform.ts'
import { type RoleSession, startSts } from '../../emulators/fc/sts.ts'
import {
  type CustomRuntimeTemplate,
  type FunctionTemplate,
  type QueueTriggerTemplate,
  readTemplate,
} from '../../emulators/fc/template.ts'
import { type MnsEmulator, startMns } from '../../emulators/mns/server.ts'

/** For how long a queue hides what it has handed out, s: longer than a test takes. */
const visibilitySeconds = 600

const account = { accountId: '1234567890', region: 'cn-hangzhou' }
/** For how long keys of a role are good, ms: more than all leaps of a test that is about something else. */
const keyLifetimeMs = 30 * 24 * 60 * 60 * 1000

const owner = { name: 'owner', accessKeyId: 'LTAIowner', accessKeySecret: 'secret' }

/** Code of functions, each in a folder of its own, that tells what it was given. */
const programs = {
  http: `export const handler = async (event, context) => {
      const seen = { event: JSON.parse(event), context, env: process.env }
      const body = Buffer.from(JSON.stringify(seen)).toString('base64')
      return { statusCode: 201, headers: { 'x-type': event.constructor.name }, isBase64Encoded: true, body }
    }`,
  text: `export const handler = async () => 'no struct'`,
  fails: `export const handler = async () => { throw new RangeError('out of it') }`,
  hangs: `export const handler = () => new Promise(() => setInterval(() => undefined, 1000))`,
  broken: `throw new Error('cannot start')`,
  counts: `let calls = 0; let open = 0; let most = 0
    export const handler = async (event) => {
      calls += 1; open += 1; most = Math.max(most, open)
      await new Promise((resolve) => setTimeout(resolve, 20))
      open -= 1
      return { calls, most, event: JSON.parse(event) }
    }`,
  waits: `import { existsSync } from 'node:fs'
    export const handler = async (event) => {
      console.log('begins')
      while (!existsSync(process.env.GATE)) await new Promise((resolve) => setTimeout(resolve, 5))
      console.log('ends')
    }`,
  queue: `export const handler = async (event) => {
      console.log('delivered ' + event.toString())
      if (event.includes('poison')) throw new Error('cannot digest this')
    }`,
}

/** A server, as custom runtimes run them. */
const server = `import { createServer } from 'node:http'
    import { text } from 'node:stream/consumers'
    let open = 0; let most = 0
    const served = createServer(async (request, response) => {
      if (request.url === '/pre-stop') { console.log('pre-stop'); return response.end() }
      const { method, url, headers } = request
      const body = await text(request)
      if (url !== '/invoke') {
        response.writeHead(200, { 'x-type': 'own', 'x-fc-status': '200' })
        return response.end(JSON.stringify({ method, url, headers, body }))
      }
      if (body.includes('exit')) process.exit()
      if (body.includes('fail')) {
        response.writeHead(404, { 'x-fc-status': '404' })
        return response.end(JSON.stringify({ errorType: 'RangeError', errorMessage: 'out of it' }))
      }
      open += 1; most = Math.max(most, open)
      await new Promise((resolve) => setTimeout(resolve, 20))
      open -= 1
      response.end(JSON.stringify({ most, event: JSON.parse(body) }))
    })
    process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit() })
    served.listen(process.env.FC_CUSTOM_LISTEN_PORT)`

let folder: string
let mns: MnsEmulator
let compute: FunctionCompute
let output: string[]
let sessions: RoleSession[]
/** How far the clock of the queues and of the keys is ahead, ms. */
let leaptMs: number
const now = () => Date.now() + leaptMs
const sdk = () => new Sdk(account.accountId, { ...owner, endpoint: mns.endpoint })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-fc-'))
  for (const [name, source] of Object.entries(programs)) writeFileSync(join(folder, `${name}.mjs`), source)
  writeFileSync(join(folder, 'server.mjs'), server)
})
afterAll(() => rmSync(folder, { recursive: true }))

beforeEach(async () => {
  sessions = []
  leaptMs = 0
  output = []
  const keys = [{ ...owner }]
  mns = await startMns({ accountId: account.accountId, accessKeys: keys, now })
  await sdk().createQueue('jobs', { VisibilityTimeout: visibilitySeconds })
  await sdk().createQueue('dead')
})
afterEach(async () => {
  await compute.close()
  await mns.close()
})

const template = (
  program: keyof typeof programs,
  changes: Partial<FunctionTemplate> = {},
): FunctionTemplate => ({
  name: `precheck-${program}`,
  description: '',
  code: folder,
  handler: `${program}.handler`,
  customRuntime: null,
  timeoutMs: 60_000,
  memoryMb: 512,
  vcpu: 0.35,
  diskMb: 512,
  role: `${program}-role`,
  qualifier: 'LATEST',
  hasHttpTrigger: false,
  queueTriggers: [],
  timers: {},
  reservedConcurrency: null,
  asynchronous: { maxAgeMs: 60_000, maxRetries: 2, onFailure: 'dead' },
  environment: { OWN: 'setting' },
  ...changes,
})

const jobs: QueueTriggerTemplate = {
  queue: 'jobs',
  isAsync: false,
  decodes: true,
  batch: 2,
  windowMs: 0,
  retryStrategy: 'BACKOFF_RETRY',
  tolerance: 'ALL',
  deadLetterQueue: 'dead',
}

const start = async (tested: FunctionTemplate, { concurrency = 16 }: { concurrency?: number } = {}) => {
  const known = [{ ...owner }]
  const sts = startSts(
    (session) => {
      sessions.push(session)
      mns.setAccessKeys([...known, ...sessions.map((each) => ({ ...each, name: each.role }))])
    },
    { lifetimeMs: keyLifetimeMs, now },
  )
  compute = await startFunctionCompute({
    account,
    sts,
    mnsEndpoint: mns.endpoint,
    templates: { tested },
    concurrency,
    retryPauseMs: 5,
    write: (text) => output.push(text),
  })
}

const invoke = (event: unknown = {}) =>
  compute.functions['tested']!.invoke(Buffer.from(JSON.stringify(event)))

/** What the templates of functions answer. */
interface Answered {
  readonly event: unknown
  readonly most: number
}

const answered = async (event: unknown): Promise<Answered> => {
  const outcome = await invoke(event)
  return ('answer' in outcome ? JSON.parse(outcome.answer.toString()) : outcome) as Answered
}

describe('an instance', () => {
  it('serves one invocation at a time, and is used again', async () => {
    await start(template('counts'), { concurrency: 2 })
    const answers = await Promise.all([1, 2, 3, 4].map((event) => answered(event)))
    expect(answers.map(({ event }) => event)).toEqual([1, 2, 3, 4])
    expect(answers.every(({ most }) => most === 1)).toBe(true)
    expect(compute.functions['tested']?.usage()).toMatchObject({ invocations: 4, coldStarts: 2 })
  })

  it('that fails, cannot start or takes too long is told by the kind of its error', async () => {
    await start(template('fails'))
    expect(await invoke()).toEqual({ errorType: 'RangeError', errorMessage: 'out of it' })
    await compute.close()
    await start(template('broken'))
    expect(await invoke()).toEqual({ errorType: 'UnhandledInvocationError', errorMessage: 'cannot start' })
    await compute.close()
    await start(template('hangs', { timeoutMs: 50 }))
    expect(await invoke()).toMatchObject({ errorType: 'FunctionTimeoutError' })
  })

  it('that is killed in the middle of its work is replaced', async () => {
    await start(template('hangs'))
    const invoked = invoke()
    await compute.functions['tested']?.kill()
    expect(await invoked).toMatchObject({ errorType: 'UnhandledInvocationError' })
    const again = invoke()
    await compute.functions['tested']?.kill()
    await again
    expect(compute.functions['tested']?.usage()).toMatchObject({ invocations: 2, coldStarts: 2 })
  })
})

describe('an alias', () => {
  const counting = () => template('counts', { qualifier: 'live', reservedConcurrency: 1 })
  const release = () => compute.functions['tested']!.release

  it('leads to a version, and in its part to another one, within the instances of the function', async () => {
    await start(counting())
    expect(await answered(1)).toMatchObject({ calls: 1 })
    release().deploy(template('fails', { name: counting().name }))
    // LATEST is not what triggers name.
    expect(await answered(2)).toMatchObject({ calls: 2 })
    release().publish('second')
    release().setAlias('live', { versionId: '1', weights: { 2: 0.5 } })
    const answers = await Promise.all([3, 4, 5, 6].map((event) => answered(event)))
    expect(answers.filter((answer) => 'errorType' in answer)).toHaveLength(2)
    release().setAlias('live', { versionId: '2', weights: {} })
    await answered(7)
    expect(compute.functions['tested']?.served()).toEqual({ 1: 4, 2: 3 })
  })

  it('has settings of its own for asynchronous invocations', async () => {
    await start(counting())
    expect(release().asynchronous('live')).toEqual(counting().asynchronous)
    release().deploy({ ...counting(), asynchronous: { ...counting().asynchronous, maxRetries: 7 } })
    expect(release().asynchronous('live')).toEqual(counting().asynchronous)
    expect(release().asynchronous('LATEST').maxRetries).toBe(7)
    expect(release().asynchronous('other')).toMatchObject({ maxRetries: 3, onFailure: null })
  })

  it('keeps the version that it names, and no version is published twice', async () => {
    await start(counting())
    expect(() => release().publish('again')).toThrow('VersionPublishError')
    expect(() => release().removeVersion('1')).toThrow('VersionIsReferenced')
    expect(() => release().setAlias('live', { versionId: '2', weights: {} })).toThrow('VersionNotFound')
    release().setAlias('live', { versionId: '1', weights: {} })
    expect(() => release().next('prod')).toThrow('AliasNotFound')
  })
})

describe('an instance of a custom runtime', () => {
  const layers = ['acs:fc:cn-hangzhou:official:layers/Nodejs24/versions/1']
  const command = ['/opt/nodejs24/bin/node', 'server.mjs']
  const custom = (changes: Partial<CustomRuntimeTemplate> = {}) =>
    template('http', {
      hasHttpTrigger: true,
      customRuntime: { command, layers, concurrency: 2, hasPreStop: true, ...changes },
    })
  const lines = (): string[] => output.join('').split('\n')

  it('serves as many requests at once as it may, and then another one does', async () => {
    await start(custom(), { concurrency: 2 })
    const answers = await Promise.all([1, 2, 3, 4, 5].map((event) => answered(event)))
    expect(answers.map(({ event }) => event)).toEqual([1, 2, 3, 4, 5])
    expect(Math.max(...answers.map(({ most }) => most))).toBe(2)
    expect(compute.functions['tested']?.usage()).toMatchObject({ invocations: 5, coldStarts: 2 })
  })

  it('gets requests of the HTTP trigger as they are, but what is the platform’s own', async () => {
    await start(custom())
    const headers = { 'x-fc-control-path': '/invoke', 'idempotency-key': 'k' }
    const response = await fetch(`${compute.url}/pre-stop?x=1`, { method: 'PUT', headers, body: 'täxt' })
    expect(response.headers.get('x-type')).toBe('own')
    expect(response.headers.get('x-fc-status')).toBeNull()
    expect(await response.json()).toMatchObject({
      method: 'PUT',
      url: '/pre-stop?x=1',
      body: 'täxt',
      headers: {
        'idempotency-key': 'k',
        'x-fc-control-path': '/http-invoke',
        'x-fc-access-key-id': sessions.at(-1)?.accessKeyId,
      },
    })
  })

  it('tells of failures by its status, and of its end by what else it does', async () => {
    await start(custom())
    expect(await invoke('fail')).toEqual({ errorType: 'RangeError', errorMessage: 'out of it' })
    expect(await invoke('exit')).toMatchObject({ errorType: 'UnhandledInvocationError' })
    expect(await invoke('again')).toMatchObject({ answer: expect.anything() })
    expect(compute.functions['tested']?.usage()).toMatchObject({ coldStarts: 2 })
  })

  it('does not start without the layer of its program', async () => {
    await start(custom({ layers: [] }))
    expect(await invoke()).toMatchObject({ errorMessage: expect.stringContaining('CAFileNotFound') })
    await compute.close()
    await start(custom({ command: ['/opt/nodejs24/bin/node', 'missing.mjs'] }))
    expect(await invoke()).toMatchObject({ errorMessage: expect.stringContaining('CAExited') })
  })

  it('is told of its end before it gets the signal', async () => {
    await start(custom())
    await answered(1)
    await compute.functions['tested']?.stop()
    expect(lines()).toEqual(expect.arrayContaining(['pre-stop', 'SIGTERM']))
    expect(lines().indexOf('pre-stop')).toBeLessThan(lines().indexOf('SIGTERM'))
  })
})

describe('the HTTP trigger', () => {
  it('hands in the documented event and context, and answers with the struct', async () => {
    await start(template('http', { hasHttpTrigger: true }))
    const response = await fetch(`${compute.url}/v1/a%20b?x=1&x=2`, {
      method: 'PUT',
      headers: { 'idempotency-key': 'k' },
      body: 'täxt',
    })
    expect([response.status, response.headers.get('x-type')]).toEqual([201, 'Buffer'])
    const { event, context, env } = (await response.json()) as Record<string, Record<string, unknown>>
    expect(event!['headers']).toMatchObject({ 'Idempotency-Key': 'k' })
    expect(event!['requestContext']).toMatchObject({ http: { method: 'PUT', path: '/v1/a b' } })
    const request = readHttpEvent(Buffer.from(JSON.stringify(event)))
    expect(request).toMatchObject({ path: '/v1/a%20b', query: { x: '1,2' }, address: '127.0.0.1' })
    expect(await request.readBody()).toEqual({ text: 'täxt' })
    expect(context).toMatchObject({ accountId: account.accountId, function: { name: 'precheck-http' } })
    expect(context!['credentials']).toMatchObject({ accessKeyId: sessions.at(-1)?.accessKeyId })
    expect(env).toMatchObject({ OWN: 'setting', FC_REGION: 'cn-hangzhou' })
    expect(env!['PATH']).toBeUndefined()
  })

  it('takes nothing but the whole struct', async () => {
    await start(template('text', { hasHttpTrigger: true }))
    expect((await fetch(compute.url)).status).toBe(500)
    await compute.close()
    await start(template('fails', { hasHttpTrigger: true }))
    const failed = await fetch(compute.url)
    expect([failed.status, failed.headers.get('x-fc-error-type')]).toEqual([502, 'RangeError'])
  })
})

describe('the queue trigger', () => {
  const queued = { queueTriggers: [jobs] }
  const send = async (...bodies: string[]) => {
    for (const body of bodies)
      await sdk().sendMessage('jobs', { MessageBody: Buffer.from(body).toString('base64') })
  }
  const deadLetters = (): string[] => mns.bodies('dead').map((body) => Buffer.from(body, 'base64').toString())
  const steps = (): string[] =>
    output
      .join('')
      .split('\n')
      .filter((line) => line === 'begins' || line === 'ends')
  const delivered = (): unknown[] =>
    output
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('delivered'))
      .map((line) => JSON.parse(line.slice('delivered '.length)) as unknown)

  it('pushes in every documented shape, and acknowledges what succeeded', async () => {
    await start(template('queue', queued))
    for (let n = 1; n <= 3; n += 1) {
      await send(`{"n":${n}}`)
      await expect.poll(() => delivered().length).toBe(n)
    }
    const shapes = delivered().map((event) =>
      Array.isArray(event) ? `array of ${typeof event[0]}s` : typeof event,
    )
    expect(shapes.sort()).toEqual(['array of objects', 'array of strings', 'object'])
    expect(delivered().flatMap((event) => messageTexts(Buffer.from(JSON.stringify(event))))).toEqual([
      '{"n":1}',
      '{"n":2}',
      '{"n":3}',
    ])
    await expect.poll(() => mns.bodies('jobs')).toEqual([])
  })

  it('fills batches up to their size', async () => {
    await sdk().batchSendMessage(
      'jobs',
      [1, 2, 3].map((n) => ({ MessageBody: Buffer.from(`{"n":${n}}`).toString('base64') })),
    )
    await start(template('queue', queued))
    await expect.poll(() => mns.bodies('jobs')).toEqual([])
    expect(compute.functions['tested']?.usage().invocations).toBe(2)
  })

  it('pushes one batch after the other where it waits for the function', async () => {
    const gate = join(folder, 'serial')
    await start(template('waits', { ...queued, environment: { GATE: gate } }))
    await send('{"n":1}')
    await expect.poll(steps).toEqual(['begins'])
    await send('{"n":2}', '{"n":3}', '{"n":4}')
    writeFileSync(gate, '')
    await expect.poll(() => mns.bodies('jobs')).toEqual([])
    expect(steps().join(' ')).toMatch(/^(begins ends ?)+$/)
  })

  it('hands over and waits for nothing where that is asynchronous', async () => {
    const gate = join(folder, 'parallel')
    const handedOver = [{ ...jobs, isAsync: true, batch: 1 }]
    await start(template('waits', { queueTriggers: handedOver, environment: { GATE: gate } }))
    await send('{"n":1}', '{"n":2}', '{"n":3}')
    await expect.poll(steps).toEqual(['begins', 'begins', 'begins'])
    await expect.poll(() => mns.bodies('jobs')).toEqual([])
    writeFileSync(gate, '')
    await expect.poll(() => steps().length).toBe(6)
  })

  it('decodes messages, or leaves that to the function', async () => {
    await start(template('queue', { queueTriggers: [{ ...jobs, batch: 1, decodes: false }] }))
    await send('{"n":1}', '{"n":2}')
    await expect.poll(() => delivered().length).toBe(2)
    const bodies = delivered().flatMap((event) => messageTexts(Buffer.from(JSON.stringify(event))))
    expect(bodies).toEqual(['{"n":1}', '{"n":2}'])
    expect(output.join('')).toContain(Buffer.from('{"n":').toString('base64').slice(0, 4))
  })

  it('gives a batch its time to fill', async () => {
    await start(template('queue', { queueTriggers: [{ ...jobs, windowMs: 60_000 }] }))
    await send('{"n":1}')
    await expect.poll(() => mns.usage().BatchReceiveMessage ?? 0).toBeGreaterThan(2)
    expect(delivered()).toEqual([])
    await send('{"n":2}')
    await expect.poll(() => delivered().length).toBe(1)
    expect(compute.queueTriggers['jobs']?.usage().events).toBe(2)
  })

  it('tries as often as its strategy says, then leaves the message to the dead letters', async () => {
    await start(template('queue', queued))
    await send('poison')
    // It is counted once the queue has answered that it has it.
    await expect.poll(() => compute.queueTriggers['jobs']?.usage().deadLetters).toBe(1)
    expect(deadLetters()).toEqual(['poison'])
    expect([
      compute.functions['tested']?.usage().invocations,
      compute.queueTriggers['jobs']?.usage(),
    ]).toEqual([3, { receives: 1, events: 3, deadLetters: 1, discarded: 0 }])
    await expect.poll(() => mns.bodies('jobs')).toEqual([])
  })

  it('tells of an asynchronous invocation that failed for good', async () => {
    const handedOver = [{ ...jobs, isAsync: true, batch: 1 }]
    await start(template('queue', { queueTriggers: handedOver }))
    await send('poison')
    await expect.poll(() => deadLetters().length).toBe(1)
    expect(compute.functions['tested']?.usage().invocations).toBe(3)
    const record = JSON.parse(deadLetters()[0] ?? '') as { requestPayload: string }
    expect(record).toMatchObject({
      requestContext: { condition: 'Error', approximateInvokeCount: 3 },
      responseContext: { statusCode: 200, functionError: 'Error' },
    })
    expect(JSON.stringify(JSON.parse(record.requestPayload))).toContain('poison')
  })

  it('gives up asynchronous invocations that are too old', async () => {
    const handedOver = [{ ...jobs, isAsync: true, batch: 1 }]
    const asynchronous = { maxAgeMs: 0, maxRetries: 8, onFailure: 'dead' }
    await start(template('queue', { queueTriggers: handedOver, asynchronous }))
    await send('poison')
    await expect.poll(() => deadLetters().length).toBe(1)
    expect(deadLetters()[0]).toContain('"condition":"EventAgeExceeded","approximateInvokeCount":1')
  })

  it('cannot hand over more than 128 KB', async () => {
    const handedOver = [{ ...jobs, isAsync: true, batch: 3, windowMs: 60_000 }]
    await start(template('queue', { queueTriggers: handedOver }))
    const large = `{"n":"${'x'.repeat(48_000)}"}`
    await send(large, large, large)
    await expect.poll(() => compute.queueTriggers['jobs']?.usage().deadLetters).toBe(3)
    expect(delivered()).toEqual([])
  })

  it('loses what it gives up without a dead-letter queue', async () => {
    await start(template('queue', { queueTriggers: [{ ...jobs, deadLetterQueue: null }] }))
    await send('poison')
    await expect.poll(() => compute.queueTriggers['jobs']?.usage().discarded).toBe(1)
    await expect.poll(() => mns.bodies('jobs')).toEqual([])
  })

  it('leaves what it has not finished to the queue, which shows it again', async () => {
    await start(template('hangs', queued))
    await send('{"n":1}')
    await expect.poll(() => compute.queueTriggers['jobs']?.usage().events).toBe(1)
    await compute.close()
    expect(mns.bodies('jobs')).toHaveLength(1)
    await start(template('queue', queued))
    // A poll that the closed trigger left open may take it once more, and hide it for as long again.
    const showAgain = () => {
      leaptMs += visibilitySeconds * 1000
      return delivered().length
    }
    // Each leap is one of the ten minutes that it is hidden for; it is kept for four days.
    await expect.poll(showAgain, { interval: 500 }).toBeGreaterThan(0)
  })

  it('goes on with keys that are renewed', async () => {
    await start(template('queue', queued))
    await send('{"n":1}')
    await expect.poll(() => delivered().length).toBe(1)
    await expect.poll(() => mns.bodies('jobs')).toEqual([])
    const before = sessions.length
    leaptMs = keyLifetimeMs
    await send('{"n":2}')
    await expect.poll(() => delivered().length).toBe(2)
    expect(sessions.length).toBeGreaterThan(before)
  })
})

it('the timer trigger fires with its name, its time and its payload', async () => {
  await start(template('counts', { timers: { nightly: 'sweep' } }))
  const outcome = await compute.fire('tested', 'nightly')
  const { event } = 'answer' in outcome ? JSON.parse(outcome.answer.toString()) : { event: null }
  expect(event).toEqual({
    triggerName: 'nightly',
    payload: 'sweep',
    triggerTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  })
})

it('the template of this project names every function with its triggers', () => {
  const functions = readTemplate({ account: '1234567890' })
  expect(functions).toMatchObject({
    api: {
      handler: 'index.handler',
      hasHttpTrigger: true,
      customRuntime: {
        command: ['/opt/nodejs24/bin/node', 'index.mjs'],
        layers: [expect.stringContaining('Nodejs24')],
        concurrency: 20,
        hasPreStop: true,
      },
    },
    'run-check': {
      customRuntime: { concurrency: 1 },
      role: 'precheck-run-check',
      reservedConcurrency: 200,
      queueTriggers: [{ batch: 1, deadLetterQueue: 'precheck-checks-dead' }],
      environment: { PRECHECK_ACCOUNT_ID: '1234567890', PRECHECK_REGION: expect.any(String) },
    },
  })
  const builtIn = Object.values(readTemplate({ account: '1234567890', runtime: 'nodejs20' }))
  expect(builtIn.map(({ customRuntime }) => customRuntime)).toEqual(builtIn.map(() => null))
})
