import { createHash, createHmac } from 'node:crypto'
import TableStore from 'tablestore'
import { beforeEach, describe, expect, it } from 'vitest'
import { messages } from '../../emulators/tablestore/messages.ts'
import { startTablestore } from '../../emulators/tablestore/server.ts'
import {
  accessKeys,
  running,
  connect,
  create,
  denied,
  expectExist,
  expectNone,
  get,
  ignore,
  put,
  refusal,
  untypedSdk,
  update,
  useTablestore,
} from '../../support/tablestore.ts'

useTablestore()

const units = async (call: Promise<{ consumed: { capacityUnit: object } }>): Promise<object> => ({
  ...(await call).consumed.capacityUnit,
})

describe('capacity units', () => {
  // 'id' and its value are 3 bytes, 'x' is one.
  const bytes = (size: number) => [{ x: Buffer.alloc(size - 4) }]
  beforeEach(() => create())

  it('are 4 KB each, rounded up', async () => {
    expect(await units(put('a', bytes(4096)))).toEqual({ read: 0, write: 1 })
    expect(await units(put('a', bytes(4097)))).toEqual({ read: 0, write: 2 })
    expect(await units(get('a'))).toEqual({ read: 2, write: 0 })
    expect(await units(get('a', { columnsToGet: ['y'] }))).toEqual({ read: 1, write: 0 })
    expect(await units(get('none'))).toEqual({ read: 1, write: 0 })
    expect(await units(update('a', [{ DELETE_ALL: ['x'] }]))).toEqual({ read: 0, write: 1 })
  })

  it('are read by a write that expects something of its row', async () => {
    expect(await units(put('a', bytes(4097), { condition: expectNone }))).toEqual({ read: 1, write: 2 })
    expect(await units(put('a', [], { condition: expectExist }))).toEqual({ read: 1, write: 1 })
    const column = new TableStore.SingleColumnCondition('x', '', TableStore.ComparatorType.EQUAL, true, true)
    const condition = new TableStore.Condition(TableStore.RowExistenceExpectation.IGNORE, column)
    expect(await units(put('new', [], { condition }))).toEqual({ read: 1, write: 1 })
  })

  it('count 8 bytes for a version where versions or a time to live are kept', async () => {
    await create({ name: 'u', options: { timeToLive: 86_400 } })
    expect(await units(put('a', bytes(4088), { tableName: 'u' }))).toEqual({ read: 0, write: 1 })
    expect(await units(put('a', bytes(4089), { tableName: 'u' }))).toEqual({ read: 0, write: 2 })
  })

  it('are counted for a whole page of a range, and for each row of a batch', async () => {
    for (const id of ['a', 'b', 'c']) await put(id, bytes(1400))
    running.emulator.resetUsage()
    await running.client.getRange({
      tableName: 't',
      direction: 'FORWARD',
      inclusiveStartPrimaryKey: [{ id: TableStore.INF_MIN }],
      exclusiveEndPrimaryKey: [{ id: TableStore.INF_MAX }],
    })
    await running.client.batchGetRow({
      tables: [{ tableName: 't', primaryKey: [[{ id: 'a' }], [{ id: 'b' }]] }],
    })
    expect(running.emulator.usage().operations).toEqual({
      GetRange: { requests: 1, read: 2, write: 0 },
      BatchGetRow: { requests: 1, read: 2, write: 0 },
    })
  })

  it('are consumed by refused requests, and counted until they are reset', async () => {
    running.emulator.resetUsage()
    await refusal(put('a', [], { condition: expectExist }))
    await refusal(put('a', [], { tableName: 'none' }))
    await put('a')
    expect(running.emulator.usage()).toEqual({
      requests: 3,
      read: 1,
      write: 3,
      operations: { PutRow: { requests: 3, read: 1, write: 3 } },
    })
    running.emulator.resetUsage()
    expect(running.emulator.usage()).toEqual({ requests: 0, read: 0, write: 0, operations: {} })
  })
})

