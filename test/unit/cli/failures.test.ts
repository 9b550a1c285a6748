import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessFrom } from '../../../infra/cli/service/access.ts'
import { defaultLimits } from '../../../infra/cli/service/client.ts'
import { CommandFailed, failureText } from '../../../infra/cli/service/command-failed.ts'
import { connectionFailure } from '../../../infra/cli/service/request-failures.ts'
import { precheckAt } from '../../support/command-line.ts'
import { type Script, answering, precheckWith } from './scripted-service.ts'

const html =
  (status: number, body = '<html>502 Bad Gateway</html>'): Script =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end(body)

/** Begins an answer and does not end it. */
const beginning: Script = (_, response) =>
  void response.writeHead(200, { 'content-length': 1000 }).write('{"items": [')

const endless: Script = (_, response) => {
  const more = (): void => {
    while (response.write('[[[[[[[[[[[[[[[[')) if (response.destroyed) return
  }
  response.writeHead(200).on('drain', more)
  more()
}

const problem = (code: string, detail = 'What the service says.') => answering(400, { code, detail })

/** A time limit that any answer would exceed which never comes. */
const impatient = { ...defaultLimits, timeoutMs: 20 }

describe('a service that answers badly', () => {
  it.each<[string, Script, RegExp]>([
    ['a page of a proxy', html(502), /returned an error that does not come from the service \(status 502\)/],
    ['an empty error', html(503, ''), /\(status 503\)/],
    ['JSON that is not a problem document', answering(500, { error: 'x' }), /\(status 500\)/],
    [
      'a redirect',
      (_, response) => void response.writeHead(302, { location: '/login' }).end(),
      /redirects to another address/,
    ],
    ['a page with status 200', html(200), /is not valid JSON \(status 200\)/],
    ['nothing with status 200', html(200, ''), /does not understand the answer/],
    ['half a JSON', html(200, '{"items": ['), /is not valid JSON/],
    [
      'JSON of another form',
      answering(200, { items: [{ id: 7 }], next: null }),
      /does not understand .* at items\.0\./,
    ],
    ['a list', answering(200, []), /does not understand/],
    [
      'a break in the answer',
      (_, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write('{"items": [')
        setImmediate(() => response.destroy())
      },
      /was interrupted \(/,
    ],
    ['a break before the answer', (_, response) => void response.destroy(), /was interrupted \(/],
    ['a refused token', problem('TOKEN_INVALID'), /does not accept the token\. Set PRECHECK_TOKEN/],
    [
      'too small a scope',
      problem('SCOPE_MISSING', 'The token "t" has the scope read.'),
      /scope read\. Set PRECHECK_TOKEN/,
    ],
    ['no such route', problem('PATH_NOT_FOUND'), /does not know this request/],
    ['a problem of its own', problem('STORE_UNAVAILABLE', 'The store is away.'), /^The store is away\.\n$/],
    ['a code that is a name of JavaScript', problem('toString', 'No.'), /^No\.\n$/],
    ['a problem without a word', problem('ANY', ' '), /\(status 400\)/],

    [
      'text that steers a terminal',
      problem('ANY', 'red \u001B[31m\u009B\rtext'),
      /^red \\u\{1b\}\[31m\\u\{9b\}\\u\{d\}text\n$/,
    ],
  ])('with %s: one sentence, nothing on the output, exit 3', async (_, script, text) => {
    const { code, output, errors } = await precheckWith(script, ['instances'])
    expect(errors).toMatch(text)
    expect(errors).not.toMatch(/^ +at |HTTP|Bearer|(GET|POST) \//m)
    expect([code, output]).toEqual([3, ''])
  })

  it.each<[string, Script]>([
    ['that says nothing', () => undefined],
    ['that begins and does not end', beginning],
  ])('%s is given up at the limit', async (_, script) => {
    const { code, errors } = await precheckWith(script, ['instances'], impatient)
    expect(errors).toMatch(/did not answer within 0\.02 s.*--timeout/)
    expect(code).toBe(3)
  })

  it('that says nothing is given up at the limit of the user', async () => {
    const { code, errors } = await precheckWith(() => undefined, ['--timeout', '0.03', 'instances'])
    expect(errors).toMatch(/did not answer within 0\.03 s/)
    expect(code).toBe(3)
  })

  it('that never ends is not read further than the limit', async () => {
    const { code, errors } = await precheckWith(endless, ['instances'], { ...defaultLimits, maxBytes: 5000 })
    expect(errors).toMatch(/is larger than 5000 bytes/)
    expect(code).toBe(3)
  })

  it('is read up to the limit', async () => {
    const page = { items: [], next: null }
    const maxBytes = JSON.stringify(page).length
    const ended = await precheckWith(answering(200, page), ['instances'], { ...defaultLimits, maxBytes })
    expect(ended.code).toBe(0)
    const over = { ...defaultLimits, maxBytes: maxBytes - 1 }
    expect((await precheckWith(answering(200, page), ['instances'], over)).code).toBe(3)
  })
})

describe('with --output json, a failure is a problem document', () => {
  it('of the service, with the words of the command line and all that the service says', async () => {
    const said = {
      type: 'urn:backup-precheck:problem:instance-not-found',
      title: 'No such instance',
      status: 404,
      detail: 'No instance is registered as my-db.',
      code: 'INSTANCE_NOT_FOUND',
      requestId: 'r1',
    }
    const { code, output, errors } = await precheckWith(answering(404, said), ['last', 'my-db', '-o', 'json'])
    const detail = `${said.detail} "precheck instances" lists what is registered.`
    expect([code, errors]).toEqual([3, `${detail}\n`])
    expect(JSON.parse(output)).toEqual({ ...said, detail })
  })

  it('with the fields that are not valid', async () => {
    const errors = [{ field: 'reason', message: 'is missing' }]
    const said = { code: 'FIELDS_INVALID', detail: 'Correct the fields.', errors }
    const args = ['api', 'POST', '/v1/sweeps', '--output=json']
    const { output } = await precheckWith(answering(422, said), args)
    expect(JSON.parse(output)).toMatchObject({ code: 'FIELDS_INVALID', errors })
  })

  it.each([
    [['last', '--output', 'json'], 'USAGE', /argument 'instance-id'/],
    [['--timeout', 'soon', 'last', 'my-db', '-ojson'], 'USAGE', /^Option '--timeout <seconds>'/],
    [['nonsense', '-o', 'json'], 'USAGE', /nonsense/],
    [['-o', 'json'], 'USAGE', /^No command is given/],
    [['run', 'a', 'b', '-o', 'json'], 'USAGE', /b/],
    [['instances', '-o', 'json'], 'NO_ANSWER', /^No service answers/],
    [['policy', 'set', 'p', '--file', '/nowhere.yaml', '-o', 'json'], 'FILE_UNREADABLE', /\/nowhere\.yaml/],
  ])('of the command line itself: %j', async (args, expected, detail) => {
    const { code, output, errors } = await precheckAt('http://127.0.0.1:1', args)
    expect([code, errors]).toEqual([3, expect.stringMatching(/./)])
    expect(JSON.parse(output)).toEqual({
      type: `urn:backup-precheck:problem:${expected.toLowerCase().replaceAll('_', '-')}`,
      code: expected,
      detail: expect.stringMatching(detail),
    })
  })

  it('is asked for in the output alone', async () => {
    const args = ['last', '--lang', 'x', 'my -o json db']
    expect((await precheckAt('http://127.0.0.1:1', args)).output).toBe('')
  })
})

describe('whatever a service answers', () => {
  const problemLike = fc.record({
    code: fc.constantFrom('FIELDS_INVALID', 'PRECHECK_RUNNING', 'toString', 'ANY'),
    detail: fc.string(),
    errors: fc.option(fc.array(fc.record({ field: fc.string(), message: fc.string() })), { nil: undefined }),
    precheckId: fc.option(fc.string(), { nil: undefined }),
  })
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    problemLike.map((each) => JSON.stringify(each)),
  )
  const status = fc.constantFrom(200, 201, 204, 304, 400, 404, 409, 422, 500, 599)

  it('a command ends with 3 and has no internal error', async () => {
    await fc.assert(
      fc.asyncProperty(status, body, fc.constantFrom('run', 'last', 'watch'), async (code, text, name) => {
        const ended = await precheckWith(html(code, text), [name, 'db1'])
        expect([ended.code, ended.output]).toEqual([3, ''])
        expect(ended.errors).not.toMatch(/internal error|^\s*$/)
      }),
    )
  })
})

describe('a service that is not there', () => {
  it('is named, with the way to start it', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    server.close()
    await once(server, 'close')
    const { code, errors } = await precheckAt(`http://127.0.0.1:${port}`, ['instances'])
    expect(errors).toMatch(/^No service answers at .*\. Start it with "npm start", or set PRECHECK_URL\.\n$/)
    expect(code).toBe(3)
  })

  it('for a port that is never asked says why', async () => {
    const { errors } = await precheckAt('http://127.0.0.1:1', ['instances'])
    expect(errors).toBe('No service answers at http://127.0.0.1:1 (bad port). Check PRECHECK_URL.\n')
  })

  it.each([
    ['ENOTFOUND', /cannot be resolved \(ENOTFOUND\)/],
    ['EAI_AGAIN', /cannot be resolved/],
    ['UND_ERR_CONNECT_TIMEOUT', /did not answer within 30 s/],
    ['ETIMEDOUT', /did not answer within 30 s/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /is not trusted/],
    ['CERT_HAS_EXPIRED', /is not valid \(CERT_HAS_EXPIRED\)/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /is not valid/],
    ['ECONNRESET', /was interrupted \(ECONNRESET\)/],
  ])('%s has its own sentence', (code, text) => {
    const cause = Object.assign(new Error('what the system says'), { code })
    const fault = new TypeError('fetch failed', { cause })
    expect(connectionFailure(fault, 'http://x', 30_000).message).toMatch(text)
  })
})

describe('where the service is', () => {
  const token = { PRECHECK_TOKEN: 'secret' }

  it.each([
    [{}, 'http://127.0.0.1:9000'],
    [{ PRECHECK_PORT: '9100' }, 'http://127.0.0.1:9100'],
    [{ PRECHECK_URL: 'https://precheck.example/' }, 'https://precheck.example'],
    [{ PRECHECK_URL: 'https://precheck.example/base/' }, 'https://precheck.example/base'],
  ])('with %j is %s', (environment, url) => {
    expect(accessFrom({ ...token, ...environment })).toEqual({ url, token: 'secret' })
  })

  it.each([
    '',
    'precheck.example',
    '127.0.0.1:9000',
    'ftp://x',
    'http://u:p@x',
    'http://x/?a',
    'http://x/#a',
  ])('cannot be "%s"', (url) => {
    expect(() => accessFrom({ ...token, PRECHECK_URL: url })).toThrow(
      /PRECHECK_URL is not a valid service address/,
    )
  })
})

describe('the token', () => {
  it('is that of the file where there is no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'precheck-token-'))
    writeFileSync(join(folder, 'admin-token'), 'from-file\n')
    expect(accessFrom({ PRECHECK_DATA: folder }).token).toBe('from-file')
    rmSync(folder, { recursive: true })
  })

  it('that is nowhere is asked for', () => {
    expect(() => accessFrom({ PRECHECK_DATA: '/no/such/folder' })).toThrow(
      /^There is no token: set PRECHECK_TOKEN/,
    )
  })

  it.each(['', 'two\nlines', 'with space', 'naïve'])('cannot be %j, and is not shown', (text) => {
    expect(() => accessFrom({ PRECHECK_TOKEN: text })).toThrow(
      /^The token \(PRECHECK_TOKEN, .*\) is empty or contains characters that tokens do not have\. Copy it again\.$/,
    )
  })
})

describe('an error of the command line itself', () => {
  it.each([[new RangeError('x is not a function')], ['x is not a function']])('is one sentence', (fault) => {
    expect(failureText(fault, ({ en }) => en)).toMatch(
      /^precheck [\d.]+ failed with an internal error.*: x is not a function\n$/,
    )
  })

  it('is told apart from what it was asked to do', () => {
    expect(failureText(new CommandFailed('No.', 'USAGE'), ({ en }) => en)).toBe('No.\n')
  })
})

describe('too many requests of a token in a minute', () => {
  const tooMany = { code: 'REQUESTS_TOO_MANY', detail: 'Try again.' }

  it('are waited for', async () => {
    let calls = 0
    const { code, output } = await precheckWith(
      (call, response) => {
        calls += 1
        if (calls > 2) answering(200, { items: [], next: null })(call, response)
        else response.writeHead(429, { 'retry-after': '0.01' }).end(JSON.stringify(tooMany))
      },
      ['instances'],
    )
    expect([calls, code, output]).toEqual([3, 0, 'No instances are registered yet.\n'])
  })

  it('are a failure where the service does not say how long', async () => {
    const { code, errors, received } = await precheckWith(answering(429, tooMany), ['instances'])
    expect([code, errors, received.length]).toEqual([3, 'Try again.\n', 1])
  })
})
