import { describe, expect, it } from 'vitest'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import { findingsOfPage, maxInline, paginate } from '../../../shared/model/paginate.ts'
import { itemResult, riskyDatabase, simpleDatabase } from '../../support/completed-prechecks.ts'

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `a${String(index).padStart(5, '0')}`)
const excluded = (count: number): ItemResult['excluded'] =>
  numbered(count).map((name) => ({ name, reason: { code: 'OFFLINE', params: {} } }))
const holding = (databases: readonly string[], left: ItemResult['excluded'] = []): ItemResult => ({
  ...itemResult([]),
  databases: [...databases],
  excluded: left,
})

describe('a result', () => {
  it('stays in its document up to a number of findings, databases and excluded ones together', () => {
    expect(paginate(holding(numbered(maxInline - 100), excluded(100)))).toBeNull()
    expect(paginate(holding(numbered(maxInline - 100), excluded(101)))).not.toBeNull()
  })

  it('is a head without what is in its pages, which are in the order of the names', () => {
    const findings = numbered(findingsOfPage + 1).map((name, index) =>
      index === findingsOfPage ? riskyDatabase(name) : simpleDatabase(name),
    )
    const result = { ...itemResult(findings.toReversed()), excluded: excluded(1) }
    const paged = paginate(result)
    expect(paged?.head).toEqual({ ...result, findings: [], databases: [], excluded: [] })
    expect(paged?.findings).toEqual([findings.slice(0, findingsOfPage), findings.slice(findingsOfPage)])
    const none = { failed: 0, error: 0, warning: 0, note: 0 }
    expect(paged?.pages).toEqual({
      findings: [
        { first: 'a00000', levels: { ...none, failed: findingsOfPage } },
        { first: `a00${findingsOfPage}`, levels: { ...none, warning: 1 } },
      ],
      names: ['a00000'],
      totals: { findings: findingsOfPage + 1, databases: findingsOfPage + 1, excluded: 1 },
    })
  })

  it('has as many pages of names as the longer of its lists takes', () => {
    const paged = paginate(holding(numbered(1), excluded(5001)))
    expect(paged?.names.map(({ databases, excluded: left }) => [databases.length, left.length])).toEqual([
      [1, 5000],
      [0, 1],
    ])
    expect(paged?.pages.names).toEqual(['a00000', ''])
  })
})
