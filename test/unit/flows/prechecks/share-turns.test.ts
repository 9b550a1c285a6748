import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shareTurns } from '../../../../shared/flows/prechecks/share-turns.ts'

let nowMs = 0
beforeEach(() => {
  nowMs = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
})
afterEach(async () => {
  vi.restoreAllMocks()
  // Whoever asks next has a turn of their own.
  await nextTurn()
})

/** Pieces of work of some ms each; what they and the others in the process did, in order. */
const workOn = async (pieces: number, ms: number): Promise<string[]> => {
  const done: string[] = []
  setImmediate(() => done.push('others'))
  for (let piece = 1; piece <= pieces; piece += 1) {
    await shareTurns()
    nowMs += ms
    done.push(`piece ${piece}`)
  }
  return done
}

describe('sharing turns', () => {
  it('goes on while there is time', async () => {
    expect(await workOn(3, 1)).toEqual(['piece 1', 'piece 2', 'piece 3'])
  })

  it('lets the others have their turn after a while', async () => {
    expect(await workOn(3, 4)).toEqual(['piece 1', 'piece 2', 'others', 'piece 3'])
  })

  it('counts from the beginning of each turn', async () => {
    await workOn(2, 4)
    await nextTurn()
    expect(await workOn(3, 1)).toEqual(['piece 1', 'piece 2', 'piece 3'])
  })

  it('is over for all who work in the same turn', async () => {
    const order: string[] = []
    const worker = async (name: string) => {
      for (let piece = 1; piece <= 2; piece += 1) {
        await shareTurns()
        nowMs += 4
        order.push(`${name}${piece}`)
      }
    }
    await Promise.all([worker('a'), worker('b'), worker('c')])
    // The first two have the turn to themselves; who comes too late for it goes on in the next one, in order.
    expect(order.slice(0, 2)).toEqual(['a1', 'b1'])
    expect(order.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
  })
})
