import { describe, expect, it } from 'vitest'
import { type Validation, isAwaited } from '../../../shared/model/validation.ts'

const now = new Date('2026-11-21T02:00:00.000Z')
const answered: Validation['result'] = { problem: null, missing: [] }

describe('the result of a validation', () => {
  it.each<[string, Validation['result'], string, boolean]>([
    ['is awaited until the deadline', null, '2026-11-21T02:00:00.001Z', true],
    ['is not awaited in the moment of the deadline', null, '2026-11-21T02:00:00.000Z', false],
    ['is not awaited afterwards', null, '2026-11-21T01:59:59.999Z', false],
    ['is not awaited once it is there', answered, '2026-11-21T02:00:00.001Z', false],
  ])('%s', (_, result, deadlineAt, isStillAwaited) => {
    const requestedAt = '2026-11-21T01:59:00.000Z'
    const validation = { id: 'val_0123456789abcdef', requestedAt, deadlineAt, result }
    expect(isAwaited(validation, now)).toBe(isStillAwaited)
  })
})
