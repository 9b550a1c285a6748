import TableStore from 'tablestore'
import { afterEach, describe, expect, it } from 'vitest'
import {
  doneThenLost,
  fcError,
  fcExpiredToken,
  fcUnreadError,
  mnsError,
  mnsExpiredToken,
  networkError,
  otsClientTimeout,
  otsError,
  otsExpiredToken,
  otsHttpError,
  otsNetworkError,
  otsText,
  requestTimeout,
} from '../../doubles/faults.ts'
import { mockClient } from '../../doubles/mock-client.ts'
import {
  encodeMessage,
  functionComputeAt,
  json,
  mnsAt,
  serve,
  stopServers,
  tablestoreAt,
  xml,
} from './sdk-loopback.ts'

afterEach(stopServers)

const requestId = '00000000-0000-0000-0000-000000000001'

/** What a reader of an error can see of it: each own property, and whether it is enumerable. Times and traces differ by nature. */
const seen = (error: unknown): Readonly<Record<string, unknown>> => {
  const { name } = error as Error
  const own = Object.entries(Object.getOwnPropertyDescriptors(error as Error))
    .filter(([property]) => property !== 'stack' && property !== 'name')
    .map(
      ([property, { enumerable, value }]) =>
        [
          property,
          { enumerable, value: property === 'time' ? value instanceof Date : (value as unknown) },
        ] as const,
    )
  return { name, ...Object.fromEntries(own) }
}

const thrown = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('It resolved')
    },
    (error: Error) => error,
  )

/** The real error with the address of the doubles in the place of the server's. */
const readdressed = (error: Error, address: string, doubled: string): Error => {
  error.message = error.message.replace(address, doubled)
  return error
}

describe('Tablestore', () => {
  const longText = 'The text of this refusal is so long that its length takes two bytes. '.repeat(3)

  it.each([otsText('OTSServerBusy'), longText])(
    'puts the bytes of a refusal into the message',
    async (text) => {
      const endpoint = await serve((_, response) => {
        response.writeHead(503, { 'x-ots-requestid': requestId })
        response.end(encodeMessage('Error', { code: 'OTSServerBusy', message: text }))
      })
      const request = { tableName: 't', primaryKey: [{ id: 'a' }] }
      const { headers, ...real } = seen(await thrown(tablestoreAt(endpoint).getRow(request)))
      const { headers: doubledHeaders, ...doubled } = seen(otsError('OTSServerBusy', text))
      expect(doubled).toEqual(real)
      expect(headers).toMatchObject(doubledHeaders as object)
    },
  )

  it('has the status alone when a proxy answers without a body', async () => {
    const endpoint = await serve((_, response) => response.writeHead(502).end())
    const { headers: _, ...real } = seen(await thrown(tablestoreAt(endpoint).listTable()))
    const { headers: __, ...doubled } = seen(otsHttpError(502))
    expect(doubled).toEqual(real)
  })

  it('hides the code of a server that hung up', async () => {
    const endpoint = await serve((request) => request.socket.destroy())
    const { hostname: _, ...real } = seen(await thrown(tablestoreAt(endpoint).listTable()))
    const { hostname: __, ...doubled } = seen(otsNetworkError('ECONNRESET'))
    expect(doubled).toEqual(real)
  })

  it('hides the code of a server that cannot be reached', async () => {
    const endpoint = await serve(() => {})
    await stopServers()
    const error = await thrown(tablestoreAt(endpoint).listTable())
    const {
      address: _,
      port: __,
      hostname: ___,
      ...real
    } = seen(readdressed(error, endpoint.replace('http://', ''), '127.0.0.1:1'))
    const { hostname: ____, ...doubled } = seen(otsNetworkError('ECONNREFUSED'))
    expect(doubled).toEqual(real)
  })

  it('gives up waiting under another name', async () => {
    const endpoint = await serve(() => {})
    const { hostname: _, ...real } = seen(await thrown(tablestoreAt(endpoint, 50).listTable()))
    const { hostname: __, ...doubled } = seen(otsClientTimeout(50))
    expect(doubled).toEqual(real)
  })
})

