import type { Sweeps } from '../ports/sweeps.ts'
import type { WebhookDeliveries, Webhooks } from '../webhooks/stores.ts'
import type { Log } from '../ports/log.ts'

/** Ports that log what an operator wants to know when it has been written. */

/** Logs every sweep that is completed, with its counts. */
export const loggedSweeps = (sweeps: Sweeps, log: Log): Sweeps => ({
  ...sweeps,
  put: async (sweep, revision) => {
    const isWritten = await sweeps.put(sweep, revision)
    const { id, state, counts } = sweep
    if (isWritten && state === 'completed') log.info('sweep.completed', { sweep: id, ...counts })
    return isWritten
  },
})

/** Logs every delivery that is given up: a dead letter, which can be redelivered. */
export const loggedDeliveries = <Deliveries extends Pick<WebhookDeliveries, 'put'>>(
  deliveries: Deliveries,
  log: Log,
): Deliveries => ({
  ...deliveries,
  put: async (...given: Parameters<WebhookDeliveries['put']>) => {
    const isWritten = await deliveries.put(...given)
    const [{ webhookId, eventId, state, attempts }] = given
    const { code = '', detail = '' } = attempts.at(-1)?.failure ?? {}
    if (isWritten && state === 'dead')
      log.warn('delivery.dead', { webhook: webhookId, eventId, code, detail })
    return isWritten
  },
})

/** Logs every webhook that the service calls no more. */
export const loggedWebhooks = <Hooks extends Pick<Webhooks, 'put'>>(webhooks: Hooks, log: Log): Hooks => ({
  ...webhooks,
  put: async (...given: Parameters<Webhooks['put']>) => {
    const isWritten = await webhooks.put(...given)
    const [{ id, stopped }] = given
    if (isWritten && stopped) log.warn('webhook.stopped', { webhook: id, code: stopped.code })
    return isWritten
  },
})
