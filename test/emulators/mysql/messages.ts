import type { Cell, Column, SqlError } from './scenario.ts'
import { encodedInt, encodedText, endedText, int } from './packets.ts'

/** What a server can and a client wants ("Capabilities Flags", MySQL Source Code Documentation). */
export const capability = {
  longPassword: 1,
  longFlag: 1 << 2,
  withDatabase: 1 << 3,
  localFiles: 1 << 7,
  protocol41: 1 << 9,
  tls: 1 << 11,
  transactions: 1 << 13,
  secureConnection: 1 << 15,
  multiResults: 1 << 17,
  pluginAuth: 1 << 19,
  attributes: 1 << 20,
  pluginData: 1 << 21,
} as const

const ofServer = Object.entries(capability).reduce(
  (flags, [name, flag]) => (name === 'tls' ? flags : flags | flag),
  0,
)

/** utf8mb4_0900_ai_ci. */
const characterSet = 255
const autocommit = 2
const protocolVersion = 10

/** Protocol::HandshakeV10. */
export const greetingOf = (version: string, plugin: string, nonce: Buffer, offersTls: boolean): Buffer => {
  const flags = offersTls ? ofServer | capability.tls : ofServer
  return Buffer.concat([
    int(protocolVersion, 1),
    endedText(version),
    int(7, 4),
    nonce.subarray(0, 8),
    int(0, 1),
    int(flags & 0xffff, 2),
    int(characterSet, 1),
    int(autocommit, 2),
    int((flags >>> 16) & 0xffff, 2),
    int(nonce.length + 1, 1),
    Buffer.alloc(10),
    nonce.subarray(8),
    int(0, 1),
    endedText(plugin),
  ])
}

/** OK_Packet. `more`: another answer follows; `info`: what is said beside it. */
export const okPacket = (more = false, info = ''): Buffer =>
  Buffer.concat([
    int(0, 1),
    encodedInt(0),
    encodedInt(0),
    int(more ? autocommit | 8 : autocommit, 2),
    int(0, 2),
    Buffer.from(info),
  ])

/** ERR_Packet; before the handshake it has no state. */
export const errorPacket = ({ number, state = 'HY000', message }: SqlError, isGreeting = false): Buffer =>
  Buffer.concat([
    int(0xff, 1),
    int(number, 2),
    Buffer.from(isGreeting ? '' : `#${state}`),
    Buffer.from(message),
  ])

/** EOF_Packet, after the columns and after the rows. */
export const endPacket = (more = false): Buffer =>
  Buffer.concat([int(0xfe, 1), int(0, 2), int(more ? autocommit | 8 : autocommit, 2)])

/** AuthSwitchRequest. */
export const switchTo = (plugin: string, nonce: Buffer): Buffer =>
  Buffer.concat([int(0xfe, 1), endedText(plugin), nonce, int(0, 1)])

/** AuthMoreData. */
export const moreData = (data: Buffer): Buffer => Buffer.concat([int(1, 1), data])

/** LOCAL INFILE Request. */
export const fileRequest = (path: string): Buffer => Buffer.concat([int(0xfb, 1), Buffer.from(path)])

const types: Readonly<Record<Column['type'], number>> = {
  tinyint: 0x01,
  double: 0x05,
  bigint: 0x08,
  date: 0x0a,
  json: 0xf5,
  decimal: 0xf6,
  varchar: 0xfd,
  geometry: 0xff,
}

/** ColumnDefinition41. */
export const columnPacket = ({ name, type }: Column): Buffer =>
  Buffer.concat([
    encodedText('def'),
    ...['', '', '', name, name].map(encodedText),
    int(0x0c, 1),
    int(characterSet, 2),
    int(1024, 4),
    int(types[type], 1),
    int(0, 2),
    int(0, 1),
    int(0, 2),
  ])

const cellOf = (cell: Cell): Buffer => {
  if (cell === null) return int(0xfb, 1)
  return encodedText(typeof cell === 'boolean' ? String(Number(cell)) : String(cell))
}

/** ResultsetRow. */
export const rowPacket = (cells: readonly Cell[]): Buffer => Buffer.concat(cells.map(cellOf))

/** What comes before the rows of an answer. */
export const headOf = (columns: readonly Column[]): Buffer[] => [
  encodedInt(columns.length),
  ...columns.map(columnPacket),
  endPacket(),
]
