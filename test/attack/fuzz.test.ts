import { expect, it } from 'vitest'
import { fuzz, fuzzSettings } from './fuzz/fuzz.ts'
import { propertyRuns } from '../support/property-runs.ts'
import { withHost } from './quiet-host.ts'

/** Seconds' worth on an idle machine; another seed each day is another test each day. */
const plan = { requests: propertyRuns(600), seed: Math.floor(Math.random() * 2 ** 30) }

it(`every answer to ${plan.requests} requests is one of the OpenAPI document (seed ${plan.seed})`, async () => {
  await withHost(async (host) => {
    const { requests, served, statuses } = await fuzz(host, plan)
    expect(requests).toBeGreaterThanOrEqual(plan.requests)
    // Not only refused: nearly all of the 37 operations have done what they are for.
    expect(served.size).toBeGreaterThan(30)
    expect(Object.keys(statuses)).toEqual(
      expect.arrayContaining(['200', '201', '202', '204', '404', '405', '422']),
    )
    expect(host.output()).not.toContain('"level":"error"')
  }, fuzzSettings)
})
