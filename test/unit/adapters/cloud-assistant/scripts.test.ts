import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linuxScript } from '../../../../shared/adapters/cloud-assistant/linux-script.ts'
import { addressOf, certificatesIn } from '../../../../shared/adapters/cloud-assistant/script.ts'
import { windowsScript } from '../../../../shared/adapters/cloud-assistant/windows-script.ts'
import { judgeReaches } from '../../../../shared/checks/connectivity/reach.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

/** What would be worth something to whoever breaks out of the quotes. */
const hostileParts = [
  "'",
  '"',
  '`id`',
  '$(id)',
  ';id;',
  '\n',
  '\r\n',
  '\\',
  '{a,b}',
  '[1-9]',
  '%0a',
  '‘',
  '’',
  '\u2028',
  ' -o x',
  '#',
  '&',
  '|',
  '*',
]
const hostileUrl = fc
  .array(fc.oneof(fc.constantFrom(...hostileParts), fc.string({ unit: 'binary', maxLength: 5 })), {
    maxLength: 8,
  })
  .map((parts) => `https://user:secret@a.example/${parts.join('')}`)

const certificate = (content: string) =>
  `-----BEGIN CERTIFICATE-----\n${content}\n-----END CERTIFICATE-----\n`

describe('an endpoint', () => {
  it('is asked for in printable ASCII, without a user, a password or a fragment', () => {
    fc.assert(
      fc.property(hostileUrl, (url) => {
        expect(addressOf(url).href).toMatch(/^https:\/\/a\.example\/[!-~]*$/)
        expect(addressOf(url).href).not.toContain('secret@')
        expect(addressOf(url).hash).toBe('')
      }),
    )
    expect(addressOf('https://ä.example:8443/ü?ö=1').href).toBe(
      'https://xn--4ca.example:8443/%C3%BC?%C3%B6=1',
    )
  })
})

describe('certificates', () => {
  it('are taken without what stands around them', () => {
    const ca = `hello'; id\n${certificate('MIIB\nAAA=')}$(id)${certificate("x'; id")}${certificate('CCCC')}`
    expect(certificatesIn(ca)).toEqual(['MIIBAAA=', 'CCCC'])
    expect(certificatesIn(undefined)).toEqual([])
  })
})

