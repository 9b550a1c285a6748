import type { LookupAddress } from 'node:dns'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type IncomingMessage, type Server, createServer, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { callbackify } from 'node:util'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { webhookSender } from '../../../shared/adapters/webhook/webhook-sender.ts'
import type { WebhookRules } from '../../../shared/webhooks/model/address.ts'
import { startDnsServer } from '../../emulators/dns/server.ts'

/** A host of the internet by its form, in a block that nobody has been given (IANA IPv6 global unicast assignments). */
const elsewhere = '2000::1'

const dns = await startDnsServer({
  localhost: { A: [['127.0.0.1']] },
  'app.localhost': { A: [['127.0.0.1']] },
  'loopback.test': { A: [['127.0.0.1']] },
  'loopback6.test': { AAAA: [['::1']] },
  'mapped.test': { AAAA: [['::ffff:127.0.0.1']] },
  'nobody.test': { A: [['0.0.0.0']] },
  'first.test': { A: [['127.0.0.1', '8.8.8.8']] },
  'last.test': { A: [['8.8.8.8', '1.1.1.1', '127.0.0.1']] },
  'families.test': { A: [['127.0.0.1']], AAAA: [[elsewhere]] },
  'families6.test': { A: [['8.8.8.8']], AAAA: [['::1']] },
  'private.test': { A: [['192.168.0.10']] },
  'metadata.test': { A: [['100.100.100.200']] },
  'metadata.google.internal': { A: [['169.254.169.254']] },
  'nat64.test': { AAAA: [['64:ff9b::6464:64c8']] },
  'compatible.test': { AAAA: [['::7f00:1']] },
  'changing.test': { A: [['127.0.0.2'], ['127.0.0.1']] },
  'naive.test': { A: [['127.0.0.2'], ['127.0.0.1']] },
  'from-elsewhere.test': { A: [[], ['127.0.0.1']], AAAA: [[elsewhere], ['::1']] },
})

/** Addresses that somebody connected to. */
const connections: string[] = []

const listen = async (address: string, port: number): Promise<Server | null> => {
  const server = createServer((_, response) => response.end(address))
  server.on('connection', () => connections.push(address))
  server.listen(port, address)
  try {
    await once(server, 'listening')
    return server
  } catch {
    return null
  }
}

const portOf = (server: Server | null): number => {
  const address = server?.address()
  return typeof address === 'object' && address ? address.port : 0
}

const listeners = new Map([['127.0.0.1', await listen('127.0.0.1', 0)]])
const port = portOf(listeners.get('127.0.0.1') ?? null)
for (const address of ['::1', '127.0.0.2', '127.255.255.254']) {
  listeners.set(address, await listen(address, port))
}
const isListening = (address: string): boolean => listeners.get(address) !== null

/** Sockets of TCP that this process has made. */
let sockets = 0
const count = () => {
  sockets += 1
}

beforeEach(() => {
  connections.length = 0
  sockets = 0
  subscribe('net.client.socket', count)
})
afterEach(() => {
  unsubscribe('net.client.socket', count)
})
afterAll(async () => {
  for (const server of listeners.values()) {
    server?.closeAllConnections()
    server?.close()
  }
  await dns.close()
})

const post = (url: string, allowedNetworks: WebhookRules['allowedNetworks'], limitMs = 2000) =>
  webhookSender(
    { allowHttp: true, allowedNetworks },
    { lookup: dns.lookup },
  )({
    url: url.replace('PORT', String(port)),
    headers: { 'content-type': 'application/json' },
    body: '{}',
    limitMs,
  })

