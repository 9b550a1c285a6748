/** Answers of the services in the shapes that the SDKs give them, whole batches and batches that failed in part. */
import type { Answer as FcAnswer } from '@alicloud/fc2'
import type {
  Answer as MnsAnswer,
  ReceivedMessage,
  RefusedHandle,
  RefusedMessage,
  SentMessage,
} from '@alicloud/mns'
import type {
  BatchGetRowResponse,
  BatchRow,
  BatchWriteRowResponse,
  ColumnValue,
  GetRangeResponse,
  PrimaryKeyValue,
  ReadPrimaryKey,
  Row,
  RowResponse,
} from 'tablestore'
import { type MnsCode, type OtsCode, mnsText, otsText } from './faults.ts'

const consumed = { capacityUnit: { read: 1, write: 1 } }

type Key = Readonly<Record<string, PrimaryKeyValue>>

const readKey = (key: Key): ReadPrimaryKey => Object.entries(key).map(([name, value]) => ({ name, value }))

/** A row as it is read; the key's columns in the table's order. */
export const row = (key: Key, columns: Readonly<Record<string, ColumnValue>> = {}): Row => ({
  primaryKey: readKey(key),
  attributes: Object.entries(columns).map(([columnName, columnValue]) => ({
    columnName,
    columnValue,
    timestamp: null,
  })),
})

export const foundRow = (found: Row): RowResponse => ({ consumed, row: found })

/** A row that is not there, or a write that was done: the SDK answers both with an empty object. */
export const noRow = (): RowResponse => ({ consumed, row: {} })

/** A page of a range; `next` is the key where the next page begins. */
export const page = (rows: readonly Row[], next: Key | null = null): GetRangeResponse => ({
  consumed,
  rows,
  nextStartPrimaryKey: next && readKey(next),
})

const batchRow = (tableName: string, found: Row | null): BatchRow => ({
  isOk: true,
  errorCode: null,
  errorMessage: null,
  tableName,
  capacityUnit: consumed.capacityUnit,
  primaryKey: found?.primaryKey ?? null,
  attributes: found?.attributes ?? null,
})

const refusedRow = (tableName: string, code: OtsCode): BatchRow => ({
  ...batchRow(tableName, null),
  isOk: false,
  errorCode: code,
  errorMessage: otsText(code),
})

/** What became of each row of a batch of writes to one table. */
export const batchWritten = (
  tableName: string,
  rows: readonly ('ok' | OtsCode)[],
): BatchWriteRowResponse => ({
  tables: rows.map((fate) => (fate === 'ok' ? batchRow(tableName, null) : refusedRow(tableName, fate))),
})

/** The rows of a batch of reads from one table: found, not there (null), or refused. */
export const batchRead = (
  tableName: string,
  rows: readonly (Row | null | OtsCode)[],
): BatchGetRowResponse => ({
  tables: [
    rows.map((found) =>
      typeof found === 'string' ? refusedRow(tableName, found) : batchRow(tableName, found),
    ),
  ],
})

const md5 = 'D41D8CD98F00B204E9800998ECF8427E'

const sentMessage = (number: number): SentMessage => ({ MessageId: `message-${number}`, MessageBodyMD5: md5 })

export const messageSent = (): MnsAnswer<SentMessage> => ({ code: 201, headers: {}, body: sentMessage(1) })

const refusal = (code: MnsCode): RefusedMessage => ({ ErrorCode: code, ErrorMessage: mnsText(code) })

/** What became of each message of a batch. One that failed in part is no error to the SDK, whatever its status (500 here). */
export const batchSent = (
  messages: readonly ('ok' | MnsCode)[],
): MnsAnswer<readonly (SentMessage | RefusedMessage)[]> => ({
  code: messages.every((fate) => fate === 'ok') ? 201 : 500,
  headers: {},
  body: messages.map((fate, index) => (fate === 'ok' ? sentMessage(index + 1) : refusal(fate))),
})

/** A received message; `body` is what the queue holds, so base64 of what was sent. */
export const receivedMessage = (body: string, changes: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  MessageId: 'message-1',
  ReceiptHandle: 'receipt-1',
  MessageBody: body,
  MessageBodyMD5: md5,
  EnqueueTime: '1763692800000',
  NextVisibleTime: '1763692830000',
  FirstDequeueTime: '1763692800000',
  DequeueCount: '1',
  Priority: '8',
  ...changes,
})

export const batchReceived = (
  messages: readonly ReceivedMessage[],
): MnsAnswer<readonly ReceivedMessage[]> => ({
  code: 200,
  headers: {},
  body: messages,
})

export const deleted = (): MnsAnswer<undefined> => ({ code: 204, headers: {}, body: undefined })

/** The handles of a batch that were refused; the others were deleted. No error to the SDK, whatever the status (404 here). */
export const batchDeletedBut = (
  handles: readonly string[],
  code: MnsCode = 'ReceiptHandleError',
): MnsAnswer<readonly RefusedHandle[]> => ({
  code: 404,
  headers: {},
  body: handles.map((ReceiptHandle) => ({ ...refusal(code), ReceiptHandle })),
})

/** An answer that is not XML, of a proxy say: the SDK of MNS resolves, whatever the status. */
export const mnsAnswerWithoutXml = (status: number): MnsAnswer<undefined> => ({
  code: status,
  headers: {},
  body: undefined,
})

/** A function's result. An asynchronous invocation answers with an empty text. */
export const invoked = (data: unknown, headers: FcAnswer['headers'] = {}): FcAnswer => ({ headers, data })

/** A function that failed: HTTP 200, told by a header alone. */
export const functionFailed = (
  type: 'HandledInvocationError' | 'UnhandledInvocationError' | 'FunctionNotStarted' | 'InitializationError',
  errorMessage: string,
): FcAnswer => invoked({ errorMessage, errorType: type }, { 'x-fc-error-type': type })
