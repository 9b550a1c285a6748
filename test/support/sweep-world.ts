import { randomBytes } from 'node:crypto'
import { beginInOrder } from '../../shared/flows/prechecks/begin-in-order.ts'
import { registerInstance } from '../../shared/flows/instances/register-instance.ts'
import { runSweeps } from '../../shared/flows/sweeps/run-sweeps.ts'
import type { SweepDeps } from '../../shared/flows/sweeps/sweep-round.ts'
import type { ItemResult } from '../../shared/model/item-result.ts'
import { completePrecheck, recordResults } from '../../shared/model/precheck.ts'
import type { CheckMessage, ResultMessage } from '../../shared/model/queue-messages.ts'
import type { SweepEntry } from '../../shared/model/sweep.ts'
import type { NotificationMessage } from '../../shared/webhooks/model/delivery.ts'
import type { Webhook } from '../../shared/webhooks/model/webhook.ts'
import type { Page, PageRequest } from '../../shared/model/page.ts'
import type { Queue } from '../../shared/ports/queue.ts'
import { definitionOf } from './context.ts'
import { keptLog } from './kept-log.ts'
import { type Life, mortal, mortalDocuments } from './mortal.ts'
import { pageOf } from './stores.ts'
import { embeddedSweepStores } from './sweep-stores.ts'
import { newChangeId } from '../../shared/runtime/ids.ts'
import { realNights } from '../../shared/runtime/real-nights.ts'

/** A queue that keeps all that is sent to it. */
const keeping = <Message>(kept: Message[]): Queue<Message> => ({
  send: async (messages) => {
    kept.push(...messages)
  },
})

const itemResult = (checkItem: string, status: 'passed' | 'failed', startedAt: string): ItemResult => ({
  checkItem,
  status,
  vantage: 'checker',
  reason: null,
  observed: {},
  findings: [],
  databases: [],
  excluded: [],
  startedAt,
  durationMs: 1,
})

/** A webhook that is told of completed sweeps. */
const sweepWebhook: Webhook = {
  id: 'wh_0123456789abcdef',
  definition: {
    url: 'https://receiver.example/hook',
    events: ['sweep.completed'],
    filter: {},
    only: 'always',
    format: 'json',
    locale: 'en',
    enabled: true,
  },
  secrets: [{ version: 1, until: null }],
  stopped: null,
  revision: 1,
  createdAt: '2026-11-01T00:00:00.000Z',
  updatedAt: '2026-11-01T00:00:00.000Z',
}

const everyPage = async <Item>(read: (page: PageRequest) => Promise<Page<Item>>): Promise<Item[]> => {
  const items: Item[] = []
  let after: string | null = null
  do {
    const page: Page<Item> = await read({ limit: 200, ...(after !== null && { after }) })
    items.push(...page.items)
    after = page.next
  } while (after !== null)
  return items
}