/** Hostile URLs that lead to a listener of this machine, and to which. */
const reaching: readonly [string, string][] = [
  ['http://127.0.0.1:PORT/', '127.0.0.1'],
  ['https://127.0.0.1:PORT/', '127.0.0.1'],
  ['http://127.0.0.2:PORT/', '127.0.0.2'],
  ['http://127.255.255.254:PORT/', '127.255.255.254'],
  ['http://127.1:PORT/', '127.0.0.1'],
  ['http://127.0.1:PORT/', '127.0.0.1'],
  ['http://2130706433:PORT/', '127.0.0.1'],
  ['http://017700000001:PORT/', '127.0.0.1'],
  ['http://0177.0.0.01:PORT/', '127.0.0.1'],
  ['http://0x7f000001:PORT/', '127.0.0.1'],
  ['http://0x7f.1:PORT/', '127.0.0.1'],
  ['http://0X7F.0x0.00.1:PORT/', '127.0.0.1'],
  ['http://127.0.0.1.:PORT/', '127.0.0.1'],
  ['http://１２７.０.０.１:PORT/', '127.0.0.1'],
  ['http://127。0。0。1:PORT/', '127.0.0.1'],
  ['http://%31%32%37.%30.0.1:PORT/', '127.0.0.1'],
  ['http://12\t7.0.0.1:PORT/', '127.0.0.1'],
  ['http:127.0.0.1:PORT/', '127.0.0.1'],
  ['http:\\\\127.0.0.1:PORT\\hook', '127.0.0.1'],
  ['http:////127.0.0.1:PORT//8.8.8.8/', '127.0.0.1'],
  ['http://0.0.0.0:PORT/', '127.0.0.1'],
  ['http://0:PORT/', '127.0.0.1'],
  ['http://0x:PORT/', '127.0.0.1'],
  ['http://[::1]:PORT/', '::1'],
  ['http://[0:0:0:0:0:0:0:1]:PORT/', '::1'],
  ['http://[0000::0.0.0.1]:PORT/', '::1'],
  ['http://[::]:PORT/', '::1'],
  ['http://[::ffff:127.0.0.1]:PORT/', '127.0.0.1'],
  ['http://[::FFFF:7f00:1]:PORT/', '127.0.0.1'],
  ['http://[0:0:0:0:0:ffff:127.0.0.2]:PORT/', '127.0.0.2'],
  ['http://localhost:PORT/', '127.0.0.1'],
  ['http://LocalHost.:PORT/', '127.0.0.1'],
  ['http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/', '127.0.0.1'],
  ['http://app.localhost:PORT/', '127.0.0.1'],
  ['http://loopback.test:PORT/', '127.0.0.1'],
  ['https://loopback.test:PORT/', '127.0.0.1'],
  ['http://loopback6.test:PORT/', '::1'],
  ['http://mapped.test:PORT/', '127.0.0.1'],
  ['http://nobody.test:PORT/', '127.0.0.1'],
  ['http://first.test:PORT/', '127.0.0.1'],
  ['http://families.test:PORT/', '127.0.0.1'],
]

/** Hostile URLs that lead to where no test can listen, or that nobody may call whatever is allowed. */
const leadingAway: readonly string[] = [
  'http://100.100.100.200/latest/meta-data/ram/security-credentials/',
  'http://1684301000/latest/meta-data/',
  'http://0x64.0x64.0x64.0xc8/latest/meta-data/',
  'http://[::ffff:100.100.100.200]/latest/meta-data/',
  'http://[fd00:100::100:200]/latest/meta-data/',
  'http://169.254.169.254/latest/meta-data/',
  'http://0251.0376.0251.0376/latest/meta-data/',
  'http://[::ffff:a9fe:a9fe]/latest/meta-data/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://[fe80::1]/',
  'http://[fe80::1%25lo]/',
  'http://[64:ff9b::127.0.0.1]:PORT/',
  'http://[64:ff9b:1::7f00:1]:PORT/',
  'http://[64:ff9b::6464:64c8]/latest/meta-data/',
  'http://[2002:7f00:1::]:PORT/',
  'http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'http://[::ffff:0:127.0.0.1]:PORT/',
  'http://metadata.test/latest/meta-data/',
  'http://nat64.test/latest/meta-data/',
  'http://compatible.test:PORT/',
  'http://hooks.example.com@127.0.0.1:PORT/',
  'http://127.0.0.1:PORT@hooks.example.com/',
  'file:///proc/self/environ',
  'gopher://127.0.0.1:PORT/_POST',
  'unix:/var/run/docker.sock',
]

/** Private hosts and blocks for other purposes: they may be allowed, but not by what the tests allow. */
const leadingInside: readonly string[] = [
  'http://10.0.0.1/',
  'http://172.31.255.254/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://100.100.2.136/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://224.0.0.251/',
  'http://255.255.255.255/',
  'http://[fd12:3456::1]/',
  'http://[fec0::1]/',
  'http://[ff02::1]/',
  'http://[2001:db8::1]/',
  'http://private.test/',
  'http://last.test:PORT/',
  'http://families6.test:PORT/',
]

