import FunctionCompute from '@alicloud/fc2'
import MNS from '@alicloud/mns'
import { Socket } from 'node:net'
import TableStore, { type PutRowRequest } from 'tablestore'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { foundRow, messageSent, noRow, page, row } from '../../doubles/answers.ts'
import { doneThenLost, otsError } from '../../doubles/faults.ts'
import type { ClientDouble } from '../../doubles/client-double.ts'
import { mockClient } from '../../doubles/mock-client.ts'

const newTablestore = () =>
  new TableStore.Client({
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    endpoint: 'http://127.0.0.1:9',
    instancename: 'precheck',
    maxRetries: 0,
  })

const newMns = () =>
  new MNS('1', { accessKeyId: 'id', accessKeySecret: 'secret', endpoint: 'http://127.0.0.1:9' })

const getRequest = (id: string) => ({ tableName: 'prechecks', primaryKey: [{ id }] })

const putRequest = (id: string): PutRowRequest => ({
  tableName: 'prechecks',
  condition: new TableStore.Condition(TableStore.RowExistenceExpectation.EXPECT_NOT_EXIST),
  primaryKey: [{ id }],
  attributeColumns: [{ state: 'running' }],
})

describe('a double of a class', () => {
  let ots: ClientDouble<InstanceType<typeof TableStore.Client>>
  const client = newTablestore()

  beforeEach(() => {
    ots = mockClient(TableStore.Client)
  })
  afterEach(() => {
    ots.restore()
    vi.restoreAllMocks()
  })

  it('answers for instances made before and after it', async () => {
    const found = foundRow(row({ id: 'a' }, { state: 'running' }))
    ots.on('getRow').resolves(found)
    expect(await client.getRow(getRequest('a'))).toBe(found)
    expect(await newTablestore().getRow(getRequest('a'))).toBe(found)
  })

  it('gives the answers for one call in order, then the default', async () => {
    ots
      .on('getRange')
      .resolvesOnce(page([row({ id: '1' })], { id: '2' }))
      .resolvesOnce(page([row({ id: '2' })]))
      .resolves(page([]))
    const range = {
      tableName: 'prechecks',
      direction: TableStore.Direction.FORWARD,
      inclusiveStartPrimaryKey: [{ id: TableStore.INF_MIN }],
      exclusiveEndPrimaryKey: [{ id: TableStore.INF_MAX }],
    }
    const lengths = []
    for (let count = 0; count < 4; count += 1) lengths.push((await client.getRange(range)).rows.length)
    expect(lengths).toEqual([1, 1, 0, 0])
  })

  it('lets the last `on` that fits answer', async () => {
    ots.on('getRow').resolves(noRow())
    ots.on('getRow', { primaryKey: [{ id: 'a' }] }).rejects('OTSServerBusy')
    await expect(client.getRow(getRequest('a'))).rejects.toMatchObject({ code: 503 })
    expect(await client.getRow(getRequest('b'))).toEqual(noRow())
    ots.on('getRow').rejects('OTSTimeout')
    await expect(client.getRow(getRequest('a'))).rejects.toThrow(/OTSTimeout/)
  })

  it('falls back to the `on` before when the last one has given all its answers', async () => {
    ots.on('putRow').resolves(noRow())
    ots.on('putRow').rejectsOnce('OTSServerBusy').rejectsOnce('ECONNRESET')
    await expect(client.putRow(putRequest('a'))).rejects.toThrow(/OTSServerBusy/)
    await expect(client.putRow(putRequest('a'))).rejects.toMatchObject({ code: 'NetworkingError' })
    expect(await client.putRow(putRequest('a'))).toEqual(noRow())
  })

  it('rejects with the very error it was given', async () => {
    const fault = otsError('OTSQuotaExhausted', 'Number of tables exceeded the quota.')
    ots.on('createTable').rejects(fault)
    const creation = client.createTable({
      tableMeta: { tableName: 't', primaryKey: [{ name: 'id', type: 'STRING' }] },
      reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
      tableOptions: { timeToLive: -1, maxVersions: 1 },
    })
    await expect(creation).rejects.toBe(fault)
  })

  it('refuses a code that no service has', async () => {
    // @ts-expect-error a mistyped code
    ots.on('getRow').rejects('OTSServerBuzy')
    await expect(client.getRow(getRequest('a'))).rejects.toThrow(/has the code OTSServerBuzy/)
  })

  it('runs fakes with the arguments and the client', async () => {
    const seen: unknown[] = []
    ots.on('putRow').callsFakeOnce(function fake(request) {
      seen.push(this, request)
      return noRow()
    })
    const request = putRequest('a')
    await client.putRow(request)
    expect(seen).toEqual([client, request])
    expect(seen[0]).toBe(client)
  })

  it('tells of a lost answer after the effect took place', async () => {
    const written: PutRowRequest[] = []
    ots.on('putRow').callsFakeOnce(doneThenLost((request) => written.push(request)))
    ots.on('putRow').resolves(noRow())
    ots.on('putRow').callsFakeOnce(doneThenLost((request) => written.push(request)))
    await expect(client.putRow(putRequest('a'))).rejects.toMatchObject({ code: 'NetworkingError' })
    expect(written).toHaveLength(1)
    expect(await client.putRow(putRequest('a'))).toEqual(noRow())
    expect(written).toHaveLength(1)
  })

  it('answers for any method', async () => {
    ots.onAnyMethod().rejects('OTSServerUnavailable')
    ots.on('getRow').resolves(noRow())
    expect(await client.getRow(getRequest('a'))).toEqual(noRow())
    await expect(client.listTable()).rejects.toThrow(/OTSServerUnavailable/)
  })

  it('names the method, the arguments and what was near when nothing fits, and opens no connection', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect')
    ots.on('getRow', { tableName: 'prechecks', primaryKey: [{ id: 'b' }] }).resolves(noRow())
    ots.on('getRow').rejectsOnce('OTSServerBusy')
    await expect(client.getRow(getRequest('a'))).rejects.toThrow(/OTSServerBusy/)

    const failure = await client.getRow(getRequest('a')).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'UnmatchedCallError' })
    expect(String(failure)).toContain(
      "no answer to getRow({ tableName: 'prechecks', primaryKey: [ { id: 'a' } ] })",
    )
    expect(String(failure)).toContain(".on('getRow').resolves(…)")
    expect(String(failure)).toContain("[0].primaryKey[0].id is 'a', not 'b'")
    expect(String(failure)).toContain("on('getRow'): every answer was given, and there is no default")
    expect(connect).not.toHaveBeenCalled()
  })

  it('lets no method through, those without a declaration neither', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect')
    const undeclared = client as unknown as { search(request: object): Promise<unknown> }
    await expect(undeclared.search({})).rejects.toThrow(/no answer to search\(\{\}\)/)
    expect(connect).not.toHaveBeenCalled()
  })

  it('remembers the calls in order, with their arguments and their client', async () => {
    ots.onAnyMethod().resolves(noRow())
    await client.getRow(getRequest('a'))
    await client.putRow(putRequest('b'))
    await client.getRow(getRequest('c'))
    expect(ots.calls().map(({ method }) => method)).toEqual(['getRow', 'putRow', 'getRow'])
    expect(ots.calls('getRow').map(({ args }) => args[0].primaryKey)).toEqual([[{ id: 'a' }], [{ id: 'c' }]])
    expect(ots.call(1)).toMatchObject({ method: 'putRow', matched: true })
    expect(ots.call(0).client).toBe(client)
    expect(ots.call(-1).args).toEqual([getRequest('c')])
    expect(() => ots.call(3)).toThrow('There is no call 3: the Tablestore client received 3')
  })

  it('forgets behaviours and calls, or the calls alone', async () => {
    ots.on('getRow').resolves(noRow())
    await client.getRow(getRequest('a'))
    ots.resetHistory()
    expect(ots.calls()).toEqual([])
    expect(await client.getRow(getRequest('a'))).toEqual(noRow())
    ots.reset()
    expect(ots.calls()).toEqual([])
    await expect(client.getRow(getRequest('a'))).rejects.toThrow(/no answer/)
  })

  it('gives the class its own methods back, every property as it was', () => {
    ots.restore()
    const before = Object.getOwnPropertyDescriptors(TableStore.Client.prototype)
    const again = mockClient(TableStore.Client)
    expect(Object.getOwnPropertyDescriptors(TableStore.Client.prototype)).not.toEqual(before)
    again.restore()
    expect(Object.getOwnPropertyDescriptors(TableStore.Client.prototype)).toEqual(before)
  })

  it('refuses a second double until the first is restored, and a late restore harms nobody', async () => {
    expect(() => mockClient(TableStore.Client)).toThrow(/has a double already: restore\(\)/)
    ots.restore()
    const second = mockClient(TableStore.Client)
    ots.restore()
    second.on('getRow').resolves(noRow())
    expect(await client.getRow(getRequest('a'))).toEqual(noRow())
    second.restore()
  })

  it('refuses a method that the class does not have', () => {
    // @ts-expect-error a mistyped method
    expect(() => ots.on('getRwo')).toThrow('The Tablestore client has no method getRwo')
  })
})

