import { describe, expect, it } from 'vitest'
import { endedOf } from '../../../infra/console/fleet/ended.ts'

const startedAt = 1000
const member = (id: string, completedAt: number, isRunning = false) => ({ id, completedAt, isRunning })

describe('prechecks that were asked for at once', () => {
  it('have ended when their results are younger than their start', () => {
    const members = [
      member('ended', 1001),
      member('runs', 900, true),
      member('runs-again', 1001, true),
      member('older', 999),
      member('not-asked-for', 1001),
    ]
    expect(endedOf({ started: ['ended', 'runs', 'runs-again', 'older'], startedAt }, members)).toBe(1)
  })
})
