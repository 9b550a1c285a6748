import {
  schemaVersion,
  withSchemaVersion,
  withoutSchemaVersion,
} from '../../../shared/model/schema-version.ts'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recoveryModelSteps } from '../../../shared/checks/sqlserver/recovery-model-steps.ts'
import { claim } from '../../../shared/adapters/tablestore/latest-row.ts'
import { textOf, toColumn } from '../../../shared/adapters/tablestore/stored-document.ts'
import { tablestoreResults } from '../../../shared/adapters/tablestore/tablestore-results.ts'
import { collectResults } from '../../../shared/flows/prechecks/collect-results.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import { type RunningPrecheck, completePrecheck } from '../../../shared/model/precheck.ts'
import type { PrecheckMessage } from '../../../shared/model/queue-messages.ts'
import { DocumentTooLarge, type RepeatableRequest, type Results } from '../../../shared/ports/results.ts'
import type { Fault } from '../../emulators/tablestore/faults.ts'
import { cloudStores, pageOf } from '../../support/stores.ts'
import { definitionOf } from '../../support/context.ts'
import {
  type TablestoreStore,
  isWrite,
  startTablestoreStore,
  strikeWrites,
} from '../../support/tablestore-store.ts'
import { silent } from '../../support/log.ts'
import { noMemory } from '../../support/no-memory.ts'
import { clocksAt } from '../../support/clocks.ts'

const day = 86_400_000
const items = ['ITEM_A', 'ITEM_B', 'ITEM_C', 'ITEM_D', 'ITEM_E'] as const

/** A policy that tries again at once. */
const patient = { attempts: 5, baseDelayMs: 1, maxDelayMs: 2, budgetMs: 5000 }

let store: TablestoreStore
let now: number
let lastId = 0

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21, 2)
  store = await startTablestoreStore(() => now)
})
afterEach(() => store.emulator.close())

const connect = (retry = patient): Results => tablestoreResults(store.connect({ retry }))

/** A new precheck of `db1` that starts now. */
const startedNow = (changes: Partial<RunningPrecheck> = {}): RunningPrecheck => {
  lastId += 1
  return {
    state: 'running',
    id: `pc_${String(lastId).padStart(32, '0')}`,
    instanceId: 'db1',
    engine: 'oracle',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: ['full'],
    trigger: 'request',
    scope: 'full',
    checkItems: items.map((checkItem) => ({ checkItem, affects: ['full'] })),
    results: [],
    startedAt: new Date(now).toISOString(),
    deadlineAt: new Date(now + 60_000).toISOString(),
    ...changes,
  }
}

const passed = (checkItem: string): ItemResult => ({
  checkItem,
  status: 'passed',
  vantage: 'checker',
  reason: null,
  observed: {},
  findings: [],
  databases: [],
  excluded: [],
  startedAt: new Date(now).toISOString(),
  durationMs: 1,
})

const resultsOf = ({ id }: RunningPrecheck): PrecheckMessage[] =>
  items.map((checkItem) => ({ kind: 'result', precheckId: id, result: passed(checkItem) }))

/** The collector, with the messages of one delivery. */
const collect = (results: Results, messages: readonly PrecheckMessage[]): Promise<void> =>
  collectResults(
    {
      ...noMemory,
      results,
      replicaHistories: {
        list: () => Promise.reject(new Error('no result tells of replicas')),
        update: () => Promise.reject(new Error('no result tells of replicas')),
      },
      protections: { update: () => Promise.reject(new Error('no result tells of backups')) },
      resultQueue: { send: () => Promise.resolve() },
      webhooks: { list: async () => pageOf([]) },
      notifications: { send: () => Promise.resolve() },
      log: silent,
      ...clocksAt(() => now),
    },
    messages,
  )

const deadlineOf = ({ id }: RunningPrecheck): PrecheckMessage => ({ kind: 'deadline', precheckId: id })

