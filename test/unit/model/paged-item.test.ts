import { describe, expect, it } from 'vitest'
import type { ComparedFinding } from '../../../shared/model/comparison.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { comparingItem, touchingDatabases } from '../../../shared/model/paged-item.ts'
import { madeBySetup, touchesOf, untouched } from '../../../shared/model/touches.ts'
import { riskyDatabase, simpleDatabase } from '../../support/completed-prechecks.ts'

const startedAt = '2026-11-21T02:00:00.000Z'
const beyond = { items: new Set<string>(), judged: new Set<string>() }

const comparing = (open: readonly ComparedFinding[] = []) =>
  comparingItem(startedAt, new Map(open.map((one) => [one.fingerprint, one])), beyond)

/** What was open of an item that found this. */
const openOf = (findings: readonly Finding[]): ComparedFinding[] => comparing().take(findings)

const onInstance = (name: string): Finding => {
  const finding = simpleDatabase(name)
  return { ...finding, object: { type: 'instance', name } }
}
const namesOf = (found: readonly Pick<Finding, 'object'>[]): string[] =>
  found.map(({ object }) => object.name)
const numbered = (count: number): Finding[] =>
  Array.from({ length: count }, (_, index) => simpleDatabase(`a${String(index).padStart(3, '0')}`))

describe('what an item with pages shows', () => {
  it('is all of the instance, then of databases, the worst first', () => {
    const item = comparing()
    item.take([riskyDatabase('b'), simpleDatabase('c')])
    item.take([simpleDatabase('d'), onInstance('e'), onInstance('f')])
    expect(namesOf(item.end().shown)).toEqual(['e', 'f', 'c', 'd', 'b'])
  })

  it('is the first of each kind, though the findings are more than are shown: level, accepted or not, new or not', () => {
    const many = numbered(300)
    const accepted: Finding = {
      ...simpleDatabase('x-accepted'),
      acknowledgement: { id: 'ack', reason: 'known', author: 'dba', expiresAt: startedAt, level: 'failed' },
    }
    const item = comparing(openOf(many))
    item.take(many)
    item.take([simpleDatabase('x-new'), accepted, riskyDatabase('x-risky')])
    const shown = namesOf(item.end().shown)
    // 200 in all, divided among four kinds.
    expect(shown).toHaveLength(50 + 3)
    expect(shown.filter((name) => name.startsWith('x'))).toEqual(['x-new', 'x-accepted', 'x-risky'])
  })

  it('names each page by its first object, and counts its levels; a page may be empty', () => {
    const item = comparing()
    item.take([riskyDatabase('b'), simpleDatabase('c')])
    item.take([])
    const none = { failed: 0, error: 0, warning: 0, note: 0 }
    expect(item.end().pages).toEqual([
      { first: 'b', levels: { ...none, failed: 1, warning: 1 } },
      { first: '', levels: none },
    ])
  })
})

describe('what an item with pages comes to', () => {
  it('is new, still there, resolved, or undetermined where the object could not be seen', () => {
    const open = openOf(['still', 'gone', 'hidden'].map((name) => simpleDatabase(name)))
    const item = comparing(open)
    const obscured = { ...simpleDatabase('hidden', { obscures: ['full'] }), fingerprint: 'fedcba9876543210' }
    item.take([simpleDatabase('still'), simpleDatabase('new'), obscured])
    expect(namesOf(item.leave(open))).toEqual(['hidden'])
    const { totals, lists } = item.end()
    expect(totals).toEqual({ new: 2, still: 1, resolved: 1, undetermined: 1 })
    expect(Object.entries(lists).map(([part, found]) => [part, namesOf(found)])).toEqual([
      ['new', ['new', 'hidden']],
      ['still', ['still']],
      ['resolved', ['gone']],
      ['undetermined', ['hidden']],
    ])
  })

  it('is nothing new of what is gone where all could be seen', () => {
    const open = openOf([simpleDatabase('gone')])
    const item = comparing(open)
    item.take([])
    expect(item.leave(open)).toEqual([])
    expect(item.end().totals).toEqual({ new: 0, still: 0, resolved: 1, undetermined: 0 })
  })

  it('has the first of each kind in its lists, which are short', () => {
    const item = comparing()
    item.take([...numbered(60), riskyDatabase('x-risky')])
    const { lists } = item.end()
    // 50 in all, divided among two kinds.
    expect(lists.new).toHaveLength(25 + 1)
    expect(namesOf(lists.new)).toContain('x-risky')
  })
})

describe('how findings touch databases', () => {
  const log = touchesOf([simpleDatabase('a', { degrades: ['log'] })])
  const full = touchesOf([simpleDatabase('a', { blocks: ['full'] })])

  it('is what was judged, with all that is found of each, and of the instance', () => {
    const touching = touchingDatabases()
    touching.judged(['a', 'b'])
    touching.judged(['b'], madeBySetup)
    touching.judged(['b'])
    touching.found([simpleDatabase('a', { degrades: ['log'] }), simpleDatabase('c', { blocks: ['full'] })])
    touching.found([simpleDatabase('a', { blocks: ['full'] })])
    const ofInstance = onInstance('db1')
    touching.found([
      { ...ofInstance, blocks: [], degrades: ['log'] },
      { ...ofInstance, blocks: ['full'] },
    ])
    expect(touching.end()).toEqual({
      ofInstance: log | full,
      // Databases in the order in which they were named first.
      ofDatabases: [log | full, madeBySetup, full],
      blocked: 3,
    })
  })

  it('counts those alone that block something', () => {
    const touching = touchingDatabases()
    touching.judged(['a', 'b'])
    touching.found([simpleDatabase('a', { degrades: ['log'] })])
    expect(touching.end()).toEqual({ ofInstance: untouched, ofDatabases: [log, untouched], blocked: 0 })
  })

  it('has a row for the first hundred by their names', () => {
    const touching = touchingDatabases()
    touching.judged(namesOf(numbered(120)).toReversed())
    expect([...touching.first()]).toEqual(namesOf(numbered(100)))
  })
})
