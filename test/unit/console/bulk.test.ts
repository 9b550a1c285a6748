import { describe, expect, it } from 'vitest'
import { endedOf } from '../../../infra/console/fleet/ended.ts'

const member = (id: string, completedAt: number, isRunning = false) => ({ id, completedAt, isRunning })

const before = new Map([
  ['ended', 999],
  ['first', 0],
  ['runs', 900],
  ['runs-again', 999],
  ['not-yet', 999],
])

describe('prechecks that were asked for at once', () => {
  it('have ended when there is another result than before', () => {
    const members = [
      member('ended', 1001),
      member('first', 1001),
      member('runs', 900, true),
      member('runs-again', 1001, true),
      member('not-yet', 999),
      member('not-asked-for', 1001),
    ]
    expect(endedOf({ started: [...before.keys()], before }, members)).toBe(2)
  })
})