/** The n-th write is the last thing that the process does; `when` tells whether it takes effect. */
const dieAt = (number: number, when: 'before' | 'after'): (() => void) => {
  let seen = 0
  return store.emulator.onRequest(({ operation }) => {
    if (isWrite(operation)) seen += 1
    if (seen < number) return undefined
    return { when: seen === number && isWrite(operation) ? when : 'before', outcome: 'drop' }
  })
}

const operationsUsed = () =>
  Object.fromEntries(
    Object.entries(store.emulator.usage().operations).map(([name, { requests }]) => [name, requests]),
  )

const idsOf = async (results: Results): Promise<string[]> =>
  (await results.history('db1', { limit: 50 })).items.map(({ id }) => id)

describe('the requests of one precheck', () => {
  it('are fifteen when every result comes by itself, the last result read once', async () => {
    const results = connect()
    const precheck = startedNow()
    await results.create(precheck, null)
    expect(operationsUsed()).toEqual({ BatchWriteRow: 1, UpdateRow: 1 })
    for (const message of resultsOf(precheck)) await collect(results, [message])
    expect((await results.last('db1'))?.id).toBe(precheck.id)
    const used = { BatchWriteRow: 1, UpdateRow: 2, GetRow: 7, PutRow: 5 }
    expect(operationsUsed()).toEqual(used)
    await collect(results, [deadlineOf(precheck)])
    expect(operationsUsed()).toEqual({ ...used, GetRow: 8 })
  })

  it('are seven when the results come together', async () => {
    const results = connect()
    const precheck = startedNow()
    await results.create(precheck, null)
    await collect(results, resultsOf(precheck))
    await results.last('db1')
    expect(operationsUsed()).toEqual({ BatchWriteRow: 1, UpdateRow: 2, GetRow: 3, PutRow: 1 })
    expect(store.emulator.usage()).toMatchObject({ requests: 7, write: 5 })
  })

  it('are two more with an Idempotency-Key, and one for a repeat', async () => {
    const results = connect()
    const request = { key: 'k', requestHash: 'h' }
    await results.create(startedNow(), request)
    expect(operationsUsed()).toEqual({ GetRow: 1, BatchWriteRow: 1, UpdateRow: 1, PutRow: 1 })
    store.emulator.resetUsage()
    await results.create(startedNow(), request)
    expect(operationsUsed()).toEqual({ GetRow: 1 })
  })

  it('leave nothing of a start that was refused', async () => {
    const results = connect()
    const first = startedNow()
    await results.create(first, null)
    const rows = store.emulator.tables()
    now += 1000
    const other = startedNow()
    expect(await results.create(other, { key: 'k', requestHash: 'h' })).toEqual({
      kind: 'running',
      precheckId: first.id,
    })
    expect(store.emulator.tables()).toEqual(rows)
  })
})

