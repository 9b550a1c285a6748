import { deliverWebhook } from '../../shared/webhooks/delivery/deliver-webhook.ts'
import { defaultRetryDelaysMs } from '../../shared/webhooks/delivery/delivery-schedule.ts'
import type { CompletedPrecheck, Precheck } from '../../shared/model/precheck.ts'
import type { Sweep, SweepEntry } from '../../shared/model/sweep.ts'
import { NotificationMessage, WebhookDelivery } from '../../shared/webhooks/model/delivery.ts'
import { WebhookTraffic } from '../../shared/webhooks/model/traffic.ts'
import { Webhook, WebhookDefinition } from '../../shared/webhooks/model/webhook.ts'
import type { DocumentKey, Stored } from '../../shared/ports/documents.ts'
import type {
  WebhookRequest,
  WebhookAnswer,
  WebhookSender,
} from '../../shared/webhooks/delivery/webhook-sender.ts'
import { completedOf, itemResult, simpleDatabase } from './completed-prechecks.ts'
import { keptLog } from './kept-log.ts'
import { type Life, mortal, mortalDocuments } from './mortal.ts'
import { pageOf } from './stores.ts'
import { clocksAt } from './clocks.ts'

type Deps = Parameters<typeof deliverWebhook>[0]

/** What a queue does with a message that nobody acknowledged, ms. */
const visibilityTimeoutMs = 30_000

export const robotToken = 'a-secret_of.a~robot'

export const masterKey = 'a master key of the tests'

/** A webhook that is told of failed prechecks and of completed sweeps. */
export const webhookOf = (number: number, changes: Readonly<Record<string, unknown>> = {}): Webhook => ({
  id: `wh_${number.toString(16).padStart(16, '0')}`,
  definition: WebhookDefinition.parse({
    url: `https://receiver-${number}.example/hook`,
    events: ['precheck.failed', 'sweep.completed'],
    ...changes,
  }),
  secrets: [{ version: 1, until: null }],
  stopped: null,
  revision: 1,
  createdAt: '2026-11-01T00:00:00.000Z',
  updatedAt: '2026-11-01T00:00:00.000Z',
})

/** A precheck that failed, of an instance of its own. */
export const failedPrecheck = (number = 1): CompletedPrecheck =>
  completedOf({
    results: [itemResult([simpleDatabase('Sales')])],
    over: { id: `pc_${number.toString(16).padStart(32, '0')}`, instanceId: `db${number}` },
  })

/** What tells a webhook of a failed precheck. */
export const messageOf = ({ id: webhookId }: Webhook, { id }: Precheck): NotificationMessage => ({
  webhookId,
  source: { kind: 'precheck', precheckId: id, type: 'precheck.failed' },
  attempts: 0,
})

/** Documents that are written by whoever saw the last revision; nothing is shared with what was written. */
const documents = <Document>(parse: (document: unknown) => Document) => {
  const rows = new Map<string, Stored<Document>>()
  return {
    rows,
    port: {
      get: async (key: DocumentKey) => rows.get(String(key)) ?? null,
      put: async (key: DocumentKey, document: Document, revision: number): Promise<boolean> => {
        if ((rows.get(String(key))?.revision ?? 0) !== revision) return false
        rows.set(String(key), {
          document: parse(JSON.parse(JSON.stringify(document))),
          revision: revision + 1,
        })
        return true
      },
    },
  }
}

interface Event {
  readonly at: number
  readonly happen: () => void
}

/** A clock that jumps from one event to the next, when everything that an event set off has come to rest. */
const clockFrom = (start: number) => {
  let now = start
  const events: Event[] = []
  const rest = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    now: () => now,
    at: (ms: number, happen: () => void): void => {
      events.push({ at: Math.max(ms, now), happen })
      events.sort((one, other) => one.at - other.at)
    },
    /** Lets everything happen up to a time; resolves with false if there would be more. */
    run: async (until: number): Promise<boolean> => {
      await rest()
      while (events[0] && events[0].at <= until) {
        const next = events.shift()!
        now = next.at
        next.happen()
        await rest()
      }
      if (events.length > 0) now = until
      return events.length === 0
    },
  }
}

/** An answer of a receiver, and how long it takes, ms. */
export interface Reaction {
  readonly answer: WebhookAnswer
  readonly afterMs?: number
}

export const answered = (status: number, retryAfterMs: number | null = null, body = ''): Reaction => ({
  answer: { status, body, retryAfterMs },
})

/** A call as it came to a receiver. */
export interface ReceivedCall extends WebhookRequest {
  readonly at: number
}

interface WorldOptions {
  readonly webhooks: readonly Webhook[]
  readonly prechecks?: readonly Precheck[]
  readonly sweeps?: readonly Sweep[]
  readonly entries?: readonly SweepEntry[]
  readonly startsAt?: string
  readonly consumers?: number
  /** How long each invocation lives, one after the other; those that are left out live on. */
  readonly lives?: readonly Life[]
  readonly react?: (call: ReceivedCall, number: number) => Reaction
  readonly changes?: Partial<Deps>
}

