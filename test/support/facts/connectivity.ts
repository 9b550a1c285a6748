import type { Reach } from '../../../shared/checks/framework/answer.ts'

/** OSS of cn-hangzhou through its internal endpoint, which answers a stranger with 403. Times in ms. */
export const reach = (changes: Partial<Reach> = {}): Reach => ({
  url: 'https://oss-cn-hangzhou-internal.aliyuncs.com/',
  address: '100.118.28.1',
  phases: { dns: 1, connect: 2, tls: 4, http: 3 },
  status: 403,
  failure: null,
  ...changes,
})

/** An endpoint that was not reached: how far the probe came, and what stopped it there. */
export const notReached = (
  phase: NonNullable<Reach['failure']>['phase'],
  kind: NonNullable<Reach['failure']>['kind'],
  cause: string,
  changes: Partial<Reach> = {},
): Reach => reach({ status: null, failure: { phase, kind, cause }, ...changes })