describe('an answer that is lost', () => {
  const faults: [string, Fault['outcome']][] = [
    ['the connection breaks', 'drop'],
    ['the service says OTSTimeout', { status: 503, code: 'OTSTimeout' }],
    ['the service says OTSServerBusy', { status: 503, code: 'OTSServerBusy' }],
  ]

  it.each(faults)('of any write changes nothing of a precheck: %s', async (_, outcome) => {
    const results = connect()
    // The first attempt of every write takes effect and is not answered.
    const count = strikeWrites(store, (number) =>
      number % 2 === 1 && outcome ? { when: 'after', outcome } : undefined,
    )
    const precheck = startedNow()
    expect(await results.create(precheck, { key: 'k', requestHash: 'h' })).toEqual({ kind: 'created' })
    expect(await results.advance(precheck, 1)).toBe(true)
    expect(await results.complete(completePrecheck(precheck, null, new Date(now)), 2)).toBe(true)
    expect(count()).toBeGreaterThanOrEqual(12)
    expect(await results.get(precheck.id)).toMatchObject({ revision: 3, precheck: { state: 'completed' } })
    expect((await results.last('db1'))?.id).toBe(precheck.id)
    expect(await idsOf(results)).toEqual([precheck.id])
  })

  it('does not let two win: of two that advance at once, one does', async () => {
    const [one, other] = [connect(), connect()]
    const precheck = startedNow()
    await one.create(precheck, null)
    strikeWrites(store, (number) => (number <= 2 ? { when: 'after', outcome: 'drop' } : undefined))
    const outcomes = await Promise.all([one.advance(precheck, 1), other.advance(precheck, 1)])
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    const ended = completePrecheck(precheck, null, new Date(now))
    strikeWrites(store, (number) => (number <= 2 ? { when: 'after', outcome: 'drop' } : undefined))
    const ends = await Promise.all([one.complete(ended, 2), other.complete(ended, 2)])
    expect(ends.filter(Boolean)).toHaveLength(1)
  })

  it('of a change of an instance or a token is found out', async () => {
    const client = store.connect({ retry: patient })
    const { instances, tokens } = cloudStores(client)
    strikeWrites(store, (number) => (number % 2 === 1 ? { when: 'after', outcome: 'drop' } : undefined))
    const at = new Date(now).toISOString()
    const instance = {
      id: 'db1',
      definition: definitionOf('oracle'),
      status: 'registered',
      revision: 1,
      registeredAt: at,
      updatedAt: at,
      validatedAt: null,
    } as const
    expect(await instances.put('db1', instance, 0)).toBe(true)
    expect(await instances.put('db1', { ...instance, revision: 2 }, 1)).toBe(true)
    expect(await instances.remove('db1')).toBe(true)
    expect(await instances.get('db1')).toBeNull()
    const id = '0'.repeat(16)
    const token = { id, name: 'n', scope: 'read', secretHash: 'a'.repeat(64), createdAt: at } as const
    expect(await tokens.put(id, token, 0)).toBe(true)
    expect(await tokens.remove(id)).toBe(true)
  })
})

describe('a precheck that is throttled', () => {
  it.each(['prechecks', 'precheck_history'])('gets through when a row of %s was busy', async (table) => {
    const busy = { status: 503, code: 'OTSServerBusy' }
    const written: (readonly string[])[] = []
    store.emulator.onRequest(({ operation, tables }) => {
      if (operation !== 'BatchWriteRow') return undefined
      written.push(tables)
      return { rows: (name) => (name === table && written.length === 1 ? busy : undefined) }
    })
    const results = connect()
    const precheck = startedNow()
    expect(await results.create(precheck, null)).toEqual({ kind: 'created' })
    expect(written).toEqual([['prechecks', 'precheck_history'], [table]])
    expect(await idsOf(results)).toEqual([precheck.id])
  })

  it('gets through when every first attempt is refused', async () => {
    store.emulator.onRequest(({ count }) =>
      count % 2 === 1 ? { outcome: { status: 503, code: 'OTSServerBusy' } } : undefined,
    )
    const results = connect()
    const precheck = startedNow()
    await results.create(precheck, null)
    for (const message of resultsOf(precheck)) await collect(results, [message])
    expect((await results.last('db1'))?.outcome).toBe('passed')
    expect(await idsOf(results)).toEqual([precheck.id])
  })
})

/** What holds in the end, whatever broke before: a new precheck runs, ends, is the last result, and all others have ended. */
const expectInOrder = async (request: RepeatableRequest | null): Promise<void> => {
  const results = connect()
  now += 60_000
  const precheck = startedNow()
  expect(await results.create(precheck, request)).toEqual({ kind: 'created' })
  expect(await results.create(startedNow(), null)).toEqual({ kind: 'running', precheckId: precheck.id })
  await collect(results, resultsOf(precheck))
  expect((await results.last('db1'))?.id).toBe(precheck.id)
  const { items: all } = await results.history('db1', { limit: 50 })
  expect(all[0]?.id).toBe(precheck.id)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  expect(all.map(({ state }) => state)).toEqual(all.map(() => 'completed'))
}

