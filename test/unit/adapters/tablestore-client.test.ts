import { type Server, createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import TableStore from 'tablestore'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Credentials } from '../../../shared/adapters/alibaba-cloud/credentials.ts'
import { anyRow, noRow as noRowExpected } from '../../../shared/adapters/tablestore/conditions.ts'
import type { RowWrite } from '../../../shared/adapters/tablestore/rows.ts'
import {
  type TablestoreSettings,
  tablestoreClient,
} from '../../../shared/adapters/tablestore/tablestore-client.ts'
import { TablestoreError, tablestoreErrorOf } from '../../../shared/adapters/tablestore/tablestore-error.ts'
import { batchRead, batchWritten, foundRow, noRow, page, row } from '../../doubles/answers.ts'
import {
  type OtsCode,
  doneThenLost,
  otsClientTimeout,
  otsError,
  otsExpiredToken,
  otsHttpError,
  otsNetworkError,
} from '../../doubles/faults.ts'
import { mockClient } from '../../doubles/mock-client.ts'
import { startTablestore } from '../../emulators/tablestore/server.ts'

const owner: Credentials = { accessKeyId: 'key', accessKeySecret: 'secret' }

const clientWith = (own: Partial<TablestoreSettings> = {}) =>
  tablestoreClient({
    endpoint: 'http://127.0.0.1:9',
    instanceName: 'precheck',
    credentials: () => owner,
    retry: { attempts: 4, baseDelayMs: 2, maxDelayMs: 5, budgetMs: 2000 },
    ...own,
  })

const put = (id: string, table = 't'): RowWrite => ({
  kind: 'put',
  table,
  key: { id },
  columns: { x: '1' },
  condition: noRowExpected,
})