describe('access', () => {
  it('is refused with a wrong key, secret or instance', async () => {
    const attempts = [
      [connect({ id: 'nobody', secret: 'x' }), 'The AccessKeyID does not exist.'],
      [connect({ ...accessKeys.owner, secret: 'wrong' }), 'Signature mismatch.'],
      [connect(accessKeys.owner, 'other'), 'The instance is not found.'],
    ] as const
    for (const [stranger, text] of attempts)
      expect(await refusal(stranger.listTable({}))).toMatchObject(denied(text))
    expect(running.emulator.usage().requests).toBe(0)
  })

  it('is given by temporary keys with their token, until they expire', async () => {
    await connect(accessKeys.role).listTable({})
    const { id, secret } = accessKeys.role
    expect(await refusal(connect({ id, secret }).listTable({}))).toMatchObject(denied('AccessKeyID'))
    expect(await refusal(connect({ id, secret, stsToken: 'token-2' }).listTable({}))).toMatchObject(
      denied('AccessKeyID'),
    )
    expect(await refusal(connect({ ...accessKeys.owner, stsToken: 'token-1' }).listTable({}))).toMatchObject(
      denied('AccessKeyID'),
    )
    running.now += 3_600_000
    expect(await refusal(connect(accessKeys.role).listTable({}))).toMatchObject(denied('expired'))
  })

  it('is limited to what a principal may do', async () => {
    await create()
    const reader = connect(accessKeys.reader)
    await reader.getRow({ tableName: 't', primaryKey: [{ id: 'a' }] })
    expect(
      await refusal(
        reader.putRow({
          tableName: 't',
          condition: ignore,
          primaryKey: [{ id: 'a' }],
          attributeColumns: [],
        }),
      ),
    ).toMatchObject({ status: 403, code: 'OTSNoPermissionAccess' })
    expect(running.emulator.tables()).toEqual({ t: [] })
  })

  it('is asked for by principal, operation and every table', async () => {
    const asked: unknown[] = []
    const guarded = await startTablestore({
      instanceName: 'precheck',
      accessKeys: [accessKeys.owner, { id: 'nameless', secret: 'secret' }],
      authorize: (...question) => {
        asked.push(question)
        return question[2] !== 'u'
      },
    })
    const connectTo = (id: string, secret: string) =>
      new TableStore.Client({
        accessKeyId: id,
        secretAccessKey: secret,
        endpoint: guarded.endpoint,
        instancename: 'precheck',
        maxRetries: 0,
      })
    await connectTo('nameless', 'secret').listTable()
    const tables = ['t', 'u'].map((tableName) => ({ tableName, primaryKey: [[{ id: 'a' }]] }))
    const batch = connectTo(accessKeys.owner.id, accessKeys.owner.secret).batchGetRow({ tables })
    expect(await refusal(batch)).toMatchObject({ status: 403, code: 'OTSNoPermissionAccess' })
    expect(asked).toEqual([
      ['nameless', 'ListTable', undefined],
      ['owner', 'BatchGetRow', 't'],
      ['owner', 'BatchGetRow', 'u'],
    ])
    await guarded.close()
  })
})

describe('the wire', () => {
  const md5 = (body: Uint8Array | string) => createHash('md5').update(body).digest('base64')
  const hmac = (text: string) => createHmac('sha1', accessKeys.owner.secret).update(text).digest('base64')

  /** Signs by hand, as the HTTP API describes it. */
  const post = (path: string, body: Uint8Array, changed: Record<string, string | undefined> = {}) => {
    const given = {
      'x-ots-accesskeyid': accessKeys.owner.id,
      'x-ots-apiversion': '2015-12-31',
      'x-ots-contentmd5': md5(body),
      'x-ots-date': new Date().toISOString(),
      'x-ots-instancename': 'precheck',
      ...changed,
    }
    const headers = Object.entries(given).filter((header): header is [string, string] => Boolean(header[1]))
    const canonical = headers.map(([name, value]) => `${name}:${value}\n`).join('')
    return fetch(`${running.emulator.endpoint}${path}`, {
      method: 'POST',
      headers: { ...Object.fromEntries(headers), 'x-ots-signature': hmac(`${path}\nPOST\n\n${canonical}`) },
      body: Buffer.from(body),
    })
  }
  const refused = async (answer: Promise<Response>) => {
    const response = await answer
    const { code, message } = messages.Error.decode(new Uint8Array(await response.arrayBuffer()))
    return { status: response.status, code, message }
  }
  const empty = new Uint8Array()

  it('answers with a digest and a signature of its own', async () => {
    const response = await post('/ListTable', empty)
    const body = new Uint8Array(await response.arrayBuffer())
    const signed = ['x-ots-contentmd5', 'x-ots-contenttype', 'x-ots-date', 'x-ots-requestid']
      .map((name) => `${name}:${response.headers.get(name)}\n`)
      .join('')
    expect(response.status).toBe(200)
    expect(response.headers.get('x-ots-contentmd5')).toBe(md5(body))
    expect(response.headers.get('authorization')).toBe(`OTS owner-key:${hmac(`${signed}/ListTable`)}`)
  })

  it('refuses what is not as the HTTP API asks', async () => {
    const old = new Date(Date.now() - 16 * 60_000).toISOString()
    const cases = [
      [post('/ListTable', empty, { 'x-ots-date': undefined }), 400, "Missing header: 'x-ots-date'."],
      [post('/ListTable', empty, { 'x-ots-date': 'today' }), 400, 'Invalid date format: today.'],
      [
        post('/ListTable', empty, { 'x-ots-date': old }),
        403,
        `Mismatch between system time and x-ots-date: ${old}.`,
      ],
      [
        post('/ListTable', empty, { 'x-ots-contentmd5': md5('x') }),
        403,
        'Mismatch between MD5 value of request body and x-ots-contentmd5 in header.',
      ],
      [
        post('/StartLocalTransaction', empty),
        400,
        'Try to call method using explicit transaction on explicit-transaction-disabled table.',
      ],
      [post('/CreateIndex', empty), 400, "Unsupported operation: 'CreateIndex'."],
      [post('/Search', empty), 400, "Unsupported operation: 'Search'."],
      [post('/NoSuchThing', empty), 400, "Unsupported operation: 'NoSuchThing'."],
      [post('/toString', empty), 400, "Unsupported operation: 'toString'."],
      [post('/PutRow', new Uint8Array([255])), 400, 'Parse PBMessage from RawString failed.'],
      [fetch(`${running.emulator.endpoint}/ListTable`), 405, 'Only POST method for requests is supported.'],
    ] as const
    for (const [answer, status, message] of cases)
      expect(await refused(answer)).toMatchObject({ status, message })
  })

  it('refuses a row whose sums or shape are broken', async () => {
    await create()
    const whole = untypedSdk.PlainBufferBuilder.serializeForPutRow([{ id: 'a' }], [{ x: 'y' }])
    const attempt = (row: Uint8Array) =>
      post(
        '/PutRow',
        messages.PutRowRequest.encode({ tableName: 't', row, condition: { rowExistence: 0 } }).finish(),
      )
    expect((await attempt(whole)).status).toBe(200)
    for (const [index] of whole.entries()) {
      const broken = Buffer.from(whole)
      broken[index] = (broken[index] ?? 0) ^ 0x20
      expect((await attempt(broken)).status).toBe(400)
      expect((await attempt(whole.subarray(0, index))).status).toBe(400)
    }
    expect((await attempt(Buffer.concat([whole, Buffer.from([1])]))).status).toBe(400)
  })
})

