import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collectResults } from '../../../../shared/flows/prechecks/collect-results.ts'
import type { Identities } from '../../../../shared/model/identity.ts'
import { type ItemResult, notJudged } from '../../../../shared/model/item-result.ts'
import type { RunningPrecheck } from '../../../../shared/model/precheck.ts'
import type { PrecheckMessage } from '../../../../shared/model/queue-messages.ts'
import { clocksAt } from '../../../support/clocks.ts'
import { definitionOf } from '../../../support/context.ts'
import { identity, seen } from '../../../support/facts/memory.ts'
import { silent } from '../../../support/log.ts'
import { Died, type Life, mortal } from '../../../support/mortal.ts'
import { embeddedStores, pageOf } from '../../../support/stores.ts'
import { temporaryDatabase } from '../../../support/temporary-database.ts'

const source = 'SQL_SERVER_DB_NOT_ONLINE'
const inventory = 'DATABASE_INVENTORY'
const msPerDay = 24 * 60 * 60 * 1000

let opened: ReturnType<typeof temporaryDatabase>
let stores: ReturnType<typeof embeddedStores>
let night: number
beforeEach(async () => {
  opened = temporaryDatabase()
  stores = embeddedStores(opened.database, opened.writer)
  night = 0
  await stores.instances.put('db1', registered, 0)
})
afterEach(() => opened.close())

const atNight = (): string => new Date(Date.UTC(2026, 10, 1, 2) + night * msPerDay).toISOString()

const registered = {
  id: 'db1',
  definition: definitionOf('sqlserver', { checks: { set: 'standard' } }),
  status: 'online' as const,
  revision: 1,
  registeredAt: '2026-10-01T00:00:00.000Z',
  updatedAt: '2026-10-01T00:00:00.000Z',
  validatedAt: null,
}

const idTonight = (): string => `pc_${String(night).padStart(32, '0')}`

const precheckTonight = (scope: RunningPrecheck['scope'] = 'full'): RunningPrecheck => ({
  state: 'running',
  id: idTonight(),
  instanceId: 'db1',
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  profile: 'cloud-backup',
  operations: ['full'],
  trigger: 'schedule',
  scope,
  checkItems: [
    { checkItem: source, affects: ['full'] },
    { checkItem: inventory, affects: ['full'], set: 'standard' },
  ],
  results: [],
  startedAt: atNight(),
  deadlineAt: new Date(Date.parse(atNight()) + 60_000).toISOString(),
})

const resultOf = (identities: Identities): ItemResult => ({
  ...notJudged(source, 'error', { code: 'x', params: {} }, atNight(), 1),
  status: 'passed',
  reason: null,
  identities,
})

const collect = (messages: readonly PrecheckMessage[], life: Life = { calls: Infinity, dies: 'before' }) =>
  collectResults(
    {
      instances: stores.instances,
      memories: mortal(stores.memories, life),
      protections: stores.protections,
      replicaHistories: stores.replicaHistories,
      results: mortal(stores.results, life),
      currentPolicies: async () => [],
      resultQueue: { send: async () => undefined },
      webhooks: { list: async () => pageOf([]) },
      notifications: { send: async () => undefined },
      log: silent,
      ...clocksAt(() => Date.parse(atNight()) + 1000),
    },
    messages,
  )

const messagesTonight = (identities: Identities): PrecheckMessage[] => [
  { kind: 'result', precheckId: idTonight(), result: resultOf(identities) },
]

/** A night on which the item sees this. */
const nightWith = async (identities: Identities, scope: RunningPrecheck['scope'] = 'full'): Promise<void> => {
  night += 1
  await stores.results.create(precheckTonight(scope), null)
  await collect(messagesTonight(identities))
}

const foundTonight = async (): Promise<readonly string[]> => {
  const found = await stores.results.get(idTonight())
  if (found?.precheck.state !== 'completed') throw new Error('The precheck has not ended')
  const result = found.precheck.results.find(({ checkItem }) => checkItem === inventory)
  return result?.findings.map(({ message, object }) => `${message.code} ${object.name}`) ?? []
}

const withoutSales = seen({ databases: [identity('HR')] })

describe('what a full precheck leaves in the memory of its instance', () => {
  it('is what the next one is held against', async () => {
    await nightWith(seen())
    expect(await foundTonight()).toEqual([])
    await nightWith(withoutSales)
    expect(await foundTonight()).toEqual(['DATABASE_GONE Sales'])
    await nightWith(seen())
    expect(await foundTonight()).toEqual([])
    expect(await stores.memories.get('db1')).toMatchObject({
      revision: 3,
      document: { precheckId: idTonight() },
    })
  })

  it('is written once, however often messages come', async () => {
    await nightWith(seen())
    await collect(messagesTonight(withoutSales))
    await Promise.all([
      collect(messagesTonight(seen())),
      collect([{ kind: 'deadline', precheckId: idTonight() }]),
    ])
    expect((await stores.memories.get('db1'))?.revision).toBe(1)
  })

  it('is written by one of many collectors', async () => {
    night += 1
    await stores.results.create(precheckTonight(), null)
    await Promise.all(Array.from({ length: 5 }, () => collect(messagesTonight(seen()))))
    expect((await stores.memories.get('db1'))?.revision).toBe(1)
  })

  it('is all that stays of the identities', async () => {
    await nightWith(seen())
    const found = await stores.results.get(idTonight())
    expect(found?.precheck.results.some((result) => 'identities' in result)).toBe(false)
  })

  it('is nothing where it is partial, though it is held against it', async () => {
    await nightWith(seen())
    await nightWith(withoutSales, 'partial')
    expect(await foundTonight()).toEqual(['DATABASE_GONE Sales'])
    expect((await stores.memories.get('db1'))?.revision).toBe(1)
  })

  it('is nothing once the instance is removed', async () => {
    night += 1
    await stores.results.create(precheckTonight(), null)
    await stores.instances.remove('db1')
    await collect(messagesTonight(seen()))
    expect((await stores.results.get(idTonight()))?.precheck.state).toBe('completed')
    expect(await stores.memories.get('db1')).toBeNull()
  })

  it('has the first night as its baseline, so that what changes later is news', async () => {
    await nightWith(seen())
    await nightWith(withoutSales)
    const found = await stores.results.get(idTonight())
    const changes = found?.precheck.state === 'completed' ? found.precheck.comparison.new : []
    expect(changes.map(({ message, baseline }) => [message.code, baseline])).toEqual([
      ['DATABASE_GONE', undefined],
    ])
  })
})

describe('a collector that dies', () => {
  const deaths = Array.from({ length: 8 }, (_, index) =>
    (['before', 'after'] as const).map((dies) => [index + 1, dies] as const),
  ).flat()

  it.each(deaths)(
    'at its call %i, %s what that does, hides nothing and counts nothing twice',
    async (calls, dies) => {
      await nightWith(seen())
      night += 1
      await stores.results.create(precheckTonight(), null)
      const death = collect(messagesTonight(withoutSales), { calls, dies })
      await death.catch((fault: unknown) => expect(fault).toBeInstanceOf(Died))
      await collect(messagesTonight(withoutSales))
      expect(await foundTonight()).toEqual(['DATABASE_GONE Sales'])
      await nightWith(withoutSales)
      expect(await foundTonight()).toEqual(['DATABASE_GONE Sales'])
      const { document } = (await stores.memories.get('db1')) ?? {}
      expect(document?.inventory?.gone).toHaveLength(1)
      expect(document?.precheckId).toBe(idTonight())
    },
  )
})