describe('with a double of the SDK', () => {
  const ots = mockClient(TableStore.Client)
  afterEach(() => ots.reset())
  afterAll(() => ots.restore())

  describe('a failure that passes', () => {
    it.each<[string, () => Error]>([
      ...(
        [
          'OTSServerBusy',
          'OTSServerUnavailable',
          'OTSPartitionUnavailable',
          'OTSTimeout',
          'OTSInternalServerError',
          'OTSRowOperationConflict',
          'OTSNotEnoughCapacityUnit',
          'OTSTableNotReady',
        ] satisfies OtsCode[]
      ).map((code): [string, () => Error] => [code, () => otsError(code)]),
      ['a long text', () => otsError('OTSServerBusy', 'x'.repeat(300))],
      ['HTTP 503 of something in between', () => otsHttpError(503)],
      ['HTTP 502 of something in between', () => otsHttpError(502)],
      ['a server that hung up', () => otsNetworkError('ECONNRESET')],
      ['a server that refuses connections', () => otsNetworkError('ECONNREFUSED')],
      ['no answer in time', () => otsClientTimeout(5000)],
    ])('is tried again: %s', async (_, fault) => {
      ots
        .on('getRow')
        .rejectsOnce(fault())
        .rejectsOnce(fault())
        .resolves(foundRow(row({ id: 'a' }, { x: '1' })))
      expect(await clientWith().getRow('t', { id: 'a' })).toEqual({ x: '1' })
      expect(ots).toHaveReceivedTimes('getRow', 3)
      ots
        .on('getRange')
        .rejectsOnce(fault())
        .resolves(page([row({ id: 'a' }, { x: '1' })], { id: 'b' }))
      const start = [{ id: TableStore.INF_MIN }]
      const range = {
        table: 't',
        direction: 'FORWARD',
        start,
        end: [{ id: TableStore.INF_MAX }],
        limit: 1,
      } as const
      expect(await clientWith().getRange(range)).toEqual({
        rows: [{ key: { id: 'a' }, columns: { x: '1' } }],
        next: { id: 'b' },
      })
    })

    it('that stays is handed on, typed, when the tries are used up', async () => {
      ots.on('getRow').rejects('OTSServerBusy')
      const failed = clientWith().getRow('t', { id: 'a' })
      await expect(failed).rejects.toThrow(TablestoreError)
      await expect(failed).rejects.toMatchObject({ code: 'OTSServerBusy' })
      expect(ots).toHaveReceivedTimes('getRow', 4)
    })

    it('that is none is not tried again', async () => {
      for (const code of ['OTSParameterInvalid', 'OTSObjectNotExist', 'OTSQuotaExhausted'] as const) {
        ots.reset()
        ots.on('putRow').rejects(code)
        await expect(clientWith().writeRow(put('a'))).rejects.toMatchObject({ code })
        expect(ots).toHaveReceivedTimes('putRow', 1)
      }
    })
  })

  describe('a conditional write', () => {
    it('is refused where the condition fails at once', async () => {
      ots.on('putRow').rejects('OTSConditionCheckFail')
      expect(await clientWith().writeRow(put('a'))).toBe('refused')
      expect(ots).toHaveReceivedTimes('putRow', 1)
    })

    it.each(['OTSTimeout', 'OTSServerBusy', 'ECONNRESET'] as const)(
      'is not said to be refused when an answer was lost before (%s)',
      async (code) => {
        ots.on('putRow').rejectsOnce(code).rejects('OTSConditionCheckFail')
        expect(await clientWith().writeRow(put('a'))).toBe('unclear')
      },
    )

    it('is written when a later try gets through', async () => {
      ots.on('deleteRow').rejectsOnce('OTSTimeout').resolves(noRow())
      const deletion = { kind: 'delete', table: 't', key: { id: 'a' }, condition: anyRow } as const
      expect(await clientWith().writeRow(deletion)).toBe('written')
    })
  })

  describe('a batch', () => {
    it('of writes repeats only the rows that failed, and leaves alone whose condition fails', async () => {
      ots
        .on('batchWriteRow')
        .resolvesOnce(batchWritten('t', ['ok', 'OTSServerBusy', 'OTSConditionCheckFail', 'OTSTimeout']))
        .resolvesOnce(batchWritten('t', ['OTSServerBusy', 'ok']))
        .resolves(batchWritten('t', ['ok']))
      await clientWith().batchWriteRow(['t', 'u', 'v', 'w'].map((table) => put('a', table)))
      const written = ots
        .calls('batchWriteRow')
        .map(({ args: [{ tables }] }) => tables.map(({ tableName }) => tableName))
      expect(written).toEqual([['t', 'u', 'v', 'w'], ['u', 'w'], ['u']])
    })

    it('of writes ends with what no repeating fixes', async () => {
      ots.on('batchWriteRow').resolves(batchWritten('t', ['OTSServerBusy', 'OTSParameterInvalid']))
      const failed = clientWith().batchWriteRow([put('a'), put('a', 'u')])
      await expect(failed).rejects.toMatchObject({ code: 'OTSParameterInvalid' })
      expect(ots).toHaveReceivedTimes('batchWriteRow', 1)
    })

    it('of writes is sent again whole when its answer was lost', async () => {
      const rows: unknown[] = []
      ots
        .on('batchWriteRow')
        .callsFakeOnce(doneThenLost((request) => rows.push(request)))
        .resolves(batchWritten('t', ['OTSConditionCheckFail', 'ok']))
      await clientWith().batchWriteRow([put('a'), put('a', 'u')])
      expect(rows).toHaveLength(1)
      expect(ots).toHaveReceivedTimes('batchWriteRow', 2)
    })

    it('of reads gives the rows in the order of their keys, whenever each came', async () => {
      const found = (id: string) => row({ id }, { x: id })
      ots
        .on('batchGetRow')
        .resolvesOnce(batchRead('t', ['OTSServerBusy', found('b'), null, 'OTSTimeout']))
        .resolves(batchRead('t', [found('a'), found('d')]))
      const keys = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
      expect(await clientWith().batchGetRow('t', keys)).toEqual([{ x: 'a' }, { x: 'b' }, null, { x: 'd' }])
    })

    it('with fewer answers than rows is not taken for done', async () => {
      ots.on('batchGetRow').resolves(batchRead('t', []))
      const failed = clientWith().batchGetRow('t', [{ id: 'a' }])
      await expect(failed).rejects.toMatchObject({ code: 'AnswerUnusable' })
    })
  })

  describe('credentials', () => {
    const first: Credentials = { accessKeyId: 'STS.1', accessKeySecret: 's1', securityToken: 'token-1' }
    const second: Credentials = { accessKeyId: 'STS.2', accessKeySecret: 's2', securityToken: 'token-2' }
    const sourceOf = (...given: readonly Credentials[]) => {
      let asked = 0
      const source = () => {
        asked += 1
        return given[Math.min(asked, given.length) - 1] ?? owner
      }
      return { source, asked: () => asked }
    }

    it('are asked for before every request', async () => {
      const { source, asked } = sourceOf(first)
      ots.on('getRow').resolves(noRow())
      const client = clientWith({ credentials: source })
      for (const id of ['a', 'b', 'c']) await client.getRow('t', { id })
      expect(asked()).toBe(3)
    })

    it('that ended on the way are replaced, once, without a lost answer in between', async () => {
      ots.on('putRow').rejectsOnce(otsExpiredToken()).rejects('OTSConditionCheckFail')
      const { source } = sourceOf(first, second)
      expect(await clientWith({ credentials: source }).writeRow(put('a'))).toBe('refused')
      expect(ots).toHaveReceivedTimes('putRow', 2)
    })

    it('that stay the same, or are refused again, are not tried further', async () => {
      ots.on('getRow').rejects(otsExpiredToken())
      for (const credentials of [() => first, sourceOf(first, second).source]) {
        ots.resetHistory()
        const failed = clientWith({ credentials }).getRow('t', { id: 'a' })
        await expect(failed).rejects.toMatchObject({ code: 'OTSAuthFailed' })
        expect(ots.calls('getRow').length).toBeLessThanOrEqual(2)
      }
    })
  })
})

