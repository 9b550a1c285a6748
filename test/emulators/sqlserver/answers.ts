import { packetType, toPackets } from './packets.ts'
import { columnsToken, rowToken } from './rows.ts'
import type { Rows, SqlError } from './scenario.ts'
import { doneStatus, doneToken, errorToken, returnStatusToken } from './tokens.ts'

/** How a statement came, which its answer ends by: as a batch, or as a call of `sp_executesql`. */
export type Means = 'batch' | 'procedure'

/** The message that refuses a statement. */
export const refusal = (means: Means, error: SqlError): Buffer =>
  Buffer.concat([errorToken(error), doneToken(means, doneStatus.error)])

/** The message that answers a statement with rows. */
export const rowsMessage = (means: Means, { columns, rows }: Rows): Buffer => {
  const content = [columnsToken(columns), ...rows.map((row) => rowToken(columns, row))]
  if (means === 'batch') return Buffer.concat([...content, doneToken('batch', doneStatus.count, rows.length)])
  return Buffer.concat([
    ...content,
    doneToken('statement', doneStatus.count | doneStatus.more, rows.length),
    returnStatusToken(0),
    doneToken('procedure', doneStatus.final),
  ])
}

/** A packet that ends in the middle of a row, of a message that goes on. */
export const halfRow = (): Buffer => {
  const columns = [{ name: 'broken', type: 'int' }] as const
  const row = rowToken(columns, [1])
  const packet = toPackets(
    packetType.result,
    Buffer.concat([columnsToken(columns), row.subarray(0, row.length / 2)]),
  )
  packet[1] = 0
  return packet
}

/** A message whose row comes before any columns, followed by tokens that do not exist. */
export const malformedAnswer = (): Buffer =>
  toPackets(packetType.result, Buffer.from([0xd1, 0x01, 0x00, 0x42, 0x42, 0x42]))
