import { describe, expect, it } from 'vitest'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import { isUnanswered, outcomeOf } from '../../../shared/model/outcome.ts'

type Ended = Pick<ItemResult, 'status' | 'reason'>

const of = (status: ItemResult['status'], code?: string): Ended => ({
  status,
  reason: code === undefined ? null : { code, params: {} },
})
const passed = of('passed')

describe('the outcome beside an item that passed', () => {
  it.each([
    [of('passed'), 'passed'],
    [of('warning'), 'warning'],
    [of('failed'), 'failed'],
    [of('error', 'LOGIN_FAILED'), 'inconclusive'],
    [of('timed_out', 'DEADLINE_PASSED'), 'inconclusive'],
    [of('skipped', 'DEPENDENCY_NOT_PASSED'), 'inconclusive'],
    [of('skipped'), 'inconclusive'],
    // Nothing to judge on this instance: the only skip that may stand beside a green outcome.
    [of('skipped', 'NOT_APPLICABLE'), 'passed'],
  ])('of %j is %s', (item, outcome) => {
    expect([outcomeOf([item, passed]), outcomeOf([passed, item])]).toEqual([outcome, outcome])
  })

  it('is the worst of several: failed, then an open question, then a warning', () => {
    const open = of('error', 'LOGIN_FAILED')
    expect(outcomeOf([of('warning'), open])).toBe('inconclusive')
    expect(outcomeOf([open, of('failed'), of('warning')])).toBe('failed')
  })
})

describe('an item is unanswered', () => {
  it.each([
    [of('error', 'LOGIN_FAILED'), true],
    [of('timed_out', 'DEADLINE_PASSED'), true],
    [of('skipped', 'DEPENDENCY_NOT_PASSED'), true],
    [of('skipped', 'NOT_APPLICABLE'), false],
    // Its findings say for which objects it could not be determined.
    [of('error'), false],
    [of('failed'), false],
  ])('that ended as %j: %s', (item, expected) => {
    expect(isUnanswered(item)).toBe(expected)
  })
})