describe('a double of one instance', () => {
  it('leaves the other instances alone, and the instance as it was', async () => {
    const [doubled, other] = [newMns(), newMns()]
    const own = Object.getOwnPropertyNames(doubled)
    const mns = mockClient(doubled)
    mns.on('sendMessage').resolves(messageSent())
    expect(await doubled.sendMessage('checks', { MessageBody: 'e30=' })).toEqual(messageSent())
    await expect(other.sendMessage('checks', { MessageBody: 'e30=' })).rejects.toThrow(/ECONNREFUSED/)
    expect(mns.calls()).toHaveLength(1)
    mns.restore()
    expect(Object.getOwnPropertyNames(doubled)).toEqual(own)
    await expect(doubled.deleteQueue('checks')).rejects.toThrow(/ECONNREFUSED/)
  })

  it('can run the real method of Tablestore, which uses many others', async () => {
    const client = newTablestore()
    const ots = mockClient(client)
    ots.onAnyMethod().callsThroughOnce()
    await expect(client.putRow(putRequest('a'))).rejects.toMatchObject({ syscall: 'connect' })
    await expect(client.putRow(putRequest('a'))).rejects.toThrow(/no answer to putRow/)
    expect(ots.calls().map(({ method }) => method)).toEqual(['putRow', 'putRow'])
  })

  it('can run the real method, and what that calls is real too', async () => {
    const client = newMns()
    const mns = mockClient(client)
    mns.on('deleteQueue').callsThrough()
    mns.on('getQueueAttributes').callsFake(mns.real('getQueueAttributes'))
    await expect(client.deleteQueue('checks')).rejects.toThrow(/ECONNREFUSED/)
    await expect(client.getQueueAttributes('checks')).rejects.toThrow(/ECONNREFUSED/)
    expect(mns.calls().map(({ method }) => method)).toEqual(['deleteQueue', 'getQueueAttributes'])
  })
})

