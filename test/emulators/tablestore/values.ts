/** Values as the service stores them. Integers are 64 bits wide. */
export type Value =
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'binary'; readonly value: Buffer }

/** What a column of a primary key may hold in a row. */
export type KeyValue = Extract<Value, { readonly type: 'integer' | 'string' | 'binary' }>

type Infinite = { readonly type: 'inf_min' } | { readonly type: 'inf_max' }

/** What a column of a primary key may hold in a request: a value, an end of a range, or "the service chooses". */
export type KeyInput = Value | Infinite | { readonly type: 'auto_increment' }

/** What a column of a primary key may hold in a range. */
export type KeyBound = KeyValue | Infinite

export interface KeyColumn<Content extends KeyInput = KeyValue> {
  readonly name: string
  readonly value: Content
}

const compareNumbers = (left: number | bigint, right: number | bigint): number =>
  left < right ? -1 : Number(left > right)

/** Strings are in the order of their UTF-8 bytes, which is not that of UTF-16. */
const compareBytes = (left: string | Buffer, right: string | Buffer): number =>
  left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right))

/** Order of two values of one type; undefined when the types differ, because such values cannot be compared. */
export const compareValues = (left: Value, right: Value): number | undefined => {
  if (left.type === 'integer' && right.type === 'integer') return compareNumbers(left.value, right.value)
  if (left.type === 'double' && right.type === 'double') return compareNumbers(left.value, right.value)
  if (left.type === 'string' && right.type === 'string') return compareBytes(left.value, right.value)
  if (left.type === 'binary' && right.type === 'binary') return compareBytes(left.value, right.value)
  if (left.type === 'boolean' && right.type === 'boolean')
    return compareNumbers(Number(left.value), Number(right.value))
  return undefined
}

const rank = ({ type }: KeyBound): number => {
  if (type === 'inf_min') return -1
  return type === 'inf_max' ? 1 : 0
}

const compareBounds = (left: KeyBound, right: KeyBound): number => {
  if (left.type === 'inf_min' || left.type === 'inf_max') return rank(left) - rank(right)
  if (right.type === 'inf_min' || right.type === 'inf_max') return -rank(right)
  return compareValues(left, right) ?? 0
}

/** Order of two primary keys of one table. */
export const compareKeys = (
  left: readonly KeyColumn<KeyBound>[],
  right: readonly KeyColumn<KeyBound>[],
): number => {
  for (const [index, column] of left.entries()) {
    const other = right[index]
    const order = other ? compareBounds(column.value, other.value) : 0
    if (order !== 0) return order
  }
  return 0
}

/** Bytes that a value counts for in limits and capacity units. */
export const sizeOfValue = (value: Value): number => {
  if (value.type === 'string') return Buffer.byteLength(value.value)
  if (value.type === 'binary') return value.value.length
  return value.type === 'boolean' ? 1 : 8
}

/** Bytes of a primary key: names and values. */
export const sizeOfKey = (key: readonly KeyColumn[]): number =>
  key.reduce((size, { name, value }) => size + name.length + sizeOfValue(value), 0)

/** A value as a test reads it. An integer beyond 2^53 stays a bigint. */
export const plainValue = (value: Value): string | number | bigint | boolean | Buffer => {
  if (value.type !== 'integer') return value.value
  const number = Number(value.value)
  return Number.isSafeInteger(number) ? number : value.value
}