describe('the script for Linux', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'precheck-script-'))
    // Stands before the real curl in PATH: notes the words that it is given.
    const curl = join(folder, 'curl')
    writeFileSync(
      curl,
      `#!/bin/sh\nfor word; do last=$word; done\nprintf '%s\\n' "$last" >> "${folder}/asked"\n`,
    )
    chmodSync(curl, 0o755)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const run = (script: string): string =>
    execFileSync('/bin/sh', ['-c', script], {
      env: { PATH: `${folder}:${process.env['PATH']}`, TMPDIR: folder },
      encoding: 'utf8',
    })

  it('hands every URL to curl as one word, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(hostileUrl, { minLength: 1, maxLength: 16 }), (urls) => {
        writeFileSync(join(folder, 'asked'), '')
        run(linuxScript.write({ urls }, 1000))
        const asked = readFileSync(join(folder, 'asked'), 'utf8').trimEnd().split('\n')
        expect(asked.sort()).toEqual(urls.map((url) => addressOf(url).href).sort())
      }),
      { numRuns: propertyRuns(25) },
    )
  })

  it('runs nothing that a certificate holds, and leaves nothing behind', () => {
    const ca = `${certificate('MIIB')}'; touch ${folder}/broken-out; '${certificate("'; touch broken-out; '")}`
    run(linuxScript.write({ urls: ['https://a.example/'], ca }, 1000))
    expect(execFileSync('ls', [folder], { encoding: 'utf8' }).trim().split('\n')).toEqual(['asked', 'curl'])
  })

  it('says so where there is no curl', () => {
    const script = linuxScript.write({ urls: ['https://a.example/'] }, 1000)
    const output = execFileSync('/bin/sh', ['-c', script], { env: { PATH: '/nowhere' }, encoding: 'utf8' })
    expect(linuxScript.read(output, ['https://a.example/'])).toEqual({ code: 'CURL_MISSING' })
  })

  const url = 'https://a.example/'
  const line = (fields: string, said: string, index = 0) =>
    `backup-precheck-reach ${index} ${fields}|${Buffer.from(said).toString('base64')}\n`
  const readOne = (fields: string, said: string) => {
    const read = linuxScript.read(line(fields, said), [url])
    return read && 'code' in read ? read : read?.[0]
  }

  it.each([
    [
      'curl 7.29 that cannot resolve',
      '6|000||0.000|0.000|0.000|0.000|0.012',
      'curl: (6) Could not resolve host: a.example; Name or service not known',
      { address: null, failure: { phase: 'dns', kind: 'other' } },
    ],
    [
      'curl 7.29 that is refused',
      '7|000||0.004|0.000|0.000|0.000|0.005',
      '*   Trying 10.0.0.1...\ncurl: (7) Failed connect to a.example:443; Connection refused',
      { address: '10.0.0.1', failure: { phase: 'connect', kind: 'refused' } },
    ],
    [
      'curl 7.29 that waits for DNS',
      '28|000||0.000|0.000|0.000|0.000|5.000',
      'curl: (28) Resolving timed out after 5000 milliseconds',
      { address: null, failure: { phase: 'dns', kind: 'timeout' }, phases: { dns: 5000, connect: null } },
    ],
    [
      'curl 7.29 whose connection is too quick for its clock, and which waits for TLS',
      '28|000|10.0.0.1|0.000|0.000|0.000|0.000|5.001',
      '*   Trying 10.0.0.1...\ncurl: (28) Operation timed out after 5001 milliseconds with 0 out of 0 bytes received',
      {
        address: '10.0.0.1',
        failure: { phase: 'tls', kind: 'timeout' },
        phases: { dns: 0, connect: 0, tls: 5001 },
      },
    ],
    [
      'curl 7.88 that is refused at two addresses',
      '7|000||0.000014|0.000000|0.000000|0.000000|0.000132',
      "*   Trying 127.0.0.1:443...\n* connect to 127.0.0.1 port 443 failed: Connection refused\n*   Trying [::1]:443...\n* connect to ::1 port 443 failed: Connection refused\ncurl: (7) Failed to connect to localhost port 443 after 0 ms: Couldn't connect to server",
      { address: '::1', failure: { phase: 'connect', kind: 'refused', cause: 'Connection refused' } },
    ],
    [
      'no route',
      '7|000||0.001|0.000|0.000|0.000|3.050',
      '*   Trying 10.0.0.1:443...\n* connect to 10.0.0.1 port 443 failed: No route to host\ncurl: (7) Failed to connect',
      { address: '10.0.0.1', failure: { phase: 'connect', kind: 'other', cause: 'No route to host' } },
    ],
    [
      'a certificate that nobody vouches for',
      '60|000|10.0.0.1|0.001000|0.002000|0.000000|0.000000|0.010000',
      'curl: (60) SSL certificate problem: unable to get local issuer certificate',
      { failure: { phase: 'tls', kind: 'other' }, phases: { dns: 1, connect: 1, tls: 8, http: null } },
    ],
    [
      'an empty answer',
      '52|000|10.0.0.1|0.001000|0.002000|0.008000|0.000000|0.010000',
      'curl: (52) Empty reply from server',
      { failure: { phase: 'http', kind: 'other', cause: 'Empty reply from server' }, phases: { http: 2 } },
    ],
    [
      'an answer',
      '0|403|10.0.0.1|0.001000|0.002000|0.008000|0.010500|0.010600',
      '*   Trying 10.0.0.1:443...',
      { address: '10.0.0.1', status: 403, failure: null, phases: { dns: 1, connect: 1, tls: 6, http: 2.5 } },
    ],
  ])('understands %s', (_, fields, said, expected) => {
    expect(readOne(fields, said)).toMatchObject(expected)
  })

  it('finds its lines among others, in any order', () => {
    const answer = '0|200|10.0.0.1|0.001|0.002|0.003|0.004|0.005'
    const output = `Welcome!\r\n${line(answer, '', 1)}Last login: today\n${line(answer, '', 0)}bye`
    expect(linuxScript.read(output, ['https://a/', 'https://b/'])).toMatchObject([
      { url: 'https://a/', status: 200 },
      { url: 'https://b/', status: 200 },
    ])
  })

  it.each([
    ['nothing', ''],
    ['one line of two', 'backup-precheck-reach 0 0|200|10.0.0.1|0|0|0|0|0|\n'],
    ['too few fields', 'backup-precheck-reach 0 0|200\nbackup-precheck-reach 1 0|200\n'],
    [
      'a number that is none',
      'backup-precheck-reach 0 0|2xx|a|0|0|0|0|0|\nbackup-precheck-reach 1 0|200|a|0|0|0|0|0|\n',
    ],
  ])('takes %s for no answer', (_, output) => {
    expect(linuxScript.read(output, ['https://a/', 'https://b/'])).toBeNull()
  })
})

