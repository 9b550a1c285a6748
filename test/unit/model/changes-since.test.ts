import { describe, expect, it } from 'vitest'
import { changesSince } from '../../../shared/model/changes-since.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import {
  completedOf,
  itemResult,
  recoveryModelItem,
  simpleDatabase,
} from '../../support/completed-prechecks.ts'

const namesOf = (list: readonly { readonly object: { readonly name: string } }[]) =>
  list.map(({ object }) => object.name)

const inPages: ItemResult = {
  ...itemResult([]),
  pages: {
    run: '0123456789abcdef',
    findings: [],
    names: [],
    totals: { findings: 700, databases: 700, excluded: 0 },
  },
}

describe('what changed since an earlier result', () => {
  const earlier = completedOf({ results: [itemResult([simpleDatabase('HR'), simpleDatabase('Sales')])] })

  it('is compared with it, whatever came between', () => {
    const now = completedOf({ results: [itemResult([simpleDatabase('Sales'), simpleDatabase('Orders')])] })
    const { comparison, notCompared } = changesSince(now, earlier)
    expect(comparison.previousPrecheckId).toBe(earlier.id)
    expect([comparison.new, comparison.still, comparison.resolved].map(namesOf)).toEqual([
      ['Orders'],
      ['Sales'],
      ['HR'],
    ])
    expect(notCompared).toEqual([])
  })

  const whole = completedOf({ results: [itemResult([simpleDatabase('Sales')]), itemResult([], 'ITEM_A')] })
  const paged = completedOf({ results: [inPages] })
  const openPages = {
    ...whole,
    comparison: {
      ...whole.comparison,
      paged: ['ITEM_Z', recoveryModelItem].map((checkItem) => ({
        checkItem,
        precheckId: whole.id,
        run: '0123456789abcdef',
        pages: 2,
        findings: 700,
      })),
    },
  }

  it.each([
    ['now', paged, earlier, [recoveryModelItem]],
    ['then', whole, paged, [recoveryModelItem]],
    ['in what is open', openPages, earlier, ['ITEM_Z', recoveryModelItem].toSorted()],
    ['in what was open', whole, openPages, ['ITEM_Z', recoveryModelItem].toSorted()],
  ])('is not said of items with pages %s', (_, now, before, items) => {
    const { comparison, notCompared } = changesSince(now, before)
    expect(notCompared).toEqual(items)
    expect([comparison.new, comparison.still, comparison.resolved, comparison.undetermined]).toEqual([
      [],
      [],
      [],
      [],
    ])
  })
})
