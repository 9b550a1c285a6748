import { describe, expect, it } from 'vitest'
import { SchemaNewer, schemaVersion, withSchemaVersion } from '../../../shared/model/schema-version.ts'
import * as z from 'zod'
import { readSettings } from '../../../shared/runtime/environment.ts'
import { SettingsInvalid } from '../../../shared/runtime/settings.ts'
import { messageTexts, queueEvent } from '../../../shared/runtime/fc-event.ts'
import { readHttpEvent } from '../../../shared/runtime/http.ts'
import { jsonLog, linesToStdout } from '../../../shared/runtime/log.ts'
import { MessageInvalid, queueFunction } from '../../../shared/runtime/queue-chain.ts'

const cloudEvent = (messageBody: string | object) => ({
  id: '1',
  source: 'acs:mns',
  specversion: '1.0',
  type: 'mns:Queue:SendMessage',
  data: { requestId: 'r', messageId: 'm', messageBody },
})
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

describe('the event of a queue trigger', () => {
  it.each([
    ['one CloudEvent', cloudEvent('{"n":1}')],
    ['an array of CloudEvents', [cloudEvent('{"n":1}')]],
    ['an array of CloudEvents as strings', [JSON.stringify(cloudEvent('{"n":1}'))]],
    ['a body that is parsed already', [cloudEvent({ n: 1 })]],
    ['a body that is still base64', [cloudEvent(Buffer.from('{"n":1}').toString('base64'))]],
  ])('may be %s', (_, event) => {
    expect(messageTexts(bytes(event))).toEqual(['{"n":1}'])
  })

  it('is the same from the host', () => {
    const bodies = ['{"text":"<&\\"归档"}', '{"n":2}']
    expect(messageTexts(queueEvent('checks', bodies))).toEqual(bodies)
  })

  it.each([[{ hello: 1 }], [[{ data: {} }]], [42]])('is refused as %j', (event) => {
    expect(() => messageTexts(bytes(event))).toThrow(z.ZodError)
  })
})