const refused = { failure: { code: 'ADDRESS_REFUSED' } }
const loopback = ['127.0.0.0/8', '::1/128', '0.0.0.0/8', '::/128']

describe('a hostile URL', () => {
  it.each([...reaching.map(([url]) => url), ...leadingAway, ...leadingInside])(
    'is refused before any socket is made: %s',
    async (url) => {
      expect(await post(url, [])).toMatchObject(refused)
      expect([sockets, connections]).toEqual([0, []])
    },
  )

  it.each(leadingAway)('is refused whatever is allowed: %s', async (url) => {
    expect(await post(url, [...loopback, '0.0.0.0/0', '::/0'])).toMatchObject(refused)
    expect([sockets, connections]).toEqual([0, []])
  })

  it.each(reaching.filter(([, address]) => isListening(address)))(
    'is hostile indeed: where it is allowed, %s connects to %s',
    async (url, address) => {
      await post(url, [...loopback, '2000::/16'])
      expect(connections).toEqual([address])
    },
  )
})

const lookupOf = callbackify(async (name: string): Promise<LookupAddress[]> =>
  (await dns.lookup(name)).map((address) => ({ address, family: 4 })),
)

/** Asks the name server anew whenever it connects, as a client does that checks a name first and then connects by it. */
const getByName = async (url: string): Promise<string> => {
  const request = get(url, { agent: false, lookup: (name, _options, callback) => lookupOf(name, callback) })
  const [response]: IncomingMessage[] = await once(request, 'response')
  return response ? text(response) : ''
}

describe.runIf(isListening('127.0.0.2'))('a name that changes between check and connection', () => {
  it('fools who looks it up twice', async () => {
    expect(await dns.lookup('naive.test')).toEqual(['127.0.0.2'])
    expect(await getByName(`http://naive.test:${port}/`)).toBe('127.0.0.1')
  })

  it('is called at the address that was checked, and asked for once', async () => {
    expect(await post('http://changing.test:PORT/', ['127.0.0.2/32'])).toMatchObject({
      status: 200,
      body: '127.0.0.2',
    })
    expect(connections).toEqual(['127.0.0.2'])
    expect(dns.queries.filter((query) => query === 'A changing.test')).toHaveLength(1)
  })

  it('is refused the next time, when it leads elsewhere', async () => {
    expect(await post('http://changing.test:PORT/', ['127.0.0.2/32'])).toMatchObject(refused)
    expect(connections).toEqual([])
  })
})

it('a name that leads to the internet when checked, and to this machine afterwards, never reaches this machine', async () => {
  const first = await post('http://from-elsewhere.test:PORT/', [], 300)
  expect(first).toMatchObject({ failure: { code: expect.stringMatching(/^(UNREACHABLE|TIMED_OUT)$/) } })
  expect(await post('http://from-elsewhere.test:PORT/', [])).toMatchObject(refused)
  expect(connections).toEqual([])
})

/** Lets sockets believe that they are connected to a metadata address. */
const misplace = (message: unknown): void => {
  if (typeof message !== 'object' || message === null || !('socket' in message)) return
  Object.defineProperty(message.socket, 'remoteAddress', { value: '169.254.169.254' })
}

it('nothing is sent over a connection that ended up at another address than was checked', async () => {
  const received = vi.fn<(chunk: Buffer) => void>()
  const server = listeners.get('127.0.0.1')
  server?.once('connection', (socket) => socket.on('data', received))
  subscribe('net.client.socket', misplace)
  const answer = await post('http://127.0.0.1:PORT/', loopback)
  unsubscribe('net.client.socket', misplace)
  expect(answer).toMatchObject(refused)
  await expect.poll(() => connections).toEqual(['127.0.0.1'])
  await expect
    .poll(() => new Promise((resolve) => server?.getConnections((_, open) => resolve(open))))
    .toBe(0)
  expect(received).not.toHaveBeenCalled()
})

it('tells no path and no query of what it refused', async () => {
  for (const url of [
    'http://127.0.0.1/s3cr3t?key=s3cr3t',
    'http://loopback.test/s3cr3t',
    'http://no.test/s3cr3t',
  ]) {
    expect(JSON.stringify(await post(url, []))).not.toContain('s3cr3t')
  }
})