describe('MNS', () => {
  const send = (endpoint: string, readTimeout?: number) =>
    thrown(mnsAt(endpoint, readTimeout).sendMessage('q', { MessageBody: 'e30=' }))

  it('puts the code of a refusal into the name', async () => {
    const endpoint = await serve(
      xml(
        404,
        'Error',
        `<Code>QueueNotExist</Code><Message>The queue name you provided is not exist.</Message>` +
          `<RequestId>${requestId}</RequestId><HostId>http://service.invalid</HostId>`,
      ),
    )
    const real = readdressed(await send(endpoint), endpoint, 'http://service.invalid')
    expect(seen(mnsError('QueueNotExist'))).toEqual(seen(real))
  })

  it('passes on that a server hung up', async () => {
    const endpoint = await serve((request) => request.socket.destroy())
    const real = readdressed(await send(endpoint), `${endpoint}/queues/q/messages`, 'http://service.invalid/')
    expect(seen(networkError('ECONNRESET'))).toEqual(seen(real))
  })

  it('gives up waiting without a code', async () => {
    const endpoint = await serve(() => {})
    const error = await send(endpoint, 50)
    const real = readdressed(error, `${endpoint}/queues/q/messages`, 'http://service.invalid/')
    expect(seen(requestTimeout(50))).toEqual(seen(real))
  })
})

describe('Function Compute', () => {
  const headers = { 'x-fc-request-id': requestId }

  it('puts the code of a refusal into name and code', async () => {
    const text = "function 'f' does not exist in service 's'"
    const endpoint = await serve(json(404, { ErrorCode: 'FunctionNotFound', ErrorMessage: text }, headers))
    const real = await thrown(functionComputeAt(endpoint).invokeFunction('s', 'f', '{}'))
    expect(seen(fcError('FunctionNotFound', text))).toEqual(seen(real))
  })

  it('loses the code and the text of the newer API', async () => {
    const endpoint = await serve(json(429, { Code: 'ResourceExhausted', Message: 'Too many.' }, headers))
    const real = await thrown(functionComputeAt(endpoint).invokeFunction('s', 'f', '{}'))
    expect(seen(fcUnreadError(429))).toEqual(seen(real))
  })
})

it('an expired token is a refused credential to every service', () => {
  expect(otsExpiredToken()).toMatchObject({ code: 403 })
  expect(otsExpiredToken().message).toContain('OTSAuthFailed')
  expect(mnsExpiredToken()).toMatchObject({ name: 'MNSInvalidAccessKeyIdError' })
  expect(fcExpiredToken()).toMatchObject({ code: 'InvalidAccessKeyID' })
})

describe('a lost answer', () => {
  it('comes after the real write, as an error of the connection', async () => {
    let received = 0
    const endpoint = await serve((request, response) => {
      received += 1
      xml(201, 'Message', '<MessageId>1</MessageId><MessageBodyMD5>x</MessageBodyMD5>')(request, response)
    })
    const client = mnsAt(endpoint)
    const mns = mockClient(client)
    mns.on('sendMessage').callsThrough()
    mns.on('sendMessage').callsFakeOnce(doneThenLost(mns.real('sendMessage')))

    await expect(client.sendMessage('q', { MessageBody: 'e30=' })).rejects.toMatchObject({
      code: 'ECONNRESET',
    })
    expect(received).toBe(1)
    expect(await client.sendMessage('q', { MessageBody: 'e30=' })).toMatchObject({ code: 201 })
    expect(received).toBe(2)
  })

  it('is no lost answer if the effect itself failed', async () => {
    const ots = mockClient(TableStore.Client)
    ots.on('listTable').callsFake(
      doneThenLost(() => {
        throw otsError('OTSAuthFailed')
      }),
    )
    await expect(tablestoreAt('http://127.0.0.1:9').listTable()).rejects.toThrow(/OTSAuthFailed/)
    ots.restore()
  })
})
