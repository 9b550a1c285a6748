import { describe, expect, it } from 'vitest'
import { type HealthStatus, worstOf } from '../../../shared/model/health.ts'

describe('the health of the service', () => {
  it.each<[readonly HealthStatus[], HealthStatus]>([
    [[], 'pass'],
    [['pass', 'pass'], 'pass'],
    [['pass', 'warn', 'pass'], 'warn'],
    [['warn', 'pass'], 'warn'],
    [['warn', 'fail', 'pass'], 'fail'],
    [['fail', 'warn'], 'fail'],
  ])('of parts that are %j is %s', (statuses, worst) => {
    expect(worstOf(statuses)).toBe(worst)
  })
})