describe('a process that dies', () => {
  const moments = ['before', 'after'] as const
  const request = { key: 'k', requestHash: 'h' }
  const deaths = (count: number) =>
    Array.from({ length: count }, (_, index) => moments.map((when) => [index + 1, when] as const)).flat()

  it.each(deaths(2))('in a start, at its write %i, %s it is done', async (number, when) => {
    const precheck = startedNow()
    const revive = dieAt(number, when)
    await expect(connect({ ...patient, attempts: 1 }).create(precheck, null)).rejects.toThrow(
      'NetworkingError',
    )
    revive()
    // The deadline message was sent before.
    now += 60_000
    await collect(connect(), [deadlineOf(precheck)])
    const stored = await connect().get(precheck.id)
    expect(stored?.precheck.state ?? 'none').not.toBe('running')
    await expectInOrder(null)
  })

  it.each(deaths(3))('in a start with a key, at its write %i, %s it is done', async (number, when) => {
    const yesterday = startedNow()
    await connect().create(yesterday, null)
    await collect(connect(), resultsOf(yesterday))
    now += day
    const precheck = startedNow()
    const revive = dieAt(number, when)
    await expect(connect({ ...patient, attempts: 1 }).create(precheck, request)).rejects.toThrow(
      'NetworkingError',
    )
    revive()
    now += 1000
    // The caller had no answer, and asks again with the same key.
    const again = startedNow()
    const creation = await connect().create(again, request)
    const isClaimed = number > 2 || (number === 2 && when === 'after')
    expect(creation).toEqual(isClaimed ? { kind: 'repeated', precheckId: precheck.id } : { kind: 'created' })
    const running = isClaimed ? precheck : again
    expect(await connect().create(startedNow(), null)).toEqual({ kind: 'running', precheckId: running.id })
    expect((await connect().last('db1'))?.id).toBe(yesterday.id)
    // Nobody sent the checks of the one that died: it ends by its deadline.
    if (!isClaimed) await collect(connect(), resultsOf(again))
    now += 60_000
    await collect(connect(), [deadlineOf(precheck)])
    expect((await connect().last('db1'))?.id).toBe(running.id)
    await expectInOrder(null)
  })

  it('in a start that is refused, before it removes what it wrote', async () => {
    const first = startedNow()
    await connect().create(first, null)
    now += 1000
    const second = startedNow()
    const revive = dieAt(3, 'before')
    await expect(connect({ ...patient, attempts: 1 }).create(second, null)).rejects.toThrow('NetworkingError')
    revive()
    await collect(connect(), resultsOf(first))
    now += 60_000
    await collect(connect(), [deadlineOf(second)])
    expect((await connect().get(second.id))?.precheck.state).toBe('completed')
    expect((await connect().last('db1'))?.id).toBe(first.id)
    await expectInOrder(null)
  })

  const scopes = ['full', 'partial'] as const
  it.each(scopes.flatMap((scope) => deaths(2).map((death) => [scope, ...death] as const)))(
    'in the end of a %s precheck, at its write %i, %s it is done',
    async (scope, number, when) => {
      const precheck = startedNow({ scope })
      await connect().create(precheck, request)
      const revive = dieAt(number, when)
      const dying = collect(connect({ ...patient, attempts: 1 }), resultsOf(precheck))
      await expect(dying).rejects.toThrow('NetworkingError')
      revive()
      // What was not acknowledged is delivered again, and the deadline comes as ever.
      await collect(connect(), resultsOf(precheck))
      now += 60_000
      await collect(connect(), [deadlineOf(precheck)])
      const stored = await connect().get(precheck.id)
      expect(stored).toMatchObject({ revision: 2, precheck: { state: 'completed', outcome: 'passed' } })
      expect((await connect().last('db1'))?.id).toBe(scope === 'full' ? precheck.id : undefined)
      expect(await connect().create(startedNow(), request)).toEqual({
        kind: 'repeated',
        precheckId: precheck.id,
      })
      await expectInOrder(null)
    },
  )

  it('in the end of a precheck is made up for by the next start, and by a repeated end', async () => {
    for (const repair of [
      () => Promise.resolve(),
      async (precheck: RunningPrecheck) => {
        const ended = completePrecheck(precheck, null, new Date(now))
        expect(await connect().complete(ended, 1)).toBe(false)
        expect(store.emulator.tables()['latest_prechecks']?.[0]).not.toHaveProperty('running_id')
      },
    ]) {
      now += day
      const precheck = startedNow()
      await connect().create(precheck, null)
      const revive = dieAt(2, 'before')
      await expect(collect(connect({ ...patient, attempts: 1 }), resultsOf(precheck))).rejects.toThrow(
        'NetworkingError',
      )
      revive()
      await repair(precheck)
      await expectInOrder(null)
    }
  })
})