/** Webhooks, their receivers, and the queue between, over days of a clock that takes no time. */
export const deliveryWorld = ({
  webhooks,
  prechecks = [],
  sweeps = [],
  entries = [],
  startsAt = '2026-11-21T02:00:10.000Z',
  consumers = 10,
  lives = [],
  react = () => answered(204),
  changes = {},
}: WorldOptions) => {
  const clock = clockFrom(Date.parse(startsAt))
  const hooks = documents((document) => Webhook.parse(document))
  const records = documents((document) => WebhookDelivery.parse(document))
  const traffics = documents((document) => WebhookTraffic.parse(document))
  const known = new Map(prechecks.map((precheck) => [precheck.id, precheck]))
  const knownSweeps = new Map(sweeps.map((sweep) => [sweep.id, sweep]))
  for (const webhook of webhooks) hooks.rows.set(webhook.id, { document: webhook, revision: 1 })

  const { log, lines } = keptLog()
  const calls: ReceivedCall[] = []
  const underWay = new Map<string, number>()
  const crowds = new Map<string, number>()
  const sendWebhook: WebhookSender = (request) => {
    const call = { ...request, at: clock.now() }
    calls.push(call)
    const { answer, afterMs = 20 } = react(call, calls.length)
    const crowd = (underWay.get(call.url) ?? 0) + 1
    underWay.set(call.url, crowd)
    crowds.set(call.url, Math.max(crowd, crowds.get(call.url) ?? 0))
    return new Promise((resolve) =>
      clock.at(clock.now() + afterMs, () => {
        underWay.set(call.url, (underWay.get(call.url) ?? 1) - 1)
        resolve(answer)
      }),
    )
  }

  const sent: { readonly message: NotificationMessage; readonly at: number; readonly dueAt: number }[] = []
  const ready: NotificationMessage[] = []
  const faults: unknown[] = []
  const left = [...lives]
  let busy = 0

  const deliverAt = (message: NotificationMessage, dueAt: number): void =>
    clock.at(dueAt, () => {
      ready.push(message)
      work()
    })
  const enqueue = (message: NotificationMessage, delaySeconds: number): void => {
    const dueAt = clock.now() + delaySeconds * 1000
    // What went over a queue is what was parsed on its other side.
    const parsed = NotificationMessage.parse(JSON.parse(JSON.stringify(message)))
    sent.push({ message: parsed, at: clock.now(), dueAt })
    deliverAt(parsed, dueAt)
  }

  const ports = {
    webhooks: hooks.port,
    deliveries: records.port,
    traffics: traffics.port,
    results: {
      get: async (id: string) => {
        const precheck = known.get(id)
        return precheck ? { precheck, revision: 1 } : null
      },
      getPage: async () => null,
    },
    sweeps: {
      get: async (id: string) => {
        const sweep = knownSweeps.get(id)
        return sweep ? { document: sweep, revision: 1 } : null
      },
    },
    sweepEntries: { list: async () => pageOf(entries) },
    instances: { listHeads: async () => ({ items: [], next: null }) },
    secrets: { resolve: async () => ({ value: robotToken }) },
    notifications: {
      send: async (messages: readonly NotificationMessage[], { delaySeconds = 0 } = {}) => {
        for (const message of messages) enqueue(message, delaySeconds)
      },
    },
  }
  const receiver = { sendWebhook }

  const depsFor = (life: Life): Deps => ({
    webhooks: mortal(ports.webhooks, life),
    deliveries: mortalDocuments(ports.deliveries, life),
    traffics: mortalDocuments(ports.traffics, life),
    results: mortal(ports.results, life),
    sweeps: mortal(ports.sweeps, life),
    sweepEntries: mortal(ports.sweepEntries, life),
    instances: ports.instances,
    secrets: mortal(ports.secrets, life),
    notifications: mortal(ports.notifications, life),
    sendWebhook: mortal(receiver, life).sendWebhook,
    webhookKey: async () => ({ value: masterKey }),
    previousWebhookKey: async () => null,
    callLimitMs: 10_000,
    mailLimitMs: 30_000,
    sendMail: null,
    publicUrl: null,
    maxCalls: 4,
    retryDelaysMs: defaultRetryDelaysMs,
    random: () => 0.5,
    log,
    ...clocksAt(clock.now),
    ...changes,
  })

  const invoke = async (message: NotificationMessage): Promise<void> => {
    const life = left.shift() ?? { calls: Number.POSITIVE_INFINITY, dies: 'before' }
    try {
      await deliverWebhook(depsFor({ ...life }), message)
    } catch (fault) {
      faults.push(fault)
      deliverAt(message, clock.now() + visibilityTimeoutMs)
    }
    busy -= 1
    work()
  }
  const work = (): void => {
    while (busy < consumers && ready.length > 0) {
      busy += 1
      void invoke(ready.shift()!)
    }
  }

  return {
    now: clock.now,
    at: clock.at,
    calls,
    lines,
    sent,
    faults,
    known,
    knownSweeps,
    hooks: hooks.rows,
    ports,
    traffic: (webhook: Webhook) => traffics.rows.get(webhook.id)?.document,
    send: (message: NotificationMessage, delaySeconds = 0) => enqueue(message, delaySeconds),
    /** Lets everything happen that is to come within some days; resolves with false if there would be more. */
    run: (days = 10) => clock.run(clock.now() + days * 86_400_000),
    runFor: (ms: number) => clock.run(clock.now() + ms),
    records: (): WebhookDelivery[] => [...records.rows.values()].map(({ document }) => document),
    /** Calls of an address that were under way at the same time. */
    maxAtOnce: (url: string) => crowds.get(url) ?? 0,
  }
}
