import { createHash } from 'node:crypto'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import * as z from 'zod'
import { CheckItemId } from '../../model/finding.ts'
import { PrecheckId } from '../../model/precheck.ts'
import { ItemMessage, type ResultMessage } from '../../model/queue-messages.ts'

/** One of the messages in which a large result travels. */
const ResultPart = z.strictObject({
  checkItem: CheckItemId,
  /** First 64 bits of the SHA-256 of the whole, hex: an item that ran twice has parts of two results, which must not be mixed. */
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  /** From 0. */
  index: z.int().nonnegative(),
  count: z.int().positive(),
  /** A slice of the message of the result: JSON, compressed (brotli), in base64. */
  data: z.base64(),
})
type ResultPart = Readonly<z.infer<typeof ResultPart>>

/** A message that holds one part. */
export const PartMessage = z.strictObject({
  kind: z.literal('part'),
  precheckId: PrecheckId,
  part: ResultPart,
})
export type PartMessage = Readonly<z.infer<typeof PartMessage>>

/**
 * Bytes of JSON up to which a result travels as it is. A message of Simple Message Queue holds 65,536 bytes (manual,
 * "Limits"), and base64 makes 4 of 3; what is left is for the rest of the message.
 */
const maxWholeBytes = 40 * 1024

/** Bytes of a part before they are put into base64 twice, once for the part and once for the message: 53 KB then. */
const partBytes = 30 * 1024

/** Bytes that a message may have when it is unpacked: `send-result.ts` lets a result have 16 MB of pages, 22 MB in base64. */
const maxUnpackedBytes = 32 * 1024 * 1024

/** A quality that is quick: 6 MB in about 30 ms. */
const quality = 4

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

/** Without findings, so many names fit in any case: a name has 128 characters of up to 3 bytes, and a short reason. */
const namesThatFit = 50

/** True for what most results are, so that they need not be measured. */
const isPlain = ({ result: { findings, databases, excluded }, pages }: ItemMessage): boolean =>
  findings.length === 0 && databases.length + excluded.length <= namesThatFit && pages === undefined

/** The parts of a result that is too large for one message; none for one that is not. */
const splitResult = (message: ItemMessage): ResultPart[] => {
  if (isPlain(message)) return []
  const text = JSON.stringify(message)
  if (Buffer.byteLength(text) <= maxWholeBytes) return []
  const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
  const digest = digestOf(packed)
  const count = Math.ceil(packed.length / partBytes)
  return Array.from({ length: count }, (_, index) => ({
    checkItem: message.result.checkItem,
    digest,
    index,
    count,
    data: packed.subarray(index * partBytes, (index + 1) * partBytes).toString('base64'),
  }))
}

/** The messages in which a message travels: itself, or several where one cannot hold it. */
export const splitMessage = (message: ResultMessage): readonly (ResultMessage | PartMessage)[] => {
  if (message.kind !== 'result') return [message]
  const { precheckId } = message
  const parts = splitResult(message)
  return parts.length === 0 ? [message] : parts.map((part) => ({ kind: 'part', precheckId, part }))
}

/** True for parts of one and the same whole. */
export const belongTogether = (one: PartMessage, other: PartMessage): boolean =>
  one.precheckId === other.precheckId &&
  one.part.checkItem === other.part.checkItem &&
  one.part.digest === other.part.digest

/**
 * The message that these parts of one whole make; null where some are missing. Also null for parts that are not what
 * was split, or are of another version: they are as good as lost, since nothing may keep a precheck from its end.
 */
export const joinParts = (messages: readonly PartMessage[]): ResultMessage | null => {
  const byIndex = new Map(messages.map((message) => [message.part.index, message]))
  const [first] = messages
  if (!first || byIndex.size !== first.part.count) return null
  const inOrder = [...byIndex.values()].toSorted((one, other) => one.part.index - other.part.index)
  const packed = Buffer.concat(inOrder.map(({ part }) => Buffer.from(part.data, 'base64')))
  if (digestOf(packed) !== first.part.digest) return null
  const text = brotliDecompressSync(packed, { maxOutputLength: maxUnpackedBytes }).toString('utf8')
  return ItemMessage.safeParse(JSON.parse(text)).data ?? null
}
