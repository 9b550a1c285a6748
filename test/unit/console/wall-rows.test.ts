import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Group, Member } from '../../../infra/console/fleet/members.ts'
import {
  cellAfter,
  cellPx,
  heightOf,
  rowOfCell,
  rowsOf,
  windowOf,
} from '../../../infra/console/fleet/wall-rows.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const memberOf = (id: string): Member => ({
  id,
  engine: 'oracle',
  region: 'cn-hangzhou',
  tags: [],
  standing: 'passed',
  before: 'passed',
  completedAt: 1,
  new: 0,
  resolved: 0,
  isRunning: false,
})

/** Groups of so many members. */
const groupsOf = (...counts: readonly number[]): Group[] =>
  counts.map((count, group) => ({
    name: `group ${group}`,
    members: Array.from({ length: count }, (_, index) => memberOf(`${group}-${index}`)),
  }))

describe('the rows of the wall', () => {
  it('hold every cell once, in order and without gaps', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 12 }), (counts, columns) => {
        const groups = groupsOf(...counts)
        const rows = rowsOf(groups, columns)
        const cells = rows.flatMap((row) => (row.kind === 'cells' ? row.members : []))
        expect(cells).toEqual(groups.flatMap(({ members }) => members))
        let top = 0
        let first = 0
        for (const row of rows) {
          expect(row.top).toBe(top)
          top += row.heightPx
          if (row.kind === 'heading') continue
          expect([row.first, row.members.length <= columns]).toEqual([first, true])
          first += row.members.length
        }
        expect(heightOf(rows)).toBe(top)
      }),
      { numRuns: propertyRuns(50) },
    )
  })

  it('are drawn where they can be seen, and few of them', () => {
    const rows = rowsOf([{ name: '', members: groupsOf(10_000)[0]!.members }], 20)
    for (const top of [0, 1234, heightOf(rows) - 500]) {
      const { from, to } = windowOf(rows, top, 500)
      const seen = rows.filter((row) => row.top < top + 500 && row.top + row.heightPx > top)
      expect(rows.slice(from, to)).toEqual(expect.arrayContaining(seen))
      expect(to - from).toBeLessThan(500 / cellPx + 25)
    }
  })

  it('find the row of a cell', () => {
    const rows = rowsOf(groupsOf(5, 3), 2)
    // Heading, 0 1, 2 3, 4, heading, 5 6, 7.
    expect([0, 1, 2, 4, 5, 7].map((cell) => rowOfCell(rows, cell))).toEqual([1, 1, 2, 3, 5, 6])
  })

  it.each([
    [0, 'ArrowRight', 1],
    [0, 'ArrowLeft', 0],
    [7, 'ArrowRight', 7],
    [1, 'ArrowDown', 3],
    [3, 'ArrowDown', 4],
    [4, 'ArrowDown', 5],
    [6, 'ArrowUp', 4],
    [1, 'ArrowUp', 1],
    [7, 'ArrowDown', 7],
    [5, 'Home', 0],
    [2, 'End', 7],
    [2, 'a', null],
  ])('lead from %i by %s to %s', (cell, key, next) => {
    expect(cellAfter(rowsOf(groupsOf(5, 3), 2), cell, key, 8)).toBe(next)
  })
})
