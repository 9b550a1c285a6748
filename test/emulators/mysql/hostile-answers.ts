import { columnPacket, endPacket, headOf, okPacket, rowPacket } from './messages.ts'
import { encodedInt, encodedText } from './packets.ts'
import type { Raw } from './scenario.ts'

/** What a MySQL answers to a statement that somebody has taken over. */

const text = { name: 'text', type: 'varchar' } as const
const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item)

export const manyColumns: Raw = {
  payloads: [encodedInt(60_000), ...many(500, columnPacket(text)), ...many(500, columnPacket(text))],
  endless: { payload: columnPacket(text) },
}

/** Fewer than the messages of a statement, and more than the columns of an answer. */
export const tooManyColumns: Raw = { payloads: [...headOf(many(65, text)), endPacket()] }

export const endlessRows: Raw = { payloads: headOf([text]), endless: { payload: rowPacket(['x']) } }

export const endlessNullRows: Raw = {
  payloads: headOf(many(60, text)),
  endless: { payload: rowPacket(many(60, null)) },
}

export const longRows: Raw = {
  payloads: headOf([text]),
  endless: { payload: rowPacket(['x'.repeat(100_000)]) },
}

/** The beginning of a row whose one value never ends. */
export const hugeValue: Raw = { payloads: headOf([text]), huge: Buffer.alloc(4000) }

export const endlessResults: Raw = { payloads: [], endless: { payload: okPacket(true) } }

export const secondResult: Raw = {
  payloads: [
    ...headOf([text]),
    rowPacket(['x']),
    endPacket(true),
    ...headOf([text]),
    rowPacket(['y']),
    endPacket(),
  ],
}

export const outOfOrder: Raw = { payloads: [...headOf([text]), endPacket()], outOfOrder: 7 }

/** Lengths that lead beyond the packet. */
export const lyingLengths: Raw = {
  payloads: [
    encodedInt(1),
    Buffer.concat([encodedText('def'), Buffer.from([0xfe, ...many(8, 0xff)])]),
    endPacket(),
  ],
}

export const drip: Raw = { payloads: headOf([text]), endless: { payload: rowPacket(['x']), everyMs: 20 } }
