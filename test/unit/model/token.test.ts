import { describe, expect, it } from 'vitest'
import { type Token, isExpired } from '../../../shared/model/token.ts'

const token: Token = {
  id: '0123456789abcdef',
  name: 'nightly',
  scope: 'run',
  secretHash: 'a'.repeat(64),
  createdAt: '2026-11-01T00:00:00.000Z',
}

describe('a token', () => {
  it.each([
    ['that never expires', undefined, false],
    ['a millisecond before it expires', '2026-11-21T02:00:00.001Z', false],
    ['in the moment in which it expires', '2026-11-21T02:00:00.000Z', true],
    ['afterwards', '2026-11-21T01:59:59.999Z', true],
  ])('%s, is refused: %s %s', (_, expiresAt, isRefused) => {
    const now = new Date('2026-11-21T02:00:00.000Z')
    expect(isExpired({ ...token, ...(expiresAt !== undefined && { expiresAt }) }, now)).toBe(isRefused)
  })
})