describe('a start that comes late', () => {
  it('in a copy that the network held back undoes nothing', async () => {
    const results = connect()
    const precheck = startedNow()
    await results.create(precheck, null)
    await collect(results, resultsOf(precheck).slice(0, 2))
    expect(await results.create(precheck, null)).toEqual({ kind: 'created' })
    expect((await results.get(precheck.id))?.precheck.results).toHaveLength(2)
  })

  it('with the key of one that came and ended meanwhile is a repeat of it, and blocks nothing', async () => {
    const request = { key: 'k', requestHash: 'h' }
    let release: (value?: unknown) => void = () => undefined
    const until = new Promise((resolve) => {
      release = resolve
    })
    const isHeld = new Promise((resolve) => {
      store.emulator.onRequest(({ operation, count }) => {
        if (operation !== 'BatchWriteRow' || count > 1) return undefined
        resolve(true)
        return { until }
      })
    })
    const late = startedNow()
    const creation = connect().create(late, request)
    await isHeld
    const first = startedNow()
    await connect().create(first, request)
    await collect(connect(), resultsOf(first))
    release()
    expect(await creation).toEqual({ kind: 'repeated', precheckId: first.id })
    expect(store.emulator.tables()['latest_prechecks']?.[0]).not.toHaveProperty('running_id')
    expect(await connect().get(late.id)).toBeNull()
    expect((await connect().last('db1'))?.id).toBe(first.id)
    await expectInOrder(null)
  })
})

