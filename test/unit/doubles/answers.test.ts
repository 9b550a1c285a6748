import TableStore from 'tablestore'
import { afterEach, describe, expect, it } from 'vitest'
import {
  batchDeletedBut,
  batchRead,
  batchReceived,
  batchSent,
  batchWritten,
  deleted,
  foundRow,
  functionFailed,
  invoked,
  messageSent,
  mnsAnswerWithoutXml,
  noRow,
  page,
  receivedMessage,
  row,
} from '../../doubles/answers.ts'
import { otsText } from '../../doubles/faults.ts'
import { firstDifference } from '../../doubles/match.ts'
import { encodeMessage, functionComputeAt, json, mnsAt, serve, stopServers, xml } from './sdk-loopback.ts'

afterEach(stopServers)

describe('Tablestore answers are those that the SDK reads from the bytes of the service', () => {
  /** The parts of the SDK that its declarations do not hold: the writer of rows, the reader of answers. */
  const sdk = TableStore as unknown as {
    readonly decoder: Readonly<Record<string, (bytes: Buffer) => unknown>>
    readonly PlainBufferBuilder: {
      serializeForPutRow(key: readonly object[], columns: readonly object[]): Buffer
    }
  }

  const read = (message: Parameters<typeof encodeMessage>[0], properties: object): unknown =>
    sdk.decoder[`decode${message.replace('Response', '')}`]?.(encodeMessage(message, properties))

  const consumed = { capacityUnit: { read: 1, write: 1 } }
  const seven = TableStore.Long.fromNumber(7)
  const bytes = sdk.PlainBufferBuilder.serializeForPutRow(
    [{ id: 'a' }, { n: seven }],
    [{ state: 'running' }, { score: 1.5 }, { done: false }],
  )
  const doubled = row({ id: 'a', n: seven }, { state: 'running', score: 1.5, done: false })
  const refusal = { code: 'OTSConditionCheckFail', message: otsText('OTSConditionCheckFail') }

  it.each([
    ['a row', foundRow(doubled), read('GetRowResponse', { consumed, row: bytes })],
    ['no row', noRow(), read('GetRowResponse', { consumed, row: Buffer.alloc(0) })],
    [
      'a page with a next one',
      page([doubled], { id: 'a', n: seven }),
      read('GetRangeResponse', { consumed, rows: bytes, nextStartPrimaryKey: bytes }),
    ],
    ['the last page', page([]), read('GetRangeResponse', { consumed, rows: Buffer.alloc(0) })],
    [
      'a batch of writes, done in part',
      batchWritten('t', ['ok', 'OTSConditionCheckFail']),
      read('BatchWriteRowResponse', {
        tables: [
          {
            tableName: 't',
            rows: [
              { isOk: true, consumed },
              { isOk: false, consumed, error: refusal },
            ],
          },
        ],
      }),
    ],
    [
      'a batch of reads, done in part',
      batchRead('t', [doubled, null, 'OTSConditionCheckFail']),
      read('BatchGetRowResponse', {
        tables: [
          {
            tableName: 't',
            rows: [
              { isOk: true, consumed, row: bytes },
              { isOk: true, consumed, row: Buffer.alloc(0) },
              { isOk: false, consumed, error: refusal },
            ],
          },
        ],
      }),
    ],
  ])('%s', (_, doubledAnswer, realAnswer) => {
    expect(firstDifference(doubledAnswer, realAnswer)).toBeNull()
  })
})

describe('MNS answers are those that the SDK makes of XML', () => {
  const element = (name: string, members: object): string =>
    `<${name}>${Object.entries(members)
      .map(([member, value]) => `<${member}>${String(value)}</${member}>`)
      .join('')}</${name}>`

  it('one message sent', async () => {
    const content =
      '<MessageId>message-1</MessageId><MessageBodyMD5>D41D8CD98F00B204E9800998ECF8427E</MessageBodyMD5>'
    const endpoint = await serve(xml(201, 'Message', content))
    expect(messageSent()).toEqual(await mnsAt(endpoint).sendMessage('q', { MessageBody: 'e30=' }))
  })

  it.each([
    { status: 201, fates: ['ok', 'ok'] },
    { status: 500, fates: ['ok', 'InternalError'] },
  ] as const)('a batch sent: $fates', async ({ status, fates }) => {
    const answer = batchSent(fates)
    const content = answer.body.map((message) => element('Message', message)).join('')
    const endpoint = await serve(xml(status, 'Messages', content))
    const real = await mnsAt(endpoint).batchSendMessage('q', [
      { MessageBody: 'e30=' },
      { MessageBody: 'e30=' },
    ])
    expect(answer).toEqual(real)
  })

  it('a batch received', async () => {
    const message = receivedMessage('e30=', { DequeueCount: '2' })
    const endpoint = await serve(xml(200, 'Messages', element('Message', message)))
    expect(batchReceived([message])).toEqual(await mnsAt(endpoint).batchReceiveMessage('q', 16))
  })

  it('a message deleted', async () => {
    const endpoint = await serve((_, response) => response.writeHead(204).end())
    expect(deleted()).toEqual(await mnsAt(endpoint).deleteMessage('q', 'receipt-1'))
  })

  it('a batch deleted in part', async () => {
    const answer = batchDeletedBut(['receipt-2'])
    const endpoint = await serve(
      xml(404, 'Errors', answer.body.map((refused) => element('Error', refused)).join('')),
    )
    expect(answer).toEqual(await mnsAt(endpoint).batchDeleteMessage('q', ['receipt-1', 'receipt-2']))
  })

  it('an answer of a proxy, which is no XML and no error', async () => {
    const endpoint = await serve((_, response) => response.writeHead(503).end('Service Unavailable'))
    expect(mnsAnswerWithoutXml(503)).toEqual(await mnsAt(endpoint).sendMessage('q', { MessageBody: 'e30=' }))
  })
})

describe('Function Compute answers are those that the SDK makes of HTTP', () => {
  it.each([
    ['a result', 200, invoked({ ok: true }, { 'x-fc-request-id': '1' })],
    [
      'a failed function, which is no error',
      200,
      functionFailed('UnhandledInvocationError', 'Process exited'),
    ],
  ] as const)('%s', async (_, status, answer) => {
    const endpoint = await serve(json(status, answer.data, answer.headers as Record<string, string>))
    const real = await functionComputeAt(endpoint).invokeFunction('s', 'f', '{}')
    expect(real.data).toEqual(answer.data)
    expect(real.headers).toMatchObject(answer.headers)
  })
})
