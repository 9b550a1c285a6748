import { expect, it } from 'vitest'
import { readMeasured } from '../../../shared/flows/metrics.ts'
import { keptLog } from '../../support/kept-log.ts'

it('metrics go on without a queue that does not answer', async () => {
  const { log, lines } = keptLog()
  const none = async () => ({ items: [], next: null })
  const contents = { waiting: 1, taken: 0, delayed: 0, oldestWaitsMs: null }
  const { queues } = await readMeasured({
    instances: { listHeads: none },
    results: { standings: none },
    sweeps: { list: none },
    webhooks: { list: none },
    traffics: { get: async () => null },
    queueLooks: {
      checks: async () => contents,
      results: async () => {
        throw new Error('GetQueueAttributes: AccessDenied')
      },
      notifications: async () => contents,
    },
    log,
  })
  expect(queues.map(({ queue }) => queue)).toEqual(['checks', 'notifications'])
  const message = 'GetQueueAttributes: AccessDenied'
  expect(lines).toEqual([{ level: 'warn', event: 'metrics.queue-silent', queue: 'results', message }])
})
