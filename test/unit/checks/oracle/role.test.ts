import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectOf, roleOf, roleWords, takesNoBackup } from '../../../../shared/checks/oracle/role.ts'
import { allOperations } from '../../../../shared/model/operation.ts'

// "DATABASE_ROLE" of V$DATABASE, Oracle Database Reference.
const named = [
  ['PRIMARY', 'primary'],
  ['PHYSICAL STANDBY', 'physical-standby'],
  ['LOGICAL STANDBY', 'logical-standby'],
  ['SNAPSHOT STANDBY', 'snapshot-standby'],
  ['FAR SYNC', 'far-sync'],
  ['TRUE CACHE', 'true-cache'],
] as const

const untouched = { blocks: [], degrades: [], obscures: [], limits: [] }

describe('a role', () => {
  it.each(named)('of the manual is known: %s', (word, term) => {
    expect(roleOf(word).term).toBe(term)
    expect(effectOf(roleOf(word)).obscures).toEqual([])
  })

  it('has a word for every one that the manual names, and one for any other', () => {
    expect(Object.keys(roleWords)).toEqual([...named.map(([, term]) => term), 'unknown-role'])
  })

  it('that nobody names leaves every operation unknown, and makes nothing normal', () => {
    const words: readonly string[] = named.map(([word]) => word)
    const others = fc.oneof(
      fc.constant(null),
      fc.constantFrom(...words).map((word) => word.toLowerCase()),
      fc.string().filter((word) => !words.includes(word)),
    )
    fc.assert(
      fc.property(others, (word) => {
        const role = roleOf(word)
        expect(role).toMatchObject({ term: 'unknown-role', openModes: [], redo: 'unknown' })
        expect(effectOf(role)).toEqual({ ...untouched, obscures: allOperations })
      }),
    )
  })

  it.each([
    ['PRIMARY', {}],
    ['PHYSICAL STANDBY', {}],
    ['LOGICAL STANDBY', {}],
    ['SNAPSHOT STANDBY', { degrades: allOperations }],
    ['FAR SYNC', { limits: allOperations }],
    ['TRUE CACHE', { limits: allOperations }],
  ])('means for operations by itself: %s', (word, effect) => {
    expect(effectOf(roleOf(word))).toEqual({ ...untouched, ...effect })
    expect(takesNoBackup(roleOf(word))).toBe('limits' in effect)
  })
})