describe('a start that is tried again under its id', () => {
  /** The same precheck, as a later attempt plans it. */
  const plannedLater = (precheck: RunningPrecheck): RunningPrecheck => {
    now += 1000
    return startedNow({ id: precheck.id })
  }

  const expectItRunsOnce = async (precheck: RunningPrecheck): Promise<void> => {
    expect(await connect().create(startedNow(), null)).toEqual({ kind: 'running', precheckId: precheck.id })
    expect(await idsOf(connect())).toEqual([precheck.id])
    expect(store.emulator.tables()['precheck_history']).toHaveLength(1)
    await collect(connect(), resultsOf(precheck))
    expect((await connect().last('db1'))?.id).toBe(precheck.id)
    await expectInOrder(null)
  }

  const moments = ['before', 'after'] as const
  it.each([1, 2].flatMap((number) => moments.map((when) => [number, when] as const)))(
    'runs once when the first attempt died at its write %i, %s it was done',
    async (number, when) => {
      const precheck = startedNow()
      const revive = dieAt(number, when)
      await expect(connect({ ...patient, attempts: 1 }).create(precheck, null)).rejects.toThrow(
        'NetworkingError',
      )
      revive()
      expect(await connect().create(plannedLater(precheck), null)).toEqual({ kind: 'created' })
      await expectItRunsOnce(precheck)
    },
  )

  it.each(['prechecks', 'precheck_history'])(
    'runs once when the first attempt wrote all but the row of %s',
    async (table) => {
      const busy = { status: 503, code: 'OTSServerBusy' }
      const revive = store.emulator.onRequest(() => ({ rows: (name) => (name === table ? busy : undefined) }))
      const precheck = startedNow()
      await expect(connect({ ...patient, attempts: 1 }).create(precheck, null)).rejects.toThrow(
        'OTSServerBusy',
      )
      revive()
      const again = plannedLater(precheck)
      expect(await connect().create(again, null)).toEqual({ kind: 'created' })
      expect(await idsOf(connect())).toEqual([precheck.id])
      await collect(connect(), resultsOf(precheck))
      await expectInOrder(null)
    },
  )

  it.each([1, 2, 3, 4].flatMap((number) => moments.map((when) => [number, when] as const)))(
    'is seen once in the history when the second attempt died at its write %i, %s it was done',
    async (number, when) => {
      const precheck = startedNow()
      await connect().create(precheck, null)
      const again = plannedLater(precheck)
      const revive = dieAt(number, when)
      await expect(connect({ ...patient, attempts: 1 }).create(again, null)).rejects.toThrow(
        'NetworkingError',
      )
      revive()
      expect(await idsOf(connect())).toEqual([precheck.id])
      expect(await connect().create(plannedLater(precheck), null)).toEqual({ kind: 'created' })
      await collect(connect(), resultsOf(precheck))
      await expectInOrder(null)
    },
  )

  /** Starts `precheck` again, and does something when it is about to be claimed for. */
  const createWhile = async (precheck: RunningPrecheck, meanwhile: () => Promise<unknown>) => {
    let isHeld = false
    const resume = store.emulator.onRequest(async ({ operation }) => {
      if (operation !== 'UpdateRow' || isHeld) return undefined
      isHeld = true
      await meanwhile()
      return {}
    })
    const creation = await connect().create(plannedLater(precheck), null)
    resume()
    return creation
  }

  it('leaves the instance free when the precheck ends meanwhile', async () => {
    const precheck = startedNow()
    await connect().create(precheck, null)
    const creation = await createWhile(precheck, () => collect(connect(), resultsOf(precheck)))
    expect(creation).toEqual({ kind: 'created' })
    expect(store.emulator.tables()['latest_prechecks']?.[0]).not.toHaveProperty('running_id')
    await expectInOrder(null)
  })

  it('keeps the precheck when it ends meanwhile and another one begins', async () => {
    const precheck = startedNow()
    await connect().create(precheck, null)
    await createWhile(precheck, async () => {
      await collect(connect(), resultsOf(precheck))
      await connect().create(startedNow(), null)
    })
    expect((await connect().get(precheck.id))?.precheck.state).toBe('completed')
    expect((await connect().last('db1'))?.id).toBe(precheck.id)
  })

  it('writes nothing more when the precheck has completed', async () => {
    const precheck = startedNow()
    await connect().create(precheck, null)
    await collect(connect(), resultsOf(precheck))
    const rows = store.emulator.tables()
    expect(await connect().create(plannedLater(precheck), null)).toEqual({ kind: 'created' })
    expect(store.emulator.tables()).toEqual(rows)
  })
})

describe('a claim that comes late', () => {
  it('of a precheck that ended long ago blocks nothing', async () => {
    const results = connect()
    const precheck = startedNow()
    await results.create(precheck, null)
    await collect(results, resultsOf(precheck))
    // The network held a copy of the request back until now.
    expect(await claim(store.connect(), precheck, null)).toBe('written')
    expect((await results.last('db1'))?.id).toBe(precheck.id)
    expect(await claim(store.connect(), precheck, null)).toBe('written')
    await expectInOrder(null)
  })

  it('of a precheck that is no more blocks nothing', async () => {
    expect(await claim(store.connect(), startedNow(), null)).toBe('written')
    await expectInOrder(null)
  })
})

