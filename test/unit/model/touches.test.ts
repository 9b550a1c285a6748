import { describe, expect, it } from 'vitest'
import type { Effect } from '../../../shared/model/finding.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { isBlocking, madeBySetup, touchesOf, untouched } from '../../../shared/model/touches.ts'

const nothing: Effect = { blocks: [], degrades: [], obscures: [], limits: [] }
const all = [...allOperations]

describe('what findings touch', () => {
  it.each(all)('blocks where one of them blocks %s', (operation) => {
    expect(isBlocking(touchesOf([nothing, { ...nothing, blocks: [operation] }]))).toBe(true)
  })

  it('does not block where they say anything else, nor where nothing is said', () => {
    const rest = touchesOf([{ ...nothing, degrades: all, obscures: all, limits: all }])
    expect([rest, madeBySetup, untouched].map(isBlocking)).toEqual([false, false, false])
  })
})
