import { beforeAll, expect, it } from 'vitest'
import { makeBundles } from '../bench/bundles.ts'
import { sweepFleet } from '../bench/fleet.ts'

beforeAll(() => makeBundles('fleet-host'))

it('kill -9 in the middle of a sweep loses no instance and starts none twice', async () => {
  const instances = 2000
  const swept = await sweepFleet({ instances, killAt: 0.3 })
  expect(swept).toMatchObject({ ended: instances, startedTwice: 0, lost: 0 })
  expect(swept.endedAtKill).toBeGreaterThan(0)
  expect(swept.endedAtKill).toBeLessThan(instances)
})
