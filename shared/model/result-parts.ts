import { createHash } from 'node:crypto'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import * as z from 'zod'
import { CheckItemId } from './finding.ts'
import { ItemResult } from './item-result.ts'

/** One of the messages in which a large result travels. */
export const ResultPart = z.strictObject({
  checkItem: CheckItemId,
  /** First 64 bits of the SHA-256 of the whole, hex: an item that ran twice has parts of two results, which must not be mixed. */
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  /** From 0. */
  index: z.int().nonnegative(),
  count: z.int().positive(),
  /** A slice of the result: JSON, compressed (brotli), in base64. */
  data: z.base64(),
})
export type ResultPart = Readonly<z.infer<typeof ResultPart>>

/**
 * Bytes of JSON up to which a result travels as it is. A message of Simple Message Queue holds 65,536 bytes (manual,
 * "Limits"), and base64 makes 4 of 3; what is left is for the rest of the message.
 */
const maxWhole = 40 * 1024

/** Bytes of a part before they are put into base64 twice, once for the part and once for the message: 53 KB then. */
const partBytes = 30 * 1024

/** Bytes that a result may have when it is unpacked: many times what the largest server can fill. */
const maxUnpacked = 256 * 1024 * 1024

/** A quality that is quick: 6 MB in about 30 ms, to a twentieth of it. */
const quality = 4

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

/** Without findings, so many names fit in any case: a name has 128 characters of up to 3 bytes, and a short reason. */
const namesThatFit = 50

/** True for what most results are, so that they need not be measured. */
const isPlain = ({ findings, databases, excluded }: ItemResult): boolean =>
  findings.length === 0 && databases.length + excluded.length <= namesThatFit

/** The parts of a result that is too large for one message; none for one that is not. */
export const splitResult = (result: ItemResult): ResultPart[] => {
  if (isPlain(result)) return []
  const text = JSON.stringify(result)
  if (Buffer.byteLength(text) <= maxWhole) return []
  const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
  const digest = digestOf(packed)
  const count = Math.ceil(packed.length / partBytes)
  return Array.from({ length: count }, (_, index) => ({
    checkItem: result.checkItem,
    digest,
    index,
    count,
    data: packed.subarray(index * partBytes, (index + 1) * partBytes).toString('base64'),
  }))
}

/** True for two parts that are one and the same. */
export const isSamePart = (one: ResultPart, other: ResultPart): boolean =>
  one.checkItem === other.checkItem && one.digest === other.digest && one.index === other.index

/** The result that all parts of one digest make; none if they are not what was split, or are of another version. */
const join = (parts: readonly ResultPart[], digest: string): ItemResult[] => {
  const inOrder = parts.toSorted((one, other) => one.index - other.index)
  const packed = Buffer.concat(inOrder.map(({ data }) => Buffer.from(data, 'base64')))
  if (digestOf(packed) !== digest) return []
  const text = brotliDecompressSync(packed, { maxOutputLength: maxUnpacked }).toString('utf8')
  const { data: result } = ItemResult.safeParse(JSON.parse(text))
  return result ? [result] : []
}

/**
 * The results of which every part is among these, which are all different. Parts that make no result are as good as
 * lost: nothing may keep a precheck from its end.
 */
export const joinComplete = (parts: readonly ResultPart[]): ItemResult[] =>
  parts
    .filter(({ index }) => index === 0)
    .flatMap(({ checkItem, digest, count }) => {
      const own = parts.filter((part) => part.checkItem === checkItem && part.digest === digest)
      return own.length === count ? join(own, digest) : []
    })
