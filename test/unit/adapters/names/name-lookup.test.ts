import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hostsIn } from '../../../../shared/adapters/names/hosts-file.ts'
import { type NameSources, nameLookup } from '../../../../shared/adapters/names/name-lookup.ts'
import { searchListIn, wholeNames } from '../../../../shared/adapters/names/search-list.ts'
import { type DnsServer, startDnsServer } from '../../../emulators/dns/server.ts'

let folder: string
let server: DnsServer
let sources: NameSources

beforeAll(async () => {
  server = await startDnsServer({
    'both.test': { A: [['192.0.2.1', '192.0.2.2']], AAAA: [['2001:db8::1']] },
    'six.test': { AAAA: [['2001:db8::6']] },
    'short.corp.test': { A: [['192.0.2.7']] },
    'changing.test': { A: [['192.0.2.8'], ['192.0.2.9']] },
    'silent.test': 'silent',
    'silent.corp.test': 'silent',
  })
})
afterAll(() => server.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-names-'))
  sources = {
    hostsFile: join(folder, 'hosts'),
    resolverFile: join(folder, 'resolv.conf'),
    servers: [server.address],
    limitMs: 20_000,
  }
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (file: string, text: string): void => writeFileSync(file, text)

const found = async (host: string, given = sources): Promise<readonly string[]> =>
  (await nameLookup(given)(host)).map(({ address, family }) => `${address} ${family}`)

const codeOf = async (host: string, given = sources): Promise<unknown> => {
  const fault: unknown = await nameLookup(given)(host).catch((cause: unknown) => cause)
  return fault instanceof Error && 'code' in fault ? fault.code : fault
}

describe('a name', () => {
  it('that is an address is itself, and nobody is asked', async () => {
    const before = server.queries.length
    expect(await found('192.0.2.5')).toEqual(['192.0.2.5 4'])
    expect(await found('2001:db8::5')).toEqual(['2001:db8::5 6'])
    expect(await found('2852039166')).toEqual(['169.254.169.254 4'])
    expect(await found('127.1')).toEqual(['127.0.0.1 4'])
    expect(await found('localhost')).toEqual(['127.0.0.1 4', '::1 6'])
    expect(await found('db.localhost.')).toEqual(['127.0.0.1 4', '::1 6'])
    expect(server.queries.length).toBe(before)
  })

  it('has the addresses of both families, those of IPv4 first', async () => {
    expect(await found('both.test')).toEqual(['192.0.2.1 4', '192.0.2.2 4', '2001:db8::1 6'])
    expect(await found('six.test')).toEqual(['2001:db8::6 6'])
  })

  it('in the hosts file goes by it, as it is by now', async () => {
    const lookUp = nameLookup(sources)
    write(sources.hostsFile, '# ours\n10.0.0.1\tDB1 db1.corp # the first\n10.0.0.2 db1\nnonsense db1\n')
    expect(await lookUp('db1')).toEqual([
      { address: '10.0.0.1', family: 4 },
      { address: '10.0.0.2', family: 4 },
    ])
    expect(await found('Db1.CORP.')).toEqual(['10.0.0.1 4'])
    write(sources.hostsFile, '10.0.0.33 db1\n')
    expect(await lookUp('db1')).toEqual([{ address: '10.0.0.33', family: 4 }])
  })

  it('that is not whole is looked up in the domains of the search list', async () => {
    write(sources.resolverFile, 'nameserver 192.0.2.53\nsearch other.test corp.test\n')
    expect(await found('short')).toEqual(['192.0.2.7 4'])
    expect(await codeOf('short.')).toBe('ENOTFOUND')
  })

  it('that nobody knows is not found', async () => {
    expect(await codeOf('nowhere.test')).toBe('ENOTFOUND')
  })

  it('is asked for once by all who ask at the same time, and anew by those who come later', async () => {
    const lookUp = nameLookup(sources)
    const [one, other] = await Promise.all([lookUp('changing.test'), lookUp('changing.test')])
    expect([one, other]).toEqual([one, [{ address: '192.0.2.8', family: 4 }]])
    expect(await lookUp('changing.test')).toEqual([{ address: '192.0.2.9', family: 4 }])
  })

  it('whose name server is silent ends at the limit, wherever in the search list that is', async () => {
    const impatient = { ...sources, limitMs: 200 }
    expect(await codeOf('silent.test', impatient)).toBe('ETIMEDOUT')
    write(sources.resolverFile, 'search corp.test\n')
    expect(await codeOf('silent', impatient)).toBe('ETIMEDOUT')
  })

  it('whose name server refuses may be there later', async () => {
    expect(await codeOf('both.test', { ...sources, servers: ['127.0.0.1:1'] })).toBe('EAI_AGAIN')
  })
})

it('a search list is that of resolv.conf', () => {
  expect(searchListIn('')).toEqual({ domains: [], dots: 1 })
  const text = 'domain a.test\n; search no.test\nsearch b.test. c.test # d.test\noptions timeout:1 ndots:2\n'
  expect(searchListIn(text)).toEqual({ domains: ['b.test', 'c.test'], dots: 2 })
})

it.each([
  ['db', 1, ['db.a.test', 'db']],
  ['db.x', 1, ['db.x', 'db.x.a.test']],
  ['db.x', 2, ['db.x.a.test', 'db.x']],
  ['db.x.', 2, ['db.x.']],
])('%s with ndots:%i is asked for as %s', (name, dots, names) => {
  expect(wholeNames(name, { domains: ['a.test'], dots })).toEqual(names)
})

it('a hosts file without a line of hosts is empty', () => {
  expect(hostsIn('\n#127.0.0.1 a\n::1\n').size).toBe(0)
})

const source = fileURLToPath(new URL('../../../../shared/adapters/names/name-lookup.ts', import.meta.url))

/** Runs with a single thread for files: whoever held it would stop the rest. */
const program = `
import { readFile } from 'node:fs/promises'
import { nameLookup } from ${JSON.stringify(source)}
const [hostsFile, silentServer, goodServer] = process.argv.slice(2)
const sources = { hostsFile, resolverFile: '/dev/null', limitMs: 1500 }
const lookUp = nameLookup({ ...sources, servers: [silentServer] })
const other = nameLookup({ ...sources, servers: [goodServer] })
const ends = []
const note = (what) => (value) => ends.push(what)
const silent = ['a', 'b', 'c', 'd', 'e'].map((name) => lookUp(name + '.silent.test').catch((fault) => ends.push(fault.name)))
await Promise.all([
  ...silent,
  readFile(hostsFile).then(note('file')),
  lookUp('db1').then(note('hosts file')),
  other('both.test').then(note('other server')),
])
console.log(JSON.stringify(ends))
`

it('a silent name server delays no file and no other name, with a single thread for both', async () => {
  const deaf = await startDnsServer(
    Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.silent.test`, 'silent' as const])),
  )
  write(sources.hostsFile, '10.0.0.1 db1\n')
  const path = join(folder, 'program.mts')
  write(path, program)
  const args = ['--import', import.meta.resolve('tsx'), path, sources.hostsFile, deaf.address, server.address]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  await deaf.close()
  const ends = JSON.parse(stdout) as string[]
  expect(ends.slice(0, 3).toSorted()).toEqual(['file', 'hosts file', 'other server'])
  expect(ends.slice(3)).toEqual(Array.from({ length: 5 }, () => 'NameServersSilent'))
})