describe('whatever breaks', () => {
  const outcomes = [
    'drop',
    { status: 503, code: 'OTSServerBusy' },
    { status: 503, code: 'OTSTimeout' },
  ] as const
  /** What goes wrong with a request: mostly nothing. */
  const faults = fc.infiniteStream(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.record({
          when: fc.constantFrom('before', 'after'),
          outcome: fc.constantFrom(...outcomes),
        }),
      },
    ),
  )
  /** Deliveries of five results, some of them several times, in any order. */
  const deliveries = fc
    .tuple(...items.map((_, index) => fc.array(fc.constant(index), { minLength: 1, maxLength: 3 })))
    .chain((repeated) => {
      const all = repeated.flat()
      return fc.shuffledSubarray(all, { minLength: all.length })
    })

  it('results in any order, repeated, handled by two at once: the precheck ends once, right', () =>
    fc.assert(
      fc.asyncProperty(faults, deliveries, async (stream, order) => {
        now += day
        const precheck = startedNow()
        const stop = store.emulator.onRequest(() => stream.next().value as Fault | undefined)
        let ends = 0
        const counted = (): Results => {
          const results = connect({ ...patient, attempts: 30 })
          const complete: Results['complete'] = async (...end) => {
            const isEnded = await results.complete(...end)
            ends += Number(isEnded)
            return isEnded
          }
          return { ...results, complete }
        }
        expect(await counted().create(precheck, null)).toEqual({ kind: 'created' })
        const messages = order.map((index) => resultsOf(precheck)[index]!)
        const half = Math.ceil(messages.length / 2)
        await Promise.all(
          [messages.slice(0, half), messages.slice(half)].map(async (own) => {
            const results = counted()
            for (const message of own) await collect(results, [message])
          }),
        )
        stop()
        expect(ends).toBe(1)
        expect((await connect().last('db1'))?.id).toBe(precheck.id)
        const ended = await connect().get(precheck.id)
        expect(ended?.precheck).toMatchObject({ state: 'completed', outcome: 'passed' })
        expect(store.emulator.tables()['latest_prechecks']?.[0]).not.toHaveProperty('running_id')
      }),
      { numRuns: 15 },
    ))
})

describe('what is kept', () => {
  it('of prechecks ends after 180 days, of the last result never', async () => {
    const results = connect()
    const precheck = startedNow()
    await results.create(precheck, { key: 'k', requestHash: 'h' })
    await collect(results, resultsOf(precheck))
    now += 180 * day - 1000
    expect(await idsOf(results)).toEqual([precheck.id])
    now += 1000
    expect(await results.get(precheck.id)).toBeNull()
    expect(await idsOf(results)).toEqual([])
    expect((await results.last('db1'))?.id).toBe(precheck.id)
    expect(await results.create(startedNow(), { key: 'k', requestHash: 'h' })).toEqual({ kind: 'created' })
  })

  it('of a small precheck can be read in the console', async () => {
    const precheck = startedNow()
    await connect().create(precheck, null)
    const [row] = store.emulator.tables()['prechecks'] ?? []
    expect(row).toMatchObject({ precheck_id: precheck.id, instance_id: 'db1', state: 'running', revision: 1 })
    expect(JSON.parse(String(row?.['document']))).toEqual({ schema: schemaVersion, ...precheck })
  })

  it('holds an instance of 10,000 databases that are all broken', async () => {
    const results = connect()
    const finding = (index: number) => ({
      fingerprint: (index * 2_654_435_761).toString(16).padStart(16, '0').slice(-16),
      checkItem: 'ITEM_A',
      object: {
        type: 'database',
        name: `Tenant_${((index * 7919) % 10_000).toString(36)}_${index}`,
      } as const,
      level: 'failed' as const,
      message: { code: 'RECOVERY_MODEL_SIMPLE', params: { database: `Tenant_${index}`, operations: 'log' } },
      observed: { recovery_model_desc: 'SIMPLE' },
      expected: { recovery_model_desc: 'FULL' },
      blocks: ['incremental', 'log'] as ('incremental' | 'log')[],
      degrades: [],
      obscures: [],
      limits: [],
      remediation: {
        steps: [recoveryModelSteps.setFull({ database: `Tenant_${index}` })],
        verify: { language: 'tsql', query: `SELECT ${index};` },
        changes: { recovery_model_desc: 'FULL' },
      },
    })
    const precheck = startedNow()
    await results.create(precheck, null)
    const result = {
      ...passed('ITEM_A'),
      findings: Array.from({ length: 10_000 }, (_, index) => finding(index)),
    }
    const broken = { ...precheck, results: [result] }
    expect(await results.advance(broken, 1)).toBe(true)
    const ended = completePrecheck(broken, null, new Date(now))
    expect(await results.complete(ended, 2)).toBe(true)
    expect(await results.last('db1')).toEqual(ended)
    expect((await results.previous('db1'))?.open).toHaveLength(10_000)
    expect((await results.history('db1', { limit: 1 })).items).toEqual([ended])
  })

  it('gives up its largest result where no column can hold it, and ends', async () => {
    const precheck = startedNow()
    await connect().create(precheck, null)
    const databases = Array.from({ length: 300_000 }, () => Math.random().toString(36))
    const [large, ...small] = items.map(passed)
    const messages = [{ ...large!, databases }, ...small].map((result): PrecheckMessage => ({
      kind: 'result',
      precheckId: precheck.id,
      result,
    }))
    for (const message of messages) await collect(connect(), [message])
    const last = await connect().last('db1')
    expect(last).toMatchObject({ id: precheck.id, outcome: 'inconclusive' })
    expect(last?.results.map(({ status }) => status)).toEqual([
      'error',
      'passed',
      'passed',
      'passed',
      'passed',
    ])
    expect(last?.results[0]?.reason?.code).toBe('RESULT_TOO_LARGE')
  })

  it('gives up a result of which no column can hold a page, and ends', async () => {
    const precheck = startedNow()
    await connect().create(precheck, null)
    const [first, ...others] = items.map(passed)
    const pages = {
      run: '0'.repeat(16),
      findings: [],
      names: ['a'],
      totals: { findings: 0, databases: 1, excluded: 0 },
    }
    const packed = Buffer.alloc(2 * 1024 * 1024 + 1).toString('base64')
    await collect(connect(), [
      {
        kind: 'result',
        precheckId: precheck.id,
        result: { ...first!, pages },
        pages: [{ name: 'p', packed }],
      },
      ...others.map((result): PrecheckMessage => ({ kind: 'result', precheckId: precheck.id, result })),
    ])
    const last = await connect().last('db1')
    expect(last).toMatchObject({ id: precheck.id, outcome: 'inconclusive' })
    expect(last?.results[0]).toMatchObject({ status: 'error', reason: { code: 'RESULT_TOO_LARGE' } })
    expect(last?.results[0]).not.toHaveProperty('pages')
  })

  it('is refused with its size where no column can hold it', async () => {
    const random = Array.from({ length: 300_000 }, () => Math.random().toString(36))
    const refused = toColumn({ random })
    await expect(refused).rejects.toThrow(DocumentTooLarge)
    await expect(refused).rejects.toThrow('a column holds at most 2097152')
  })

  it('is given back as it was, compressed or not', async () => {
    for (const length of [0, 10, 3000, 3100, 100_000]) {
      const document = { text: '数据库'.repeat(length) }
      const column = await toColumn(document)
      const bytes = Buffer.byteLength(JSON.stringify(withSchemaVersion(document)))
      expect(typeof column === 'string').toBe(bytes <= 3072)
      expect(withoutSchemaVersion(JSON.parse(await textOf(column)))).toEqual(document)
    }
  })
})

