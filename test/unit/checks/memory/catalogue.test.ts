import { describe, expect, it } from 'vitest'
import { needsMemory } from '../../../../shared/checks/memory/catalogue.ts'

describe('an item that needs the memory of the instance', () => {
  it.each([
    ['DATABASE_INVENTORY', true],
    ['LIMIT_TREND', true],
    ['MYSQL_GTID', false],
    ['BACKUP_CLIENT', false],
  ])('is %s: %s', (id, expected) => {
    expect(needsMemory(id)).toBe(expected)
  })
})
