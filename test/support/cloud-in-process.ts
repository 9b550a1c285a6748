import Sdk from '@alicloud/mns'
import type * as z from 'zod'
import { createHandler as createApi } from '../../functions/api/handler.ts'
import { createHandler as createCollect } from '../../functions/collect/handler.ts'
import { createHandler as createRunCheck } from '../../functions/run-check/handler.ts'
import { mnsClient } from '../../shared/adapters/mns/mns-client.ts'
import { mnsConsumer } from '../../shared/adapters/mns/mns-consumer.ts'
import { mnsIncomingResults, mnsResultQueue, resultPartKind } from '../../shared/adapters/mns/mns-results.ts'
import { tablestoreDocuments } from '../../shared/adapters/tablestore/tablestore-documents.ts'
import { mnsLook } from '../../shared/adapters/mns/mns-look.ts'
import { mnsQueue } from '../../shared/adapters/mns/mns-queue.ts'
import { defaultEndpointSettings } from '../../shared/checks/connectivity/endpoints.ts'
import { issueToken } from '../../shared/flows/tokens.ts'
import type { InstanceDefinition } from '../../shared/model/instance.ts'
import type { FanOut } from '../../shared/model/fan-out.ts'
import { beginInOrder } from '../../shared/flows/prechecks/begin-in-order.ts'
import type { LoginMessage } from '../../shared/model/queue-messages.ts'
import type { NotificationMessage } from '../../shared/webhooks/model/delivery.ts'
import { listAll } from '../../shared/ports/documents.ts'
import type { DeadLetterQueue } from '../../shared/ports/dead-letters.ts'
import type { Probes } from '../../shared/ports/probe.ts'
import { queueEvent } from '../../shared/runtime/fc-event.ts'
import {
  newAcknowledgementId,
  newChangeId,
  newSweepSuffix,
  newValidationId,
  newWebhookId,
} from '../../shared/runtime/ids.ts'
import { healthOf } from '../../shared/runtime/health/health.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import type { QueueFunction } from '../../shared/runtime/queue-chain.ts'
import { startMns } from '../emulators/mns/server.ts'
import { type Mishap, type PassingRequest, startRelay } from './relay.ts'
import { httpEvent } from './http-event.ts'
import { cloudStores } from './stores.ts'
import { startTablestoreStore } from './tablestore-store.ts'
import { clocksAt } from './clocks.ts'

/** What goes wrong with a request: the service refuses it for a moment, or the network plays up. */
export type RequestFault = Mishap | 'refused'

const account = {
  name: 'owner',
  accountId: '1234567890',
  accessKeyId: 'LTAIowner',
  accessKeySecret: 'secret',
}

/** Clients wait this long for an answer, ms; what comes late comes after that. */
export const impatientMs = 1000
const lateMs = 1300

/** The time limit of those that wait for every answer, ms. */
const patientMs = 60_000

/** Tries again at once. */
const retry = { attempts: 6, baseDelayMs: 2, maxDelayMs: 10, budgetMs: 60_000 }

const deadlineMs = 60_000
const writes = ['PutRow', 'UpdateRow', 'DeleteRow', 'BatchWriteRow']

/** The dead letters of a queue that gave nothing up. */
const noLetters: DeadLetterQueue = {
  look: async () => [],
  redrive: async () => ({ redriven: 0, unreadable: 0, more: false }),
}

const writtenBy = ({ path }: PassingRequest): string => path.slice(1)

const sentBy = ({ body }: PassingRequest): string =>
  body.includes('<Messages') ? 'BatchSendMessage' : 'SendMessage'

/** What happens to messages on their way to a function: the bodies of one push each, in their order. */
export type Arrange = (bodies: readonly string[]) => readonly (readonly string[])[]

export const oneByOne: Arrange = (bodies) => bodies.map((body) => [body])

/**
 * The functions in this process, on the real adapters and SDKs, each request over a network that may play up; and a
 * clock that can leap to the deadline. For tests of very many prechecks, for which a process per function would be too
 * slow.
 */
