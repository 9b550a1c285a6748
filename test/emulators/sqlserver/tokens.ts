import { collation, i32, i64, longText, shortText, u16, u8 } from './bytes.ts'
import type { Routing, SqlError } from './scenario.ts'

/** Tokens of a server's answers but for rows (MS-TDS 2.2.7). */

const token = (code: number, ...parts: readonly Buffer[]) => {
  const content = Buffer.concat(parts)
  return Buffer.concat([u8(code), u16(content.length), content])
}

const serverName = 'STANDIN'

const said = (code: number, { number, state = 1, class: severity = 14, message }: SqlError): Buffer =>
  token(
    code,
    i32(number),
    u8(state),
    u8(severity),
    longText(message),
    shortText(serverName),
    shortText(''),
    i32(1),
  )

export const errorToken = (error: SqlError): Buffer => said(0xaa, error)

/** What is no error, but for whoever wants to know. */
export const infoToken = (info: SqlError): Buffer => said(0xab, info)

/** Status bits of DONE, DONEINPROC and DONEPROC. */
export const doneStatus = { final: 0x00, more: 0x01, error: 0x02, count: 0x10, attention: 0x20 } as const

/** What has ended: a batch (DONE), a statement of a procedure (DONEINPROC), a procedure (DONEPROC). */
const doneCode = { batch: 0xfd, statement: 0xff, procedure: 0xfe } as const
const commandSelect = 0xc1

export const doneToken = (ended: keyof typeof doneCode, status: number, rows = 0): Buffer =>
  Buffer.concat([u8(doneCode[ended]), u16(status), u16(commandSelect), i64(BigInt(rows))])

/** What a procedure returned; 0 is success. */
export const returnStatusToken = (value: number): Buffer => Buffer.concat([u8(0x79), i32(value)])

const changeOfText = (kind: number, now: string, before: string) =>
  token(0xe3, u8(kind), shortText(now), shortText(before))

/** Answer to a login: database, collation, language, acknowledgement of the TDS version asked for, packet size. */
export const loginTokens = (tdsVersion: Buffer, database: string, packetSize: number): Buffer =>
  Buffer.concat([
    changeOfText(1, database, 'master'),
    token(0xe3, u8(7), u8(collation.length), collation, u8(0)),
    changeOfText(2, 'us_english', ''),
    token(
      0xad,
      u8(1),
      Buffer.from(tdsVersion).reverse(),
      shortText('Microsoft SQL Server'),
      Buffer.from([16, 0, 0, 0]),
    ),
    changeOfText(4, String(packetSize), String(packetSize)),
    doneToken('batch', doneStatus.final),
  ])

/** ENVCHANGE of type 20: the new value is a protocol (0: TCP), a port and a server, the old one is empty. */
export const routingToken = ({ server, port }: Routing): Buffer => {
  const route = Buffer.concat([u8(0), u16(port), longText(server)])
  return token(0xe3, u8(20), u16(route.length), route, u16(0))
}
