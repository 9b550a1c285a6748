/** Numbers of PlainBuffer, the encoding of rows inside the protobuf messages (API reference, "PlainBuffer"). Little endian. */

export const header = 0x75

export const tag = {
  primaryKey: 1,
  data: 2,
  cell: 3,
  name: 4,
  value: 5,
  action: 6,
  timestamp: 7,
  deleted: 8,
  rowSum: 9,
  cellSum: 10,
} as const

export const variant = {
  integer: 0,
  double: 1,
  boolean: 2,
  string: 3,
  binary: 7,
  inf_min: 9,
  inf_max: 10,
  auto_increment: 11,
} as const

export const action = { delete_all: 1, delete_one: 3, increment: 4 } as const