export const startCloudInProcess = async (
  probes: Probes,
  {
    fanOut = 'item',
    timeoutMs = patientMs,
  }: { readonly fanOut?: FanOut; readonly timeoutMs?: number | undefined } = {},
) => {
  let leaptMs = 0
  const now = (): number => Date.now() + leaptMs
  const [mns, store] = await Promise.all([
    startMns({ accountId: account.accountId, accessKeys: [account], now }),
    startTablestoreStore(now),
  ])
  const sdk = new Sdk(account.accountId, { ...account, endpoint: mns.endpoint })
  await sdk.createQueue('checks', { VisibilityTimeout: 30 })
  await sdk.createQueue('results', { VisibilityTimeout: 30 })
  await sdk.createQueue('notifications', { VisibilityTimeout: 30 })

  const requests: string[] = []
  let planned: { readonly number: number; readonly fault: RequestFault } | null = null
  let isRefusing = false
  const deciding = (nameOf: (request: PassingRequest) => string) => (request: PassingRequest) => {
    requests.push(nameOf(request))
    if (planned?.number !== requests.length) return undefined
    const { fault } = planned
    if (fault !== 'refused') return fault
    isRefusing = true
    return undefined
  }
  const refuses = (): boolean => {
    const does = isRefusing
    isRefusing = false
    return does
  }
  mns.onRequest(() => (refuses() ? { refuse: 'QpsLimitExceeded' } : undefined))
  store.emulator.onRequest(() =>
    refuses() ? { when: 'before', outcome: { status: 503, code: 'OTSServerBusy' } } : undefined,
  )
  const [tableRelay, queueRelay] = await Promise.all([
    startRelay(store.emulator.endpoint, lateMs, deciding(writtenBy)),
    startRelay(mns.endpoint, lateMs, deciding(sentBy)),
  ])

  const queues = (endpoint: string) =>
    mnsClient({
      accountId: account.accountId,
      region: 'cn-hangzhou',
      endpoint,
      credentials: () => account,
      timeoutMs,
      retry,
    })
  const tables = store.connect({ endpoint: tableRelay.url, timeoutMs, retry })
  const sending = queues(queueRelay.url)
  const direct = cloudStores(store.connect())
  let prechecks = 0
  const stores = cloudStores(tables)
  const checks = mnsQueue<LoginMessage>(sending, 'checks')
  const resultQueue = mnsResultQueue(sending, 'results')
  const deps = {
    ...stores,
    checks,
    resultQueue,
    begin: beginInOrder({ ...stores, checks, resultQueue }),
    currentPolicies: () => listAll(stores.policies),
    incomingResults: mnsIncomingResults(tablestoreDocuments(tables)(resultPartKind)),
    notifications: mnsQueue<NotificationMessage>(sending, 'notifications'),
    deadLetterQueues: { checks: noLetters, results: noLetters, notifications: noLetters },
    queueLooks: {
      checks: mnsLook(sending, 'checks'),
      results: mnsLook(sending, 'results'),
      notifications: mnsLook(sending, 'notifications'),
    },
    webhookRules: { allowHttp: false, allowedNetworks: [] },
    publicUrl: null,
    secretRules: { folder: null },
    webhookKey: async () => ({ value: 'secret' }),
    probes,
    secrets: { resolve: async () => ({ value: 'secret' }) },
    endpoints: defaultEndpointSettings,
    limits: { deadlineMs, itemMs: 20_000 },
    fanOut,
    requestsPerMinute: 0,
    ...clocksAt(now),
    sleep: async () => undefined,
    newPrecheckId: () => {
      prechecks += 1
      return `pc_${String(prechecks).padStart(32, '0')}`
    },
    newSweepSuffix,
    health: healthOf({}, () => new Date(now())),
    newAcknowledgementId,
    newChangeId,
    newValidationId,
    newWebhookId,
  }
  const log = jsonLog('error', () => undefined)
  const api = createApi(deps, log)
  const functions: Readonly<Record<'checks' | 'results', QueueFunction>> = {
    // However busy the machine is, the same results are sent together.
    checks: createRunCheck(deps, log, 60_000),
    results: createCollect(deps, log),
  }
  const { bearer } = await issueToken(direct.tokens, { name: 'tests', scope: 'admin' }, deps.now())

  const ask = async (method: string, path: string, body?: unknown, key?: string) => {
    const headers = {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    }
    const sent = Buffer.from(body === undefined ? '' : JSON.stringify(body))
    const event = httpEvent({ method, path, query: {}, headers, body: sent, requestId: 'request' })
    return api(event, { requestId: 'request' })
  }

  /** Pushes as EventBridge does: again when the function failed. */
  const push = async (queue: 'checks' | 'results', bodies: readonly string[]): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return void (await functions[queue](queueEvent(queue, bodies), { requestId: queue }))
      } catch (fault) {
        if (attempt === 3) throw fault
      }
    }
  }

  return {
    results: direct.results,
    /** Requests of the functions since the last plan, in order. */
    requests,
    rows: () => store.emulator.tables(),
    register: async (id: string, definition: z.input<typeof InstanceDefinition>): Promise<void> => {
      const { statusCode, body } = await ask('PUT', `/v1/instances/${id}`, definition)
      if (statusCode !== 201) throw new Error(body)
    },
    /** Counts requests from now on; the `number`-th one (from 1) goes wrong. */
    plan: (number: number, fault: RequestFault): void => {
      requests.length = 0
      planned = { number, fault }
    },
    /** Starts a precheck and gives its id. */
    start: async (id: string, key: string): Promise<string> => {
      const { statusCode, body } = await ask('POST', `/v1/instances/${id}/prechecks`, {}, key)
      if (statusCode !== 202) throw new Error(body)
      const started: { readonly id: string } = JSON.parse(body)
      return started.id
    },
    /** Delivers all that waits in a queue; `seen` is called after every push. */
    drain: async (
      queue: 'checks' | 'results',
      arrange: Arrange = oneByOne,
      seen: () => Promise<void> = async () => undefined,
    ): Promise<void> => {
      const consumer = mnsConsumer(queues(mns.endpoint), queue)
      for (;;) {
        const deliveries = await consumer.receive(1000, 0)
        if (deliveries.length === 0) return
        for (const bodies of arrange(deliveries.map(({ body }) => body))) {
          await push(queue, bodies)
          await seen()
        }
        await consumer.acknowledge(deliveries.map(({ receipt }) => receipt))
      }
    },
    /** Delivers results once more. */
    deliver: (bodies: readonly string[]): Promise<void> => push('results', bodies),
    /** Until nothing that was held back is on its way any more. */
    calm: async (): Promise<void> => {
      await Promise.all([tableRelay.idle(), queueRelay.idle()])
    },
    /** To the time when the deadline of whatever was started has passed. */
    leapToDeadline: (): void => {
      leaptMs += deadlineMs + 1000
    },
    /**
     * The `write`-th write from now on is the last request of its function, which is pushed to again after that. Gives
     * what calls it off, and tells whether it has happened.
     */
    killAt: (write: number, when: 'before' | 'after'): (() => boolean) => {
      let seen = 0
      let state: 'alive' | 'dying' | 'dead' = 'alive'
      const callOff = store.emulator.onRequest(({ operation }) => {
        if (state === 'dead') return undefined
        if (state === 'dying') {
          // The SDK's next try, which nobody makes who is dead.
          state = 'dead'
          return { when: 'before', outcome: { status: 400, code: 'OTSParameterInvalid' } }
        }
        if (!writes.includes(operation)) return undefined
        seen += 1
        if (seen !== write) return undefined
        state = 'dying'
        return { when, outcome: 'drop' }
      })
      return () => {
        callOff()
        return state === 'dead'
      }
    },
    close: async (): Promise<void> => {
      await Promise.all([tableRelay.close(), queueRelay.close()])
      await Promise.all([mns.close(), store.emulator.close()])
    },
  }
}

export type CloudInProcess = Awaited<ReturnType<typeof startCloudInProcess>>