describe('an error', () => {
  it('has the code of the service, its operation and the id of its request, and none of its text', () => {
    const error = tablestoreErrorOf(otsError('OTSConditionCheckFail', 'Says what was sent.'), 'PutRow')
    expect(error.code).toBe('OTSConditionCheckFail')
    expect(error.message).toBe(
      'PutRow failed: OTSConditionCheckFail (request 00000000-0000-0000-0000-000000000001)',
    )
  })

  it.each([
    [otsNetworkError('ECONNREFUSED'), 'ECONNREFUSED'],
    [otsNetworkError('ENOTFOUND'), 'ENOTFOUND'],
    [otsNetworkError('ECONNRESET'), 'NetworkingError'],
    [otsClientTimeout(50), 'RequestTimeout'],
    [otsHttpError(504), 'HTTP 504'],
    [new TypeError('Cannot read properties of undefined'), 'AnswerUnusable'],
    ['a text', 'AnswerUnusable'],
  ])('of something else has a code as well: %s', (fault, code) => {
    expect(tablestoreErrorOf(fault, 'GetRow').code).toBe(code)
  })
})

describe('over the wire', () => {
  let servers: Server[] = []
  afterEach(async () => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
    servers = []
  })
  const serve = async (handle: Parameters<typeof createServer>[1]): Promise<string> => {
    const server = createServer(handle as never)
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const oneAttempt = { attempts: 1, baseDelayMs: 0, maxDelayMs: 0, budgetMs: 0 }

  it.each<[string, Parameters<typeof serve>[0], string]>([
    ['says nothing', () => undefined, 'RequestTimeout'],
    ['says nothing after its headers', (_, answer) => answer.writeHead(200).flushHeaders(), 'RequestTimeout'],
    [
      'breaks off within its answer',
      (request, answer) => {
        answer.writeHead(200, { 'content-length': 100 }).write('part', () => request.socket.destroy())
      },
      'RequestTimeout',
    ],
    [
      'answers in another language',
      (_, answer) => answer.writeHead(200).end('<h1>hello</h1>'),
      'AnswerUnusable',
    ],
    ['is a proxy that fails', (_, answer) => answer.writeHead(502).end('<h1>bad gateway</h1>'), 'HTTP 502'],
  ])('a server that %s fails within the time limit', async (_, handle, code) => {
    const client = clientWith({ endpoint: await serve(handle), timeoutMs: 150, retry: oneAttempt })
    await expect(client.getRow('t', { id: 'a' })).rejects.toMatchObject({ code })
  })

  it('connections are kept, those of two clients apart', async () => {
    const ports: (number | undefined)[] = []
    const endpoint = await serve((request, answer) => {
      ports.push(request.socket.remotePort)
      request.resume().on('end', () => answer.writeHead(502).end())
    })
    for (const client of [
      clientWith({ endpoint, retry: oneAttempt }),
      clientWith({ endpoint, retry: oneAttempt }),
    ]) {
      for (const id of ['a', 'b', 'c'])
        await expect(client.getRow('t', { id })).rejects.toMatchObject({ code: 'HTTP 502' })
    }
    expect(ports).toHaveLength(6)
    expect(new Set(ports).size).toBe(2)
  })

  it('the credentials and their token sign every request', async () => {
    const role = { id: 'STS.role', secret: 'role-secret', stsToken: 'token', expiresAt: Date.now() + 60_000 }
    const emulator = await startTablestore({ instanceName: 'precheck', accessKeys: [role] })
    const credentials = { accessKeyId: role.id, accessKeySecret: role.secret, securityToken: role.stsToken }
    const ask = (given: Credentials) =>
      clientWith({ endpoint: emulator.endpoint, credentials: () => given, retry: oneAttempt }).getRow('t', {
        id: 'a',
      })
    await expect(ask(credentials)).rejects.toMatchObject({ code: 'OTSObjectNotExist' })
    await expect(ask({ ...credentials, securityToken: 'other' })).rejects.toMatchObject({
      code: 'OTSAuthFailed',
    })
    await emulator.close()
  })
})
