import { describe, expect, it } from 'vitest'
import { pagesWithName } from '../../../shared/model/item-pages.ts'

describe('the pages in which a name may be', () => {
  const firstNames = ['b', 'd', 'd', 'f']

  it.each<[name: string, pages: readonly number[]]>([
    ['a', []],
    ['b', [0]],
    ['c', [0]],
    // A page may begin in the middle of what is found of one database.
    ['d', [0, 1, 2]],
    ['e', [2]],
    ['f', [2, 3]],
    ['z', [3]],
  ])('%s: %j', (name, pages) => {
    expect(pagesWithName(firstNames, name)).toEqual(pages)
  })
})
