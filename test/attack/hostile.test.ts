import { expect, it } from 'vitest'
import { beside } from './hostile/beside.ts'
import { withHost } from './quiet-host.ts'

/** A little of what is run by hand, and some kinds of each engine: `npm run attack -- beside`. */
const plan = { prechecks: 12, seconds: 2, hostile: 12 }

/** What only waits is given up after so many seconds: more than a busy machine needs for what is healthy. */
const settings = { PRECHECK_ITEM_SECONDS: '15' }

/** How much longer it may take on a machine with two processors for all of it: hung is what takes longer still. */
const maxSlowdown = 30
/** Where it takes hardly any time alone, ms. */
const leastMs = 500

it('prechecks of healthy servers beside hostile ones of many kinds end as they do alone', async () => {
  const {
    alone,
    beside: attacked,
    hostile,
    maxRssMb,
  } = await withHost((host) => beside(host, plan), settings)
  expect([alone.wrong, attacked.wrong]).toEqual([{}, {}])
  expect([alone.right, attacked.right]).toEqual([plan.prechecks, plan.prechecks])
  expect(attacked.p95Ms).toBeLessThan(maxSlowdown * Math.max(leastMs, alone.p95Ms))
  expect(attacked.healthP99Ms).toBeLessThan(maxSlowdown * Math.max(leastMs, alone.healthP99Ms))
  expect(maxRssMb).toBeLessThan(500)
  // None of them is green, and none is missing.
  const ends = Object.keys(hostile)
  expect(ends.filter((end) => !end.includes(': failed'))).toEqual([])
  expect(new Set(ends.map((end) => end.split(':')[0])).size).toBe(plan.hostile)
})