describe('a history', () => {
  it('of more than a hundred prechecks on a page is whole', async () => {
    const results = connect()
    const started: string[] = []
    for (let number = 0; number < 120; number += 1) {
      now += 1000
      const precheck = startedNow({ checkItems: [] })
      started.push(precheck.id)
      await results.create(precheck, null)
      await results.complete(completePrecheck(precheck, null, new Date(now)), 1)
    }
    const first = await results.history('db1', { limit: 110 })
    const second = await results.history('db1', { limit: 110, after: first.next ?? '' })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(started.reverse())
    expect([first.items.length, second.next]).toEqual([110, null])
  })

  it('begins with the precheck that runs', async () => {
    const results = connect()
    const first = startedNow()
    await results.create(first, null)
    await collect(results, resultsOf(first))
    now += 1000
    const second = startedNow()
    await results.create(second, null)
    expect(await idsOf(results)).toEqual([second.id, first.id])
  })

  it('takes any text for the place where a page begins', async () => {
    const results = connect()
    const precheck = startedNow()
    await results.create(precheck, null)
    for (const after of ['', 'x', '/', 'a/b/c', '\u0000', '2026-11-21T02:00:00.000Z'])
      expect((await results.history('db1', { limit: 1, after })).items.length).toBeLessThanOrEqual(1)
  })
})
