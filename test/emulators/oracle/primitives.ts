/** Encodings of the TTC protocol. Lengths and counts are `ub`: one byte with the number of bytes, then big endian. */

/** An unsigned integer; 0 is a single zero byte. */
export const ub = (value: number): Buffer => {
  const bytes: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([bytes.length, ...bytes])
}

export const u8 = (value: number): Buffer => Buffer.from([value])

const maxShort = 252
const chunkSize = 32_767

/** Bytes with their length in front; null and empty are a zero byte, what is longer than 252 bytes comes in chunks. */
export const clr = (content: Buffer | null): Buffer => {
  if (content === null || content.length === 0) return u8(0)
  if (content.length <= maxShort) return Buffer.concat([u8(content.length), content])
  const chunks = [u8(0xfe)]
  for (let at = 0; at < content.length; at += chunkSize) {
    const chunk = content.subarray(at, at + chunkSize)
    chunks.push(ub(chunk.length), chunk)
  }
  return Buffer.concat([...chunks, u8(0)])
}

/** A length, and the bytes only where there are any. */
const sized = (content: Buffer): Buffer =>
  content.length === 0 ? ub(0) : Buffer.concat([ub(content.length), clr(content)])

export const sizedText = (text: string): Buffer => sized(Buffer.from(text, 'utf8'))

const base = 100
const bias = 193

/** Digits to the base 100, most significant first, and the power of 100 of the first one. */
const digitsOf = (value: number): { digits: number[]; power: number } => {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const isOdd = Number(exponent) % 2 !== 0
  const plain = mantissa.replace('.', '')
  const even = isOdd ? plain : `0${plain}`
  const padded = even.length % 2 === 0 ? even : `${even}0`
  const digits = padded.match(/../g)?.map(Number) ?? []
  return { digits, power: Math.floor(Number(exponent) / 2) }
}

/** Oracle's NUMBER: exponent byte and digits to the base 100, shifted by one; negative ones are complemented. */
export const encodeNumber = (value: number): Buffer => {
  if (value === 0) return u8(0x80)
  const { digits, power } = digitsOf(Math.abs(value))
  if (value > 0) return Buffer.from([bias + power, ...digits.map((digit) => digit + 1)])
  return Buffer.from([255 - (bias + power), ...digits.map((digit) => base + 1 - digit), base + 2])
}

const century = 100

/** Oracle's DATE: century and year shifted by 100, the time by 1. It has no zone; drivers read it in their own. */
export const encodeDate = (value: Date): Buffer => {
  const year = value.getFullYear()
  return Buffer.from([
    Math.floor(year / century) + century,
    (year % century) + century,
    value.getMonth() + 1,
    value.getDate(),
    value.getHours() + 1,
    value.getMinutes() + 1,
    value.getSeconds() + 1,
  ])
}

/** The message ends before what it promises. */
export class TooShort extends RangeError {}

/** Reads the encodings above. */
export const reader = (content: Buffer) => {
  let at = 0
  const take = (length: number): Buffer => {
    if (at + length > content.length) throw new TooShort()
    at += length
    return content.subarray(at - length, at)
  }
  const byte = (): number => take(1)[0] ?? 0
  const number = (): number => take(byte() & 0x7f).reduce((value, next) => value * 256 + next, 0)
  const bytes = (): Buffer => {
    const length = byte()
    if (length === 0 || length === 0xff) return Buffer.alloc(0)
    if (length !== 0xfe) return take(length)
    const chunks: Buffer[] = []
    for (let size = number(); size > 0; size = number()) chunks.push(take(size))
    return Buffer.concat(chunks)
  }
  return {
    byte,
    number,
    bytes,
    take,
    sizedBytes: () => (number() > 0 ? bytes() : Buffer.alloc(0)),
    skip: (length: number) => void take(length),
    peek: () => content[at],
  }
}
export type Reader = ReturnType<typeof reader>
