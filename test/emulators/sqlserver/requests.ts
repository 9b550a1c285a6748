import { NotTds } from './packets.ts'

/** Content of a request behind ALL_HEADERS, which begins with its own length (MS-TDS 2.2.5.3). */
const behindHeaders = (body: Buffer): Buffer => {
  const length = body.readUInt32LE(0)
  if (length > body.length) throw new NotTds()
  return body.subarray(length)
}

/** The statement of a batch (MS-TDS 2.2.6.7). */
export const readBatch = (body: Buffer): string => behindHeaders(body).toString('utf16le')

/** In place of a name, and the number of `sp_executesql` (MS-TDS 2.2.6.6). */
const byNumber = 0xffff
const executeSql = 10

const nvarchar = 0xe7
/** Length in the type of nvarchar(max): the value comes in chunks, the total of which (8 bytes) stands before. */
const unlimited = 0xffff

const chunks = (value: Buffer): Buffer => {
  const parts: Buffer[] = []
  let at = 8
  for (let length = value.readUInt32LE(at); length > 0; length = value.readUInt32LE(at)) {
    parts.push(value.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return Buffer.concat(parts)
}

/**
 * The statement of a call of `sp_executesql`, which is its first parameter: name, status, type nvarchar with its
 * largest length and collation, value. The other parameters change nothing here. Throws on any other call.
 */
export const readRpc = (body: Buffer): string => {
  const call = behindHeaders(body)
  if (call.readUInt16LE(0) !== byNumber || call.readUInt16LE(2) !== executeSql) throw new NotTds()
  const nameAt = 6
  const typeAt = nameAt + 1 + 2 * call.readUInt8(nameAt) + 1
  if (call.readUInt8(typeAt) !== nvarchar) throw new NotTds()
  const value = call.subarray(typeAt + 8)
  const text =
    call.readUInt16LE(typeAt + 1) === unlimited ? chunks(value) : value.subarray(2, 2 + value.readUInt16LE(0))
  return text.toString('utf16le')
}