describe('the script for Windows', () => {
  const lists = (script: string) => script.split('\n').filter((row) => /^\$(urls|authorities) = /.test(row))

  it('holds URLs and certificates as literals alone', () => {
    fc.assert(
      fc.property(fc.array(hostileUrl, { minLength: 1, maxLength: 16 }), (urls) => {
        const script = windowsScript.write({ urls, ca: certificate("'; id; '") + certificate('MIIB') }, 1000)
        const [first = '', second = ''] = lists(script)
        const literals = [...first.matchAll(/'((?:[^']|'')*)'/g)].map(([, content = '']) =>
          content.replaceAll("''", "'"),
        )
        expect(literals).toEqual(urls.map((url) => addressOf(url).href))
        expect(first.replaceAll(/'(?:[^']|'')*'/g, 'x')).toBe(`$urls = @(${urls.map(() => 'x').join(', ')})`)
        expect(second).toBe("$authorities = @('MIIB')")
        expect(script).toMatch(/^[\n -~]*$/)
      }),
    )
  })

  it('is the same for all endpoints but for their lists', () => {
    const rest = (urls: string[], ca?: string) =>
      windowsScript
        .write({ urls, ...(ca && { ca }) }, 1000)
        .split('\n')
        .filter((row) => !/^\$(urls|authorities) = /.test(row))
    expect(rest(["https://a/'$(id)"], certificate('MIIB'))).toEqual(rest(['https://b/', 'https://c/']))
  })

  const told = {
    index: 0,
    address: '10.0.0.1',
    dns: 1.5,
    connect: 0.4,
    tls: 12,
    http: 3,
    status: 403,
    phase: 'http',
    cause: null,
  }
  const line = (content: object) =>
    `backup-precheck-reach ${Buffer.from(JSON.stringify(content)).toString('base64')}\r\n`

  it.each([
    ['an answer', told, { status: 403, failure: null, phases: { dns: 1.5, connect: 0.4, tls: 12, http: 3 } }],
    [
      'a name without an address',
      {
        ...told,
        address: null,
        connect: null,
        tls: null,
        http: null,
        status: null,
        phase: 'dns',
        cause: 'HostNotFound',
      },
      { address: null, failure: { phase: 'dns', kind: 'other', cause: 'HostNotFound' } },
    ],
    [
      'a refusal',
      { ...told, tls: null, http: null, status: null, phase: 'connect', cause: 'ConnectionRefused' },
      { failure: { phase: 'connect', kind: 'refused' } },
    ],
    [
      'silence',
      { ...told, tls: null, http: null, status: null, phase: 'connect', cause: 'TimedOut' },
      { failure: { phase: 'connect', kind: 'timeout' } },
    ],
    [
      'a complaint in Chinese',
      { ...told, http: null, status: null, phase: 'tls', cause: '根据验证过程,远程证书无效。' },
      { failure: { phase: 'tls', kind: 'other', cause: '根据验证过程,远程证书无效。' } },
    ],
  ])('understands %s', (_, content, expected) => {
    const url = 'https://a.example/'
    const reaches = windowsScript.read(`PS banner\r\n${line(content)}`, [url])
    expect(reaches).toMatchObject([{ url, ...expected }])
    if (!Array.isArray(reaches)) throw new Error('no answer')
    expect(judgeReaches([reaches[0]]).findings).toHaveLength(content.cause === null ? 0 : 1)
  })

  it.each([
    ['nothing', ''],
    ['Base64 of no JSON', 'backup-precheck-reach AAAA\n'],
    ['an answer that both failed and came', line({ ...told, cause: 'TimedOut' })],
    ['an answer that neither failed nor came', line({ ...told, status: null })],
    ['the answer of another URL', line({ ...told, index: 1 })],
  ])('takes %s for no answer', (_, output) => {
    expect(windowsScript.read(output, ['https://a/'])).toBeNull()
  })
})