describe('faults', () => {
  const busy = { status: 503, code: 'OTSServerBusy', message: 'Server is busy.' }
  const stored = () => running.emulator.tables()['t']
  beforeEach(() => create())

  it('refuse a request before it is done, without a charge, until they are taken away', async () => {
    running.emulator.resetUsage()
    const remove = running.emulator.onRequest(({ operation }) =>
      operation === 'PutRow' ? { outcome: busy } : undefined,
    )
    expect(await refusal(put('a'))).toMatchObject({ status: 503, code: 'OTSServerBusy' })
    expect(stored()).toEqual([])
    remove()
    await put('a')
    expect(stored()).toEqual([{ id: 'a' }])
    expect(running.emulator.usage()).toMatchObject({ requests: 2, write: 1 })
  })

  it('strike a chosen request', async () => {
    const seen: unknown[] = []
    running.emulator.onRequest((request) => {
      seen.push(request)
      return request.count === 2 ? { outcome: busy } : undefined
    })
    await put('a')
    expect(await refusal(put('b'))).toMatchObject({ status: 503 })
    await put('c')
    expect(stored()).toEqual([{ id: 'a' }, { id: 'c' }])
    expect(seen[2]).toEqual({ operation: 'PutRow', tables: ['t'], principal: 'owner', count: 3 })
  })

  it.each([
    ['before', []],
    ['after', [{ id: 'a' }]],
  ] as const)('drop the connection %s the write is done', async (when, rows) => {
    running.emulator.onRequest(({ operation }) =>
      operation === 'PutRow' ? { when, outcome: 'drop' } : undefined,
    )
    await expect(put('a')).rejects.toMatchObject({ code: 'NetworkingError' })
    expect(stored()).toEqual(rows)
  })

  it('answer an error although the write is done', async () => {
    running.emulator.onRequest(() => ({ when: 'after', outcome: { status: 503, code: 'OTSTimeout' } }))
    expect(await refusal(put('a'))).toMatchObject({ status: 503, code: 'OTSTimeout' })
    expect(stored()).toEqual([{ id: 'a' }])
  })

  it.each([
    ['before', []],
    ['after', [{ id: 'a' }]],
  ] as const)('hold a request %s it is done, until told', async (when, rows) => {
    let release: (value?: unknown) => void = () => undefined
    const until = new Promise((resolve) => {
      release = resolve
    })
    let seen = false
    running.emulator.onRequest(() => {
      seen = true
      return { when, until }
    })
    let answered = false
    const call = put('a').finally(() => {
      answered = true
    })
    await expect.poll(() => seen).toBe(true)
    await expect.poll(stored).toEqual(rows)
    expect(answered).toBe(false)
    release()
    await call
    expect(stored()).toEqual([{ id: 'a' }])
  })

  it('let rows of a batch fail by themselves', async () => {
    running.emulator.onRequest(() => ({ rows: (_, index) => (index === 1 ? busy : undefined) }))
    const rows = ['a', 'b', 'c'].map((id) => ({
      type: 'PUT',
      condition: ignore,
      primaryKey: [{ id }],
      attributeColumns: [],
    }))
    const written = await running.client.batchWriteRow({ tables: [{ tableName: 't', rows }] })
    expect(written.tables.map(({ errorCode }) => errorCode)).toEqual([null, 'OTSServerBusy', null])
    const keysOfRows = ['a', 'b', 'c'].map((id) => [{ id }])
    const read = await running.client.batchGetRow({ tables: [{ tableName: 't', primaryKey: keysOfRows }] })
    expect(read.tables[0]?.map(({ errorMessage }) => errorMessage)).toEqual([null, 'Server is busy.', null])
    expect(stored()).toEqual([{ id: 'a' }, { id: 'c' }])
  })
})
