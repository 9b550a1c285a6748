/** CRC-8 with the polynomial x^8 + x^2 + x + 1, which PlainBuffer sums cells and rows with. */

const polynomial = 0x07

const table = Uint8Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit += 1) sum = ((sum << 1) ^ (sum & 0x80 ? polynomial : 0)) & 0xff
  return sum
})

/** Goes on with `sum` over `bytes`. */
export const crc8 = (sum: number, bytes: Uint8Array | readonly number[]): number => {
  let current = sum
  for (const byte of bytes) current = table[current ^ byte] ?? 0
  return current
}