it('a double of a class that overrides a method runs the nearest one', async () => {
  class Origin {
    greet(name: string): Promise<string> {
      return Promise.resolve(`Hello ${name}`)
    }
    wave(): Promise<string> {
      return this.greet('all')
    }
  }
  class Heir extends Origin {
    override greet(name: string): Promise<string> {
      return Promise.resolve(`Good day ${name}`)
    }
  }
  const heir = mockClient(Heir)
  heir.onAnyMethod().callsThrough()
  expect(await new Heir().greet('you')).toBe('Good day you')
  expect(await new Heir().wave()).toBe('Good day all')
  expect(heir).toHaveReceivedTimes('greet', 1)
  expect(await new Origin().wave()).toBe('Hello all')
  heir.restore()
  expect(Object.getOwnPropertyNames(Heir.prototype)).toEqual(['constructor', 'greet'])
})

describe('patterns', () => {
  let mns: ClientDouble<MNS>

  beforeEach(() => {
    mns = mockClient(MNS)
  })
  afterEach(() => mns.restore())

  it('stand for the arguments in their order, those left out for any', async () => {
    mns.on('sendMessage').rejects('QueueNotExist')
    mns.on('sendMessage', 'checks', { DelaySeconds: 5 }).resolves(messageSent())
    const client = newMns()
    expect(await client.sendMessage('checks', { MessageBody: 'e30=', DelaySeconds: 5 })).toEqual(
      messageSent(),
    )
    await expect(client.sendMessage('checks', { MessageBody: 'e30=' })).rejects.toThrow(/not exist/)
    const elsewhere = client.sendMessage('results', { MessageBody: 'e30=', DelaySeconds: 5 })
    await expect(elsewhere).rejects.toThrow(/not exist/)
  })

  it('may hold matchers of vitest', async () => {
    mns
      .on('sendMessage', expect.stringMatching(/^che/) as string, { MessageBody: expect.any(String) })
      .resolves(messageSent())
    expect(await newMns().sendMessage('checks', { MessageBody: 'e30=' })).toEqual(messageSent())
    await expect(newMns().sendMessage('results', { MessageBody: 'e30=' })).rejects.toThrow(/StringMatching/)
  })
})

describe('types', () => {
  it('follow the class: methods, arguments, answers and codes', async () => {
    const fc = mockClient(FunctionCompute)
    fc.on('post', '/functions/run-check/invocations').rejects('ResourceExhausted')
    const client = new FunctionCompute('1', {
      accessKeyID: 'id',
      accessKeySecret: 's',
      region: 'cn-hangzhou',
    })
    await expect(client.post('/functions/run-check/invocations')).rejects.toMatchObject({
      code: 'ResourceExhausted',
    })
    // @ts-expect-error no method, though the client has a member of this name
    expect(() => fc.on('version')).toThrow(/no method version/)
    // @ts-expect-error the first argument is a text
    fc.on('post', { path: '/' })
    // @ts-expect-error an answer has headers and data
    fc.on('post').resolves({ statusCode: 200 })
    // @ts-expect-error a code of another service
    fc.on('post').rejects('OTSServerBusy')
    // @ts-expect-error a mistyped method
    expect(fc.calls('psot')).toEqual([])
    fc.restore()
  })
})
