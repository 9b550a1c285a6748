import { QueueName } from '../model/dead-letter.ts'
import type { Page } from '../model/page.ts'
import type { FleetMember } from '../model/standing.ts'
import type { Sweep } from '../model/sweep.ts'
import { listAll } from '../ports/documents.ts'
import type { Log } from '../ports/log.ts'
import type { QueueContents, QueueLooks } from '../ports/queue-contents.ts'
import type { Sweeps } from '../ports/sweeps.ts'
import type { WebhookTraffic } from '../webhooks/model/traffic.ts'
import type { Webhook } from '../webhooks/model/webhook.ts'
import type { WebhookTraffics, Webhooks } from '../webhooks/stores.ts'
import { type FleetDeps, readFleet } from './fleet.ts'
import { listNewestSweeps } from './sweeps/list-newest-sweeps.ts'

interface Deps extends FleetDeps {
  readonly sweeps: Pick<Sweeps, 'list'>
  readonly webhooks: Pick<Webhooks, 'list'>
  readonly traffics: Pick<WebhookTraffics, 'get'>
  readonly queueLooks: QueueLooks
  readonly log: Log
}

/** A queue and what is in it. */
export interface MeasuredQueue extends QueueContents {
  readonly queue: QueueName
}

/** A webhook and how many deliveries to it have ended. */
export interface MeasuredWebhook extends Pick<WebhookTraffic, 'delivered' | 'dead'> {
  readonly webhook: Webhook
}

/** What metrics are made of. */
export interface Measured {
  readonly fleet: readonly FleetMember[]
  /** The sweep that began last; null: there was none. */
  readonly sweep: Sweep | null
  readonly webhooks: readonly MeasuredWebhook[]
  /** Those that could be looked into. */
  readonly queues: readonly MeasuredQueue[]
}

/** Instances that are read at a time. */
const batch = 10_000

const readAllOf = async (deps: FleetDeps): Promise<readonly FleetMember[]> => {
  const found: FleetMember[] = []
  let after: string | null = null
  do {
    const page: Page<FleetMember> = await readFleet(deps, { limit: batch, ...(after !== null && { after }) })
    found.push(...page.items)
    after = page.next
  } while (after !== null)
  return found
}

const readWebhooks = async ({
  webhooks,
  traffics,
}: Pick<Deps, 'webhooks' | 'traffics'>): Promise<readonly MeasuredWebhook[]> => {
  const all = await listAll(webhooks)
  const known = await Promise.all(all.map(({ id }) => traffics.get(id)))
  return all.map((webhook, index) => {
    const { delivered = 0, dead = 0 } = known[index]?.document ?? {}
    return { webhook, delivered, dead }
  })
}

/** Metrics go on without a queue that does not answer. */
const lookInto = async (
  { queueLooks, log }: Pick<Deps, 'queueLooks' | 'log'>,
  queue: QueueName,
): Promise<readonly MeasuredQueue[]> => {
  try {
    return [{ queue, ...(await queueLooks[queue]()) }]
  } catch (fault) {
    log.warn('metrics.queue-silent', {
      queue,
      message: fault instanceof Error ? fault.message : String(fault),
    })
    return []
  }
}

/**
 * Reads what metrics are made of: of each instance what stands beside its last result, and no result; of each webhook
 * what its calls have counted, and no delivery; of each queue its numbers, and no message.
 */
export const readMeasured = async (deps: Deps): Promise<Measured> => {
  const [fleet, sweeps, webhooks, queues] = await Promise.all([
    readAllOf(deps),
    listNewestSweeps(deps, { limit: 1 }),
    readWebhooks(deps),
    Promise.all(QueueName.options.map((queue) => lookInto(deps, queue))),
  ])
  return { fleet, sweep: sweeps.items[0] ?? null, webhooks, queues: queues.flat() }
}
