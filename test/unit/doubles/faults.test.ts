import FunctionCompute from '@alicloud/fc2'
import MNS from '@alicloud/mns'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import TableStore from 'tablestore'
import { afterEach, describe, expect, it } from 'vitest'
import {
  batchDeletedBut,
  batchRead,
  batchSent,
  batchWritten,
  mnsAnswerWithoutXml,
} from '../../doubles/answers.ts'
import {
  fcError,
  fcUnreadError,
  mnsError,
  networkError,
  otsClientTimeout,
  otsError,
  otsErrorBody,
  otsHttpError,
  otsNetworkError,
  otsText,
  requestTimeout,
} from '../../doubles/faults.ts'

/** The faults are held against what the unmodified SDKs throw when a server answers so. */
let server: Server

const serve = async (answer: RequestListener): Promise<string> => {
  server = createServer((request, response) => {
    request.resume()
    request.on('end', () => answer(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const requestId = '00000000-0000-0000-0000-000000000001'

const tablestoreAt = (endpoint: string) =>
  new TableStore.Client({
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    endpoint,
    instancename: 'precheck',
    maxRetries: 0,
    httpOptions: { timeout: 50 },
  })

const mnsAt = (endpoint: string) =>
  new MNS('1', { accessKeyId: 'id', accessKeySecret: 'secret', endpoint, readTimeout: 50 })

const fcAt = (endpoint: string) =>
  new FunctionCompute('1', {
    accessKeyID: 'id',
    accessKeySecret: 's',
    region: 'cn-hangzhou',
    endpoint,
    timeout: 50,
  })

/** What a reader of an error can see of it; what differs from call to call is replaced. */
const seen = (error: unknown) => {
  const {
    stack: _,
    time,
    ...members
  } = Object.getOwnPropertyDescriptors(error as Error) as Record<string, PropertyDescriptor | undefined>
  const shown = Object.fromEntries(
    Object.entries(members).map(([name, descriptor]) => [name, [descriptor?.enumerable, descriptor?.value]]),
  )
  return { ...shown, name: (error as Error).name, hasTime: time !== undefined }
}

const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('It resolved')
    },
    (error: unknown) => error,
  )

const loopback = /127\.0\.0\.1(:\d+)?/g

describe('Tablestore', () => {
  const longText = 'The text of this refusal is so long that its length takes two bytes. '.repeat(3)

  it.each([otsText('OTSServerBusy'), longText])(
    'refuses with the bytes of its answer in the message',
    async (text) => {
      const endpoint = await serve((_, response) => {
        response.sendDate = false
        response.writeHead(503, { 'x-ots-requestid': requestId })
        response.end(otsErrorBody('OTSServerBusy', text))
      })
      const real = await thrown(tablestoreAt(endpoint).getRow({ tableName: 't', primaryKey: [{ id: 'a' }] }))
      const { headers, ...rest } = seen(real) as Record<string, unknown>
      const { headers: doubled, ...doubledRest } = seen(otsError('OTSServerBusy', text)) as Record<
        string,
        unknown
      >
      expect(doubledRest).toEqual(rest)
      expect(headers).toMatchObject([true, { 'x-ots-requestid': requestId }])
      expect(doubled).toEqual([true, { 'x-ots-requestid': requestId }])
    },
  )

  it('answers through a proxy without a body', async () => {
    const endpoint = await serve((_, response) => response.writeHead(502).end())
    const real = await thrown(tablestoreAt(endpoint).listTable())
    const { headers: _, ...rest } = seen(real) as Record<string, unknown>
    expect(seen(otsHttpError(502))).toMatchObject(rest)
  })

  it('hangs up', async () => {
    const endpoint = await serve((request) => request.socket.destroy())
    const real = seen(await thrown(tablestoreAt(endpoint).listTable()))
    expect({ ...seen(otsNetworkError('ECONNRESET')), hostname: [true, '127.0.0.1'] }).toEqual(real)
  })

  it('cannot be reached', async () => {
    const endpoint = await serve(() => {})
    await new Promise((resolve) => server.close(resolve))
    const real = seen(await thrown(tablestoreAt(endpoint).listTable())) as Record<string, unknown>
    const { address: _a, port: _p, message, ...rest } = real
    const { message: doubled, ...doubledRest } = seen(otsNetworkError('ECONNREFUSED')) as Record<
      string,
      unknown
    >
    expect({ ...doubledRest, hostname: [true, '127.0.0.1'] }).toEqual(rest)
    expect(JSON.stringify(doubled).replace(loopback, '')).toBe(JSON.stringify(message).replace(loopback, ''))
  })

  it('says nothing until the client gives up', async () => {
    const endpoint = await serve(() => {})
    const real = seen(await thrown(tablestoreAt(endpoint).listTable()))
    expect({ ...seen(otsClientTimeout(50)), hostname: [true, '127.0.0.1'] }).toEqual(real)
  })
})

const xml =
  (status: number, content: string): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/xml;charset=utf-8' })
    response.end(`<?xml version="1.0"?>${content}`)
  }

const mnsXmlns = 'xmlns="http://mns.aliyuncs.com/doc/v1/"'

describe('MNS', () => {
  it('refuses with its code in the name', async () => {
    const text = 'The queue name you provided is not exist.'
    const endpoint = await serve(
      xml(
        404,
        `<Error ${mnsXmlns}><Code>QueueNotExist</Code><Message>${text}</Message>` +
          `<RequestId>${requestId}</RequestId><HostId>http://service.invalid</HostId></Error>`,
      ),
    )
    const real = (await thrown(mnsAt(endpoint).sendMessage('q', { MessageBody: 'e30=' }))) as Error
    real.message = real.message.replace(endpoint, 'http://service.invalid')
    expect(seen(mnsError('QueueNotExist'))).toEqual(seen(real))
  })

  it('answers without XML, and the SDK resolves', async () => {
    const endpoint = await serve((_, response) => response.writeHead(503).end('Service Unavailable'))
    const real = await mnsAt(endpoint).sendMessage('q', { MessageBody: 'e30=' })
    expect(mnsAnswerWithoutXml(503)).toEqual(real)
  })

  it('takes a part of a batch, and the SDK resolves', async () => {
    const { body } = batchSent(['ok', 'InternalError'])
    const elements = body.map(
      (message) =>
        `<Message>${Object.entries(message)
          .map(([name, value]) => `<${name}>${value}</${name}>`)
          .join('')}</Message>`,
    )
    const endpoint = await serve(xml(500, `<Messages ${mnsXmlns}>${elements.join('')}</Messages>`))
    const real = await mnsAt(endpoint).batchSendMessage('q', [
      { MessageBody: 'e30=' },
      { MessageBody: 'e30=' },
    ])
    expect(batchSent(['ok', 'InternalError'])).toEqual(real)
  })

  it('deletes a part of a batch, and the SDK resolves', async () => {
    const refused = batchDeletedBut(['receipt-2'])
    const [handle] = refused.body
    const endpoint = await serve(
      xml(
        404,
        `<Errors ${mnsXmlns}><Error><ErrorCode>${handle?.ErrorCode}</ErrorCode>` +
          `<ErrorMessage>${handle?.ErrorMessage}</ErrorMessage><ReceiptHandle>receipt-2</ReceiptHandle></Error></Errors>`,
      ),
    )
    expect(refused).toEqual(await mnsAt(endpoint).batchDeleteMessage('q', ['receipt-1', 'receipt-2']))
  })

  it('hangs up', async () => {
    const endpoint = await serve((request) => request.socket.destroy())
    const real = (await thrown(mnsAt(endpoint).sendMessage('q', { MessageBody: 'e30=' }))) as Error
    real.message = real.message.replace(`${endpoint}/queues/q/messages`, 'http://service.invalid/')
    expect(seen(networkError('ECONNRESET'))).toEqual(seen(real))
  })

  it('says nothing until the client gives up', async () => {
    const endpoint = await serve(() => {})
    const real = (await thrown(mnsAt(endpoint).sendMessage('q', { MessageBody: 'e30=' }))) as Error
    real.message = real.message.replace(`${endpoint}/queues/q/messages`, 'http://service.invalid/')
    expect(seen(requestTimeout(50))).toEqual(seen(real))
  })
})

describe('Function Compute', () => {
  const json =
    (status: number, body: object): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-fc-request-id': requestId })
      response.end(JSON.stringify(body))
    }

  it('refuses with its code in the name and the code', async () => {
    const text = "function 'f' does not exist in service 's'"
    const endpoint = await serve(json(404, { ErrorCode: 'FunctionNotFound', ErrorMessage: text }))
    const real = await thrown(fcAt(endpoint).invokeFunction('s', 'f', '{}'))
    expect(seen(fcError('FunctionNotFound', text))).toEqual(seen(real))
  })

  it('of the newer API refuses, and the SDK loses the code and the text', async () => {
    const endpoint = await serve(json(429, { Code: 'ResourceExhausted', Message: 'Too many.' }))
    const real = await thrown(fcAt(endpoint).invokeFunction('s', 'f', '{}'))
    expect(seen(fcUnreadError(429))).toEqual(seen(real))
  })
})

interface Message {
  create(properties: object): object
  encode(message: object): { finish(): Buffer }
}

interface Protocol {
  readonly main: {
    readonly proto: Readonly<Record<'BatchGetRowResponse' | 'BatchWriteRowResponse', Message>>
  }
}

type Decoder = Readonly<
  Record<'decodeBatchGetRow' | 'decodeBatchWriteRow', (bytes: Buffer) => { readonly tables: unknown }>
>

/** The SDK's own messages and reader, which its declarations do not hold. */
const { BatchGetRowResponse, BatchWriteRowResponse } = (
  createRequire(import.meta.url)('tablestore/lib/protocol/tablestore_compiled_proto.js') as Protocol
).main.proto
const { decoder } = TableStore as unknown as { readonly decoder: Decoder }

describe('batches of Tablestore', () => {
  const text = otsText('OTSConditionCheckFail')
  const consumed = { capacityUnit: { read: 1, write: 1 } }
  const rows = [
    { isOk: true, consumed },
    { isOk: false, error: { code: 'OTSConditionCheckFail', message: text }, consumed },
  ]

  it.each([
    [
      'written',
      BatchWriteRowResponse,
      'decodeBatchWriteRow',
      batchWritten('t', ['ok', 'OTSConditionCheckFail']),
    ],
    ['read', BatchGetRowResponse, 'decodeBatchGetRow', batchRead('t', [null, 'OTSConditionCheckFail'])],
  ] as const)('%s in part look as the SDK reads them', (_, message, operation, doubled) => {
    const bytes = message.encode(message.create({ tables: [{ tableName: 't', rows }] })).finish()
    const real = decoder[operation](bytes)
    expect(JSON.parse(JSON.stringify(doubled.tables))).toEqual(JSON.parse(JSON.stringify(real.tables)))
  })
})
