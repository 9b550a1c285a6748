import { describe, expect, it } from 'vitest'
import { instanceReadinessIn, readinessIn, shownWith } from '../../../shared/model/extract.ts'
import { completedOf, itemResult, simpleDatabase } from '../../support/completed-prechecks.ts'

const found = itemResult([simpleDatabase('Sales')])
const small = itemResult([], 'ITEM_A')
const blocked = completedOf({ results: [found, small] })
const ready = completedOf({ results: [itemResult([]), small] })
const table = readinessIn(blocked)
const summary = readinessIn(ready).instance
const large = { extract: 'x', databases: 1, blocked: 0, readiness: summary }

describe('the readiness of a precheck', () => {
  it('follows from its results', () => {
    expect(table.instance.log.verdict).toBe('blocked')
    expect(table.databases.map(({ database }) => database)).toEqual(['Sales'])
    expect(instanceReadinessIn(blocked)).toEqual(table.instance)
    expect(instanceReadinessIn(ready).log.verdict).toBe('ready')
  })

  it('is its summary where its results are too large', () => {
    expect(readinessIn({ ...blocked, large })).toEqual({ instance: summary, databases: [] })
    expect(instanceReadinessIn({ ...blocked, large })).toEqual(summary)
  })

  it('is what is shown of it, where that is there', () => {
    expect(readinessIn({ ...ready, large, readiness: table })).toEqual(table)
    expect(instanceReadinessIn({ ...ready, large, readiness: table })).toEqual(table.instance)
  })
})

describe('a precheck with large results', () => {
  it('is shown with the first of them, and the others as they are', () => {
    const head = completedOf({ results: [itemResult([]), small] })
    const shown = shownWith(head, {
      results: [found],
      comparison: blocked.comparison,
      readiness: table,
    })
    expect(shown).toEqual({
      ...head,
      results: [found, head.results[1]],
      comparison: blocked.comparison,
      readiness: table,
    })
    expect(shown.comparison.new).toHaveLength(1)
  })
})