describe('a queue function', () => {
  const Message = z.strictObject({ n: z.int() })
  const batch = (...numbers: readonly number[]) =>
    queueEvent(
      'checks',
      numbers.map((n) => JSON.stringify({ n })),
    )

  /** Fails at negative numbers every time, at 0 while the store is out of reach. */
  const working = () => {
    const worked: number[] = []
    const kept: string[] = []
    const lines: string[] = []
    const flow = async (messages: readonly { n: number }[]): Promise<void> => {
      if (messages.some(({ n }) => n === 0)) throw new Error('the store is out of reach')
      if (messages.some(({ n }) => n < 0)) throw new RangeError('cannot digest this')
      worked.push(...messages.map(({ n }) => n))
    }
    const deadLetters = {
      isPoison: (fault: unknown) => fault instanceof RangeError,
      keep: async (bodies: readonly string[]) => void kept.push(...bodies),
    }
    return { worked, kept, lines, log: jsonLog('info', (line) => lines.push(line)), flow, deadLetters }
  }

  it('works the good messages of a batch off, and refuses the batch for the bad ones', async () => {
    const { worked, lines, log, flow } = working()
    const handle = queueFunction(Message, log, flow)
    const event = queueEvent('checks', ['{"n":1}', '{"n":"one"}', '{"n":3}', '{no JSON'])
    await expect(handle(event, { requestId: 'r' })).rejects.toThrow(MessageInvalid)
    expect(worked).toEqual([1, 3])
    expect(lines.join('')).toContain('queue.failed')
  })

  it('puts bad messages to the dead letters itself, if it can, and is done', async () => {
    const { worked, kept, lines, log, flow, deadLetters } = working()
    const handle = queueFunction(Message, log, flow, { deadLetters })
    await handle(queueEvent('checks', ['{"n":1}', '{"n":"one"}', '{"n":3}', '{no JSON']), { requestId: 'r' })
    expect([worked, kept]).toEqual([
      [1, 3],
      ['{"n":"one"}', '{no JSON'],
    ])
    expect(lines.join('')).toContain('"queue.dead-letters"')
  })

  it('parts what it fails at every time from the rest of the batch', async () => {
    const { worked, kept, log, flow, deadLetters } = working()
    const handle = queueFunction(Message, log, flow, { deadLetters })
    await handle(batch(1, -2, 3), { requestId: 'r' })
    await handle(batch(-4), { requestId: 'r' })
    expect([worked, kept]).toEqual([
      [1, 3],
      ['{"n":-2}', '{"n":-4}'],
    ])
  })

  it('refuses the batch as long as stores and queues are out of reach', async () => {
    const { kept, log, flow, deadLetters } = working()
    const handle = queueFunction(Message, log, flow, { deadLetters })
    await expect(handle(batch(0, 1), { requestId: 'r' })).rejects.toThrow('out of reach')
    await expect(handle(batch(-1, 0), { requestId: 'r' })).rejects.toThrow('out of reach')
    expect(kept).toEqual([])
  })

  it('reads messages from before there were versions, and those of its own', async () => {
    const { worked, log, flow } = working()
    const own = JSON.stringify(withSchemaVersion({ n: 2 }))
    await queueFunction(Message, log, flow)(queueEvent('checks', ['{"n":1}', own]), { requestId: 'r' })
    expect(worked).toEqual([1, 2])
  })

  it('puts messages of a later release back as they are, and works the others off', async () => {
    const { worked, kept, log, flow, deadLetters } = working()
    const returned: string[] = []
    const putBack = async (bodies: readonly string[]) => void returned.push(...bodies)
    const later = JSON.stringify({ schema: schemaVersion + 1, m: 'another shape' })
    const event = queueEvent('checks', ['{"n":1}', later])
    await queueFunction(Message, log, flow, { deadLetters, putBack })(event, { requestId: 'r' })
    expect([worked, kept, returned]).toEqual([[1], [], [later]])
    const lost = () => Promise.reject(new Error('the queue is out of reach'))
    const handle = queueFunction(Message, log, flow, { deadLetters, putBack: lost })
    await expect(handle(event, { requestId: 'r' })).rejects.toThrow('the queue is out of reach')
    const refusing = queueFunction(Message, log, flow, { deadLetters })
    await expect(refusing(event, { requestId: 'r' })).rejects.toThrow(SchemaNewer)
    expect(kept).toEqual([])
  })

  it('refuses the batch if its dead letters are not kept', async () => {
    const { log, flow, deadLetters } = working()
    const keep = () => Promise.reject(new Error('the queue is out of reach'))
    const handle = queueFunction(Message, log, flow, { deadLetters: { ...deadLetters, keep } })
    await expect(handle(batch(-1), { requestId: 'r' })).rejects.toThrow('the queue is out of reach')
  })
})

describe('the event of an HTTP trigger', () => {
  it('is read with header names of any case and a body in base64', async () => {
    const event = {
      version: 'v1',
      rawPath: '/v1/instances/a%20b',
      body: Buffer.from('{"ä":1}').toString('base64'),
      isBase64Encoded: true,
      headers: { 'Content-Type': 'application/json', AUTHORIZATION: 'Bearer x' },
      queryParameters: { limit: '1' },
      requestContext: {
        requestId: 'r',
        http: { method: 'put', path: '/v1/instances/a b', sourceIp: '192.0.2.7' },
        triggerId: 't',
      },
    }
    const { readBody, ...request } = readHttpEvent(bytes(event))
    expect(request).toEqual({
      method: 'PUT',
      path: '/v1/instances/a%20b',
      query: { limit: '1' },
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      address: '192.0.2.7',
      requestId: 'r',
    })
    expect(await readBody()).toEqual({ text: '{"ä":1}' })
  })

  it.each([
    ['of the largest size is read', 256 * 1024, { text: expect.any(String) }],
    ['that is larger is not', 256 * 1024 + 1, { unread: 'too-large' }],
  ])('with a body %s', async (_, size, read) => {
    const requestContext = { requestId: 'r', http: { method: 'PUT' } }
    const body = 'é'.repeat(size / 2) + 'e'.repeat(size % 2)
    const event = { version: 'v1', rawPath: '/', body, requestContext }
    expect(await readHttpEvent(bytes(event)).readBody()).toEqual(read)
  })
})

