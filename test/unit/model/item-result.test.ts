import { describe, expect, it } from 'vitest'
import { type ItemStatus, isUndetermined, statusOf } from '../../../shared/model/item-result.ts'

describe('the status of an item', () => {
  it.each<[ItemStatus, boolean]>([
    ['passed', false],
    ['warning', false],
    ['failed', false],
    ['error', true],
    ['timed_out', true],
    ['skipped', true],
  ])('%s says that it was not determined: %s', (status, is) => {
    expect(isUndetermined(status)).toBe(is)
  })

  it.each([
    [['note'], 'passed'],
    [['note', 'warning'], 'warning'],
    [['warning', 'error'], 'error'],
    [['error', 'failed'], 'failed'],
    [[], 'passed'],
  ] as const)('is the worst of findings that are %j: %s', (levels, status) => {
    expect(statusOf(levels.map((level) => ({ level })))).toBe(status)
  })
})
