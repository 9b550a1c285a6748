import { expect, it } from 'vitest'
import { keptSince } from '../../../shared/model/retention.ts'

it('drops nothing that is 180 days old or less', () => {
  expect(new Date(keptSince('2026-11-21T02:00:00.000Z')).toISOString()).toBe('2026-05-25T02:00:00.000Z')
})