describe('the settings', () => {
  it('have defaults for everything', () => {
    expect(readSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 9000,
      limits: { deadlineMs: 60_000, itemMs: 20_000 },
      endpoints: { oss: 'https://oss-{region}-internal.aliyuncs.com/' },
    })
  })

  it('name every fault at once', () => {
    const environment = {
      PRECHECK_PORT: 'x',
      PRECHECK_DEADLINE_SECONDS: '0',
      PRECHECK_SERVICE_ENDPOINTS: 'http://a',
      PRECHECK_OSS_ENDPOINT: 'https://[/',
      PRECHECK_SIZE: '1',
    }
    expect(() => readSettings(environment)).toThrow(SettingsInvalid)
    for (const name of Object.keys(environment)) expect(() => readSettings(environment)).toThrow(name)
  })

  it.each([
    [{ PRECHECK_SECRETS_FOLDER: 'secrets' }, 'PRECHECK_SECRETS_FOLDER: must be an absolute path'],
    [{ PRECHECK_SECRETS_FOLDER: '/' }, 'PRECHECK_SECRETS_FOLDER: must be an absolute path'],
    [
      { PRECHECK_SECRETS_FOLDER: '/srv', PRECHECK_DATA: '/srv/data' },
      'PRECHECK_DATA: must not be in PRECHECK_SECRETS_FOLDER',
    ],
    [
      { PRECHECK_SECRETS_FOLDER: '/srv/data/', PRECHECK_DATA: '/srv/./data' },
      'PRECHECK_DATA: must not be in PRECHECK_SECRETS_FOLDER',
    ],
    [{ PRECHECK_WEBHOOK_KEY: 'env:KEY' }, 'PRECHECK_WEBHOOK_KEY: must be env:PRECHECK_SECRET_NAME'],
  ])('refuse %j', (environment, text) => {
    expect(() => readSettings(environment)).toThrow(text)
  })

  it('name the folder of secrets as a path', () => {
    const settings = readSettings({
      PRECHECK_SECRETS_FOLDER: '/srv/secrets/',
      PRECHECK_DATA: '/srv/secrets-data',
    })
    expect([settings.secretsFolder, readSettings({}).secretsFolder]).toEqual(['/srv/secrets', '/run/secrets'])
  })

  it('leave the names of the command line and of passwords alone', () => {
    const environment = {
      PRECHECK_URL: 'x',
      PRECHECK_TOKEN: 'x',
      PRECHECK_SECRET_DB: 'x',
      PRECHECK_SERVICE_ENDPOINTS: 'https://a/, https://b/',
    }
    expect(readSettings(environment).endpoints.service).toEqual(['https://a/', 'https://b/'])
  })
})

it('the log drops what its reader does not take', async () => {
  const written: string[] = []
  const stdout = { write: (text: string) => written.push(text) > 0, writableLength: 0 }
  const write = linesToStdout(stdout)
  write('a\n')
  await new Promise((resolve) => setImmediate(resolve))
  stdout.writableLength = 2 ** 20
  write('b\n')
  await new Promise((resolve) => setImmediate(resolve))
  stdout.writableLength = 0
  write('c\n')
  await new Promise((resolve) => setImmediate(resolve))
  expect(written).toEqual(['a\n', 'c\n'])
})

it('the log writes one JSON line for an event, from its level on', () => {
  const lines: string[] = []
  const log = jsonLog('warn', (line) => lines.push(line))
  log.info('quiet')
  log.error('loud', { code: 1 })
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { time: expect.any(String), level: 'error', event: 'loud', code: 1 },
  ])
})
