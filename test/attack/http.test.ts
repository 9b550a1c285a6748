import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostProcess } from '../support/processes.ts'
import { answersIn, rawConnection } from '../support/raw-http.ts'
import { type QuietHost, startQuietHost } from './quiet-host.ts'
import { rssMbOf } from './rss.ts'

let quiet: QuietHost
beforeAll(async () => {
  quiet = await startQuietHost()
})
afterAll(() => quiet.stop())

const portOf = ({ url }: HostProcess): number => Number(new URL(url).port)

/** By a connection of its own: `fetch` of Node.js 20 may wait for ever for one that is closed as soon as it is there. */
const isHealthy = async (host: HostProcess): Promise<boolean> => {
  const { write, closed } = await rawConnection(portOf(host))
  write('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  return answersIn(await closed)[0]?.status === 200
}

describe('a host', () => {
  it('holds no more connections than its limit, and serves again once those that say nothing are given up', async () => {
    const { host } = quiet
    const opened = await Promise.all(Array.from({ length: 900 }, () => rawConnection(portOf(host))))
    for (const { write } of opened) write('GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    let open = opened.length
    for (const { closed } of opened) void closed.then(() => (open -= 1))
    await expect.poll(() => open).toBeLessThanOrEqual(512)
    await expect.poll(() => isHealthy(host)).toBe(true)
    expect(rssMbOf(host.pid)).toBeLessThan(300)
    for (const { socket } of opened) socket.destroy()
  })

  it('answers requests that come all at once one after the other, in their order', async () => {
    const { host } = quiet
    const connection = await rawConnection(portOf(host))
    const paths = Array.from({ length: 500 }, (_, index) =>
      index % 2 === 0 ? '/healthz' : `/nowhere-${index}`,
    )
    const last = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    connection.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join('') + last)
    const statuses = answersIn(await connection.closed).map(({ status }) => status)
    expect(statuses).toEqual([...paths.map((path) => (path === '/healthz' ? 200 : 404)), 200])
  })
})

describe('a request whose end two servers may see at different places', () => {
  /** What a proxy may have taken for the body of the first, and this service for a request. */
  const hidden = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'
  const length = `Content-Length: ${hidden.length}\r\n`

  it.each([
    ['chunked with a length', `${length}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a length and then chunked', `Transfer-Encoding: chunked\r\n${length}\r\n0\r\n\r\n`],
    ['two lengths', `${length}Content-Length: 0\r\n\r\n`],
    ['a length twice in one header', `Content-Length: 0, ${hidden.length}\r\n\r\n`],
    ['a negative length', 'Content-Length: -1\r\n\r\n'],
    ['a length with a sign', 'Content-Length: +0\r\n\r\n'],
    ['a length in hexadecimal', 'Content-Length: 0x0\r\n\r\n'],
    ['a space before the colon', `Content-Length : 0\r\n\r\n`],
    ['another encoding than chunked', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['chunked not last', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['a tab before chunked and a length', `Transfer-Encoding:\tchunked\r\n${length}\r\n0\r\n\r\n`],
    [
      'a header over two lines',
      'X-Folded: a\r\n Content-Length: 0\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a line that ends with CR alone', `X-A: b\r${length}\r\n`],
    ['a chunk whose size is none', 'Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n'],
    ['a chunk longer than it says', 'Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n'],
  ])('with %s is refused, and nothing after it is taken for another one', async (_, rest) => {
    const { host } = quiet
    const connection = await rawConnection(portOf(host))
    connection.write(
      `PUT /v1/instances/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${host.token}\r\n${rest}${hidden}`,
    )
    const answers = answersIn(await connection.closed)
    expect(answers.map(({ status }) => status)).toEqual([400])
  })
})