/** Sweeps on some stores, the embedded ones if left out, with a clock that the test sets. */
export const sweepWorld = (
  startsAt: string,
  changes: Partial<SweepDeps> = {},
  stores = embeddedSweepStores(),
) => {
  const {
    instances,
    results,
    sweeps,
    sweepEntries,
    sweepClock,
    hostSlots,
    dueStarts,
    scheduleChanges,
    close,
  } = stores
  const checkMessages: CheckMessage[] = []
  const resultMessages: ResultMessage[] = []
  const notifications: NotificationMessage[] = []
  const { log, lines } = keptLog()
  let now = Date.parse(startsAt)
  let steadyMs = 0
  /** When the wall clock was set, by the steady one. */
  let setAt: number | null = null
  const steady = { id: 'test', ms: () => steadyMs }
  const pass = (ms: number): void => {
    now += ms
    steadyMs += ms
  }
  /** Every precheck that was created, by its instance. */
  const created: { readonly instanceId: string; readonly precheckId: string }[] = []
  const createdIds = new Set<string>()

  const beginning: Parameters<typeof beginInOrder>[0] = {
    results: {
      create: async (precheck, request) => {
        const creation = await results.create(precheck, request)
        if (creation.kind === 'created' && !createdIds.has(precheck.id)) {
          createdIds.add(precheck.id)
          created.push({ instanceId: precheck.instanceId, precheckId: precheck.id })
        }
        return creation
      },
    },
    checks: keeping(checkMessages),
    resultQueue: keeping(resultMessages),
  }
  const deps: SweepDeps = {
    instances,
    dueStarts,
    scheduleChanges,
    results,
    begin: beginInOrder(beginning),
    currentPolicies: async () => [],
    sweeps,
    sweepEntries,
    sweepClock,
    hostSlots,
    resultQueue: beginning.resultQueue,
    webhooks: { list: async () => pageOf([sweepWebhook]) },
    notifications: keeping(notifications),
    sweepLimits: { deadlineMs: 600_000, itemMs: 20_000 },
    fanOut: 'item',
    fleetSchedule: { enabled: true, at: '02:00', window: 60 },
    sweepConcurrency: 100,
    maxSweepConcurrency: 0,
    hostLimit: { perHost: 0, tag: null },
    spreadSeconds: 0,
    log,
    now: () => new Date(now),
    steady,
    realNights: realNights(steady, () => (setAt === null ? null : steadyMs - setAt)),
    newPrecheckId: () => `pc_${randomBytes(16).toString('hex')}`,
    ...changes,
  }

  const registering = {
    instances,
    scheduleChanges,
    newChangeId,
    now: () => new Date(now),
    secretRules: { folder: null },
    webhooks: { list: async () => pageOf<Webhook>([]) },
  }

  const complete = async (precheckId: string, status: 'passed' | 'failed'): Promise<void> => {
    const stored = await results.get(precheckId)
    if (stored?.precheck.state !== 'running') return
    const { precheck, revision } = stored
    const items = precheck.checkItems.map(({ checkItem }) =>
      itemResult(checkItem, status, precheck.startedAt),
    )
    await results.complete(completePrecheck(recordResults(precheck, items), null, new Date(now)), revision)
  }

  const entriesOf = async (sweepId: string): Promise<SweepEntry[]> => {
    const stored = await everyPage((page) => sweepEntries.list({ group: sweepId, ...page }))
    return stored.map(({ document }) => document)
  }

  return {
    deps,
    lines,
    results,
    instances,
    checkMessages,
    resultMessages,
    notifications,
    created,
    /** Lets time pass until then. */
    setTime: (at: string) => pass(Date.parse(at) - now),
    wait: (minutes: number) => pass(minutes * 60_000),
    /** Sets the wall clock, which takes no time. */
    setClock: (at: string) => {
      now = Date.parse(at)
      setAt = steadyMs
    },
    time: () => new Date(now).toISOString(),
    /** Registers an instance, or replaces what was registered. */
    register: async (id: string, definition: Readonly<Record<string, unknown>> = {}): Promise<void> => {
      const registered = await registerInstance(registering, {
        instanceId: id,
        definition: definitionOf('sqlserver', definition),
      })
      if ('failure' in registered) throw new Error(registered.failure.code)
    },
    markChange: scheduleChanges.put,
    /** What a writer does that dies before it writes its registration. */
    announce: async (id: string): Promise<void> => {
      const died = new Error('the process ends')
      const unwritten = { get: instances.get, put: () => Promise.reject(died) }
      const definition = definitionOf('sqlserver', { region: 'eu-central-1' })
      const announced = registerInstance(
        { ...registering, instances: unwritten },
        { instanceId: id, definition },
      )
      await announced.catch((cause: unknown) => {
        if (cause !== died) throw cause
      })
    },
    /** One round; `lastsMs` until its time is over. */
    run: (lastsMs = 60_000) => runSweeps(deps, steadyMs + lastsMs),
    /** One round of a process that dies in the middle of it, if it is not over before. */
    runMortal: async (life: Life): Promise<void> => {
      const ports = Object.fromEntries(
        (
          [
            'instances',
            'dueStarts',
            'scheduleChanges',
            'results',
            'sweepEntries',
            'sweepClock',
            'hostSlots',
            'resultQueue',
            'webhooks',
            'notifications',
          ] as const
        ).map((name) => [name, mortal(deps[name], life)]),
      )
      const { list, remove } = mortal(deps.sweeps, life)
      const mortalSweeps = { list, remove, ...mortalDocuments(deps.sweeps, life) }
      const begin = beginInOrder({
        results: mortal(beginning.results, life),
        checks: mortal(beginning.checks, life),
        resultQueue: mortal(beginning.resultQueue, life),
      })
      const dying = { ...deps, ...ports, begin, sweeps: mortalSweeps }
      await runSweeps(dying, steadyMs + 60_000).catch(() => undefined)
    },
    /** Ends these prechecks if they run, as run-check and collect would. */
    finishThese: async (precheckIds: readonly string[]) => {
      await Promise.all(precheckIds.map((precheckId) => complete(precheckId, 'passed')))
    },
    /** Ends the running prechecks whose check items were sent, as run-check and collect would. */
    finish: async (statusOf: (instanceId: string) => 'passed' | 'failed' = () => 'passed') => {
      const sent = new Map(checkMessages.map((message) => [message.precheckId, message.target.instanceId]))
      await Promise.all(
        [...sent].map(([precheckId, instanceId]) => complete(precheckId, statusOf(instanceId))),
      )
    },
    sweep: async (sweepId: string) => (await sweeps.get(sweepId))?.document ?? null,
    sweepIds: async () => (await everyPage(sweeps.list)).map(({ document }) => document.id),
    entries: entriesOf,
    statuses: async (sweepId: string): Promise<Record<string, string>> => {
      const entries = await entriesOf(sweepId)
      return Object.fromEntries(
        entries.map(({ instanceId, status, notRun }) => [instanceId, notRun?.code ?? status]),
      )
    },
    close,
  }
}
export type SweepWorld = ReturnType<typeof sweepWorld>
