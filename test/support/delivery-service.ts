import { expect, vi } from 'vitest'
import { createHandler } from '../../functions/notify/handler.ts'
import { webhookSender } from '../../shared/adapters/webhook/webhook-sender.ts'
import type { MailSender } from '../../shared/webhooks/delivery/mail-sender.ts'
import { announceSweep, announcingPrechecks } from '../../shared/webhooks/delivery/announce.ts'
import { defaultRetryDelaysMs } from '../../shared/webhooks/delivery/delivery-schedule.ts'
import { createWebhook } from '../../shared/webhooks/register-webhook.ts'
import { withoutSchemaVersion } from '../../shared/model/schema-version.ts'
import type { CompletedPrecheck } from '../../shared/model/precheck.ts'
import { type SweepEntry, wasMissed } from '../../shared/model/sweep.ts'
import { NotificationMessage } from '../../shared/webhooks/model/delivery.ts'
import { WebhookDefinition } from '../../shared/webhooks/model/webhook.ts'
import { documentsOf } from '../../shared/ports/documents.ts'
import type { Queue, QueueConsumer } from '../../shared/ports/queue.ts'
import type { Results } from '../../shared/ports/results.ts'
import type { Instances } from '../../shared/ports/instances.ts'
import type { SweepEntries, Sweeps } from '../../shared/ports/sweeps.ts'
import type { WebhookDeliveries, WebhookTraffics, Webhooks } from '../../shared/webhooks/stores.ts'
import { queueEvent } from '../../shared/runtime/fc-event.ts'
import { newWebhookId } from '../../shared/runtime/ids.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { clocksAt } from './clocks.ts'
import { definitionOf } from './context.ts'
import { nightOf } from './nights.ts'

/** The ports that deliveries stand on, of one kind. */
export interface DeliveryPorts {
  readonly webhooks: Webhooks
  readonly deliveries: WebhookDeliveries
  readonly traffics: WebhookTraffics
  readonly results: Results
  readonly sweeps: Sweeps
  readonly sweepEntries: SweepEntries
  readonly instances: Instances
  readonly notifications: Queue<NotificationMessage>
  /** The other end of the queue, opened anew: it sees what is due by the clock as it stands. */
  readonly consumer: () => Pick<QueueConsumer, 'receive' | 'acknowledge'>
  /** All that is stored about deliveries, as text. */
  readonly written: () => string
  readonly close: () => Promise<void>
}

const rules = { hasMailServer: true, allowHttp: true, allowedNetworks: ['127.0.0.0/8'] }

/** Secret part of the addresses of robots. */
export const robotSecret = 's3cr3t-token'

/** Time for one call of a receiver, ms: more than a test takes. */
const callLimitMs = 60_000

/** The longest that a message which is due may take to come, ms. */
const dueWithinMs = 5000

/** Messages that are received in one go. */
const maxAtOnce = 1000

/** The function `notify` before real sockets, and the queue before it, by a `Date` that the test moves. */
export const deliveryService = (ports: DeliveryPorts, sendMail: MailSender | null = null) => {
  /** When each message that is in the queue is due. */
  let dues: number[] = []
  const deps = {
    ...ports,
    secrets: { resolve: async () => ({ value: robotSecret }) },
    webhookKey: async () => ({ value: 'a master key' }),
    previousWebhookKey: async () => null,
    webhookRules: rules,
    secretRules: { folder: '/run/secrets' },
    newWebhookId,
    sendWebhook: webhookSender(rules),
    notifications: {
      send: async (messages, options = {}) => {
        await ports.notifications.send(messages, options)
        const dueAt = Date.now() + (options.delaySeconds ?? 0) * 1000
        dues.push(...messages.map(() => dueAt))
      },
    } satisfies Queue<NotificationMessage>,
    callLimitMs,
    mailLimitMs: callLimitMs,
    sendMail,
    publicUrl: null,
    maxCalls: 4,
    retryDelaysMs: defaultRetryDelaysMs,
    random: () => 0.5,
    ...clocksAt(),
  }
  const log = jsonLog('error', () => undefined)
  const notify = createHandler(deps, log)

  const deliver = (message: NotificationMessage): Promise<unknown> =>
    notify(queueEvent('notifications', [JSON.stringify(message)]), { requestId: 'request' })

  /** Takes all that is due out of the queue, which must hold back the rest. */
  const take = async (): Promise<NotificationMessage[]> => {
    const due = dues.filter((dueAt) => dueAt <= Date.now()).length
    dues = dues.filter((dueAt) => dueAt > Date.now())
    const consumer = ports.consumer()
    const bodies: string[] = []
    const receive = async (waitMs: number): Promise<boolean> => {
      const received = await consumer.receive(maxAtOnce, waitMs)
      await consumer.acknowledge(received.map(({ receipt }) => receipt))
      bodies.push(...received.map(({ body }) => body))
      return received.length > 0
    }
    while (bodies.length < due && (await receive(dueWithinMs)));
    await receive(0)
    if (bodies.length !== due) throw new Error(`${due} messages are due, and ${bodies.length} came`)
    return bodies.map((body) => NotificationMessage.parse(withoutSchemaVersion(JSON.parse(body))))
  }

  return {
    deps,
    deliver,
    take,
    /** Delivers what is due, however late that is, until nothing waits. */
    drain: async (): Promise<void> => {
      for (;;) {
        for (const message of await take()) await deliver(message)
        if (dues.length === 0) return
        vi.setSystemTime(Math.min(...dues) - 1)
        expect(await take()).toEqual([])
        vi.setSystemTime(Math.min(...dues))
      }
    },
    register: async (definition: object) => {
      const created = await createWebhook(deps, WebhookDefinition.parse(definition))
      if ('failure' in created) throw new Error(created.failure.code)
      return { id: created.value.webhook.id, secret: created.value.secret ?? '' }
    },
    /** Stores a precheck, as the collector does at its end, and has webhooks told. */
    end: async (precheck: CompletedPrecheck): Promise<void> => {
      const { outcome: _, comparison: __, completedAt: ___, ...plan } = precheck
      await ports.results.create({ ...plan, state: 'running' }, null)
      await announcingPrechecks(deps)(precheck)
      await ports.results.complete(precheck, 1)
    },
    /** Stores a night with its prechecks, instances of a team each, as the rounds of sweeps do at its end. */
    endNight: async (
      entries: readonly SweepEntry[],
      teamOf: (instanceId: string) => string,
    ): Promise<void> => {
      const night = nightOf()
      for (const entry of entries) {
        const { sweepId, instanceId: id } = entry
        await ports.sweepEntries.put([sweepId, id], entry, 0)
        const definition = definitionOf('sqlserver', { tags: { team: teamOf(id) } })
        const at = night.startedAt
        const about = { status: 'registered', registeredAt: at, updatedAt: at, validatedAt: null } as const
        await ports.instances.put(id, { id, definition, revision: 1, ...about }, 0)
      }
      await announceSweep(deps, night, entries.some(wasMissed))
      await ports.sweeps.put(night.id, night, 0)
    },
    recordsOf: async (id: string) =>
      documentsOf(await ports.deliveries.list({ group: id, limit: 200 })).items,
  }
}

export type DeliveryService = ReturnType<typeof deliveryService>
