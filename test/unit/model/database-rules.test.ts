import { describe, expect, it } from 'vitest'
import { type DatabaseRule, isLeftOut, isOfflineOnPurpose } from '../../../shared/model/database-rules.ts'

const rules: readonly DatabaseRule[] = [
  { name: 'archive*', expectedState: 'offline' },
  { name: 'Sales', exclude: ['ITEM_A', 'ITEM_B'] },
  { name: 'test_?' },
]

describe('what the owner says of databases', () => {
  it.each([
    ['archive_2024', true],
    ['Sales', false],
    ['test_1', false],
    ['HR', false],
  ])('%s is offline on purpose: %s', (database, isSo) => {
    expect(isOfflineOnPurpose(rules, database)).toBe(isSo)
  })

  it.each([
    ['ITEM_A', 'Sales', true],
    ['ITEM_B', 'Sales', true],
    ['ITEM_C', 'Sales', false],
    ['ITEM_A', 'HR', false],
    ['ITEM_A', 'archive_2024', false],
  ])('%s leaves %s out: %s', (checkItem, database, isSo) => {
    expect(isLeftOut(rules, checkItem, database)).toBe(isSo)
  })
})
