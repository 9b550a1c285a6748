import { describe, expect, it, onTestFinished } from 'vitest'
import { sqlitePurgeHistory } from '../../../shared/adapters/sqlite/purge-history.ts'
import { sqliteResults } from '../../../shared/adapters/sqlite/sqlite-results.ts'
import { type RunningPrecheck, completePrecheck } from '../../../shared/model/precheck.ts'
import { temporaryDatabase } from '../../support/temporary-database.ts'

let lastId = 0

const open = () => {
  const { database, writer, close } = temporaryDatabase()
  onTestFinished(close)
  const clock = { ...database.clock, mayForget: () => false }
  return {
    results: sqliteResults(database, writer),
    purgeHistory: sqlitePurgeHistory(database, writer),
    /** As it is after the wall clock was set. */
    purgeByWrongClock: sqlitePurgeHistory({ ...database, clock }, writer),
  }
}
type Opened = ReturnType<typeof open>

const onDay = (day: number): Date => new Date(Date.UTC(2026, 0, 1 + day, 2))

const precheckOf = (instanceId: string, day: number, scope: 'full' | 'partial'): RunningPrecheck => {
  lastId += 1
  return {
    state: 'running',
    id: `pc_${String(lastId).padStart(32, '0')}`,
    instanceId,
    engine: 'oracle',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: ['full'],
    trigger: 'schedule',
    scope,
    checkItems: [{ checkItem: 'ARCHIVELOG', affects: ['full'] }],
    results: [],
    startedAt: onDay(day).toISOString(),
    deadlineAt: onDay(day).toISOString(),
  }
}

/** Runs a precheck to its end on a day, and gives its id. */
const run = async (
  { results }: Opened,
  instanceId: string,
  day: number,
  scope: 'full' | 'partial' = 'full',
) => {
  const precheck = precheckOf(instanceId, day, scope)
  await results.create(precheck, { key: precheck.id, requestHash: 'h' })
  await results.complete(completePrecheck(precheck, null, onDay(day)), 1)
  return precheck.id
}

const history = async ({ results }: Opened, instanceId: string) =>
  (await results.history(instanceId, { limit: 10 })).items.map(({ id }) => id)

describe('the history in the embedded database', () => {
  it('is kept while the clock is not to be trusted', async () => {
    const opened = open()
    const id = await run(opened, 'a', 0)
    await run(opened, 'a', 1)
    expect(await opened.purgeByWrongClock(onDay(201))).toBe(0)
    expect(await history(opened, 'a')).toContain(id)
    expect(await opened.purgeHistory(onDay(201))).toBe(1)
  })

  it('is kept for 180 days', async () => {
    const opened = open()
    const ids = [await run(opened, 'a', 0), await run(opened, 'a', 1), await run(opened, 'a', 100)]
    expect(await opened.purgeHistory(onDay(180))).toBe(0)
    expect(await history(opened, 'a')).toEqual(ids.toReversed())
    expect(await opened.purgeHistory(onDay(181))).toBe(1)
    expect(await history(opened, 'a')).toEqual(ids.slice(1).toReversed())
    expect(await opened.results.get(ids[0] ?? '')).toBeNull()
  })

  it('keeps the last result however old it is, and a precheck that runs', async () => {
    const opened = open()
    const last = await run(opened, 'a', 0)
    const partial = await run(opened, 'a', 1, 'partial')
    const running = precheckOf('b', 0, 'full')
    await opened.results.create(running, null)
    expect(await opened.purgeHistory(onDay(1000))).toBe(1)
    expect((await opened.results.last('a'))?.id).toBe(last)
    expect(await opened.results.get(partial)).toBeNull()
    expect(await opened.results.get(running.id)).toEqual({ precheck: running, revision: 1 })
  })

  it('loses a last result when it has become an older one', async () => {
    const opened = open()
    const first = await run(opened, 'a', 0)
    expect(await opened.purgeHistory(onDay(300))).toBe(0)
    const second = await run(opened, 'a', 300)
    expect(await opened.purgeHistory(onDay(301))).toBe(1)
    expect(await opened.results.get(first)).toBeNull()
    expect((await opened.results.last('a'))?.id).toBe(second)
  })

  it('forgets a request with its precheck, and no other', async () => {
    const opened = open()
    const [old, young] = [await run(opened, 'a', 0), await run(opened, 'a', 100)]
    await opened.purgeHistory(onDay(200))
    const repeat = (key: string) =>
      opened.results.create(precheckOf('a', 200, 'full'), { key, requestHash: 'h' })
    expect(await repeat(young)).toEqual({ kind: 'repeated', precheckId: young })
    expect(await repeat(old)).toEqual({ kind: 'created' })
  })

  it('loses the pages of a precheck with it, and those of no other', async () => {
    const opened = open()
    const [old, last] = [await run(opened, 'a', 0), await run(opened, 'a', 1)]
    const page = { name: 'ITEM/run/findings/0', packed: Buffer.from('x') }
    for (const id of [old, last]) await opened.results.putPages(id, [page])
    expect(await opened.purgeHistory(onDay(300))).toBe(1)
    expect(await opened.results.getPage(old, page.name)).toBeNull()
    expect(await opened.results.getPage(last, page.name)).not.toBeNull()
  })

  it('is removed in parts where there are many pages', async () => {
    const opened = open()
    const ids: string[] = []
    for (const day of [0, 1, 2, 3]) ids.push(await run(opened, 'a', day))
    const pages = Array.from({ length: 150 }, (_, index) => ({
      name: `p/${index}`,
      packed: Buffer.from('x'),
    }))
    for (const id of ids) await opened.results.putPages(id, pages)
    const removed = [await opened.purgeHistory(onDay(300)), await opened.purgeHistory(onDay(300))]
    expect(removed).toEqual([2, 1])
    expect(await history(opened, 'a')).toEqual([ids[3]])
    expect(await opened.results.getPage(ids[3]!, 'p/149')).not.toBeNull()
  })

  it('is removed in parts, past the last results in front of it', async () => {
    const opened = open()
    const fleet = Array.from({ length: 600 }, (_, index) => `sql-${index}`)
    await Promise.all(fleet.map((instanceId) => run(opened, instanceId, 0)))
    for (const id of ['a', 'b']) await run(opened, id, 1, 'partial')
    await Promise.all(fleet.slice(550).map((instanceId) => run(opened, instanceId, 300)))
    const removed = [await opened.purgeHistory(onDay(301)), await opened.purgeHistory(onDay(301))]
    expect(removed).toEqual([0, 52])
    expect(await opened.purgeHistory(onDay(301))).toBe(0)
    expect((await opened.results.last('sql-0'))?.startedAt).toBe(onDay(0).toISOString())
  })
})
