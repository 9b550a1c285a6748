import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { previousOf } from '../../shared/model/comparison.ts'
import type { ItemResult } from '../../shared/model/item-result.ts'
import type { PageRequest } from '../../shared/model/page.ts'
import { type RunningPrecheck, completePrecheck, recordResults } from '../../shared/model/precheck.ts'
import type { Results } from '../../shared/ports/results.ts'

/** A store under contract. */
export interface ResultsUnderTest {
  readonly results: Results
  readonly close: () => Promise<void>
}

let lastId = 0

const startedAt = (minute: number): string => new Date(Date.UTC(2026, 10, 21, 2, minute)).toISOString()

const precheckOf = (instanceId: string, minute = 0, scope: 'full' | 'partial' = 'full'): RunningPrecheck => {
  lastId += 1
  return {
    state: 'running',
    id: `pc_${String(lastId).padStart(32, '0')}`,
    instanceId,
    engine: 'oracle',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: ['full'],
    trigger: 'request',
    scope,
    checkItems: [{ checkItem: 'ARCHIVELOG', affects: ['full'] }],
    results: [],
    startedAt: startedAt(minute),
    deadlineAt: startedAt(minute + 1),
  }
}

const passed: ItemResult = {
  checkItem: 'ARCHIVELOG',
  status: 'passed',
  vantage: 'checker',
  reason: null,
  observed: {},
  findings: [],
  databases: [],
  excluded: [],
  startedAt: startedAt(0),
  durationMs: 12,
}

const ended = (precheck: RunningPrecheck) => completePrecheck(precheck, null, new Date(precheck.deadlineAt))

/** What every store of results does, whatever it stands on. */
export const resultsContract = (name: string, open: () => Promise<ResultsUnderTest>): void => {
  describe(`the results on ${name}`, () => {
    let tested: ResultsUnderTest

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    const run = async (precheck: RunningPrecheck): Promise<void> => {
      await tested.results.create(precheck, null)
      await tested.results.complete(ended(precheck), 1)
    }

    it('give back what was written, at revision 1', async () => {
      const precheck = precheckOf('a')
      expect(await tested.results.create(precheck, null)).toEqual({ kind: 'created' })
      expect(await tested.results.get(precheck.id)).toEqual({ precheck, revision: 1 })
      expect(await tested.results.get(`pc_${'f'.repeat(32)}`)).toBeNull()
    })

    it('let one precheck of an instance run at a time', async () => {
      const [first, second] = [precheckOf('a'), precheckOf('a')]
      const [one, two, elsewhere] = await Promise.all([
        tested.results.create(first, null),
        tested.results.create(second, null),
        tested.results.create(precheckOf('b'), null),
      ])
      // Which of two that come at the same time is the first is for the store to say.
      const winner = one.kind === 'created' ? first : second
      expect([one, two]).toContainEqual({ kind: 'created' })
      expect([one, two]).toContainEqual({ kind: 'running', precheckId: winner.id })
      expect(elsewhere).toEqual({ kind: 'created' })
      await tested.results.complete(ended(winner), 1)
      expect(await tested.results.create(precheckOf('a', 1), null)).toEqual({ kind: 'created' })
    })

    it('let the precheck that runs be created again, and keep what is recorded of it', async () => {
      const precheck = precheckOf('a')
      const again = { ...precheck, startedAt: startedAt(5), deadlineAt: startedAt(6) }
      const first = await Promise.all([precheck, precheck].map((each) => tested.results.create(each, null)))
      expect(first).toEqual([{ kind: 'created' }, { kind: 'created' }])
      expect(await tested.results.create(again, null)).toEqual({ kind: 'created' })
      expect(await tested.results.get(precheck.id)).toEqual({ precheck, revision: 1 })
      const recorded = recordResults(precheck, [passed])
      await tested.results.advance(recorded, 1)
      expect(await tested.results.create(again, null)).toEqual({ kind: 'created' })
      expect(await tested.results.get(precheck.id)).toEqual({ precheck: recorded, revision: 2 })
      expect(await tested.results.history('a', { limit: 10 })).toEqual({ items: [recorded], next: null })
      expect(await tested.results.create(precheckOf('a'), null)).toEqual({
        kind: 'running',
        precheckId: precheck.id,
      })
      expect(await tested.results.complete(ended(recorded), 2)).toBe(true)
    })

    it('never let a precheck that ended run again, however often it is created', async () => {
      const precheck = precheckOf('a')
      const again = { ...precheck, startedAt: startedAt(5), deadlineAt: startedAt(6) }
      await run(precheck)
      const before = await tested.results.get(precheck.id)
      const expectUnchanged = async () => {
        expect(await tested.results.create(again, null)).toEqual({ kind: 'created' })
        expect(await tested.results.get(precheck.id)).toEqual(before)
        expect(await tested.results.last('a')).toEqual(before?.precheck)
      }
      await expectUnchanged()
      expect(await tested.results.history('a', { limit: 10 })).toEqual({
        items: [before?.precheck],
        next: null,
      })
      const other = precheckOf('a', 7)
      expect(await tested.results.create(other, null)).toEqual({ kind: 'created' })
      await expectUnchanged()
      expect(await tested.results.get(other.id)).toEqual({ precheck: other, revision: 1 })
      await tested.results.complete(ended(other), 1)
      expect(await tested.results.create(again, null)).toEqual({ kind: 'created' })
      const { items } = await tested.results.history('a', { limit: 10 })
      expect(items.map(({ id, state }) => [id, state])).toEqual([
        [other.id, 'completed'],
        [precheck.id, 'completed'],
      ])
      expect(await tested.results.create(precheckOf('a', 9), null)).toEqual({ kind: 'created' })
    })

    it('create a refused precheck when it comes again and the instance is free', async () => {
      const [other, refused] = [precheckOf('a'), precheckOf('a', 3)]
      await tested.results.create(other, null)
      expect((await tested.results.create(refused, null)).kind).toBe('running')
      expect(await tested.results.get(refused.id)).toBeNull()
      await tested.results.complete(ended(other), 1)
      expect(await tested.results.create(refused, null)).toEqual({ kind: 'created' })
      expect(await tested.results.get(refused.id)).toEqual({ precheck: refused, revision: 1 })
    })

    it('know a repeated request, while it runs and after it ended', async () => {
      const first = precheckOf('a')
      const request = { key: 'k', requestHash: 'h' }
      await tested.results.create(first, request)
      const repeated = { kind: 'repeated', precheckId: first.id }
      expect(await tested.results.create(precheckOf('a'), request)).toEqual(repeated)
      await tested.results.complete(ended(first), 1)
      expect(await tested.results.create(precheckOf('a'), request)).toEqual(repeated)
      const other = { key: 'k', requestHash: 'another' }
      expect(await tested.results.create(precheckOf('a'), other)).toEqual({
        kind: 'key-reused',
        precheckId: first.id,
      })
      expect(await tested.results.create(precheckOf('b'), request)).toEqual({ kind: 'created' })
    })

    it('are advanced by the one who saw the last revision', async () => {
      const precheck = precheckOf('a')
      await tested.results.create(precheck, null)
      const attempts = await Promise.all([
        tested.results.advance(precheck, 1),
        tested.results.advance(precheck, 1),
      ])
      expect(attempts.filter(Boolean)).toHaveLength(1)
      expect((await tested.results.get(precheck.id))?.revision).toBe(2)
    })

    it('end a precheck once, and never change it after that', async () => {
      const precheck = precheckOf('a')
      await tested.results.create(precheck, null)
      const attempts = await Promise.all([
        tested.results.complete(ended(precheck), 1),
        tested.results.complete(ended(precheck), 1),
      ])
      expect(attempts.filter(Boolean)).toHaveLength(1)
      expect(await tested.results.advance(precheck, 2)).toBe(false)
      expect(await tested.results.complete(ended(precheck), 2)).toBe(false)
      expect((await tested.results.get(precheck.id))?.precheck.state).toBe('completed')
    })

    it('keep the youngest full precheck as last result', async () => {
      expect([await tested.results.last('a'), await tested.results.previous('a')]).toEqual([null, null])
      const young = precheckOf('a', 5)
      await run(young)
      await run(precheckOf('a', 3))
      await run(precheckOf('a', 7, 'partial'))
      expect((await tested.results.last('a'))?.id).toBe(young.id)
      expect(await tested.results.previous('a')).toEqual(previousOf(ended(young)))
    })

    it('list the history newest first, page by page', async () => {
      const prechecks = [precheckOf('a', 1), precheckOf('a', 2), precheckOf('a', 2), precheckOf('a', 3)]
      for (const precheck of prechecks) await run(precheck)
      await run(precheckOf('b', 9))
      const first = await tested.results.history('a', { limit: 3 })
      const second = await tested.results.history('a', { limit: 3, after: first.next ?? '' })
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(
        prechecks.map(({ id }) => id).reverse(),
      )
      expect([first.items.length, second.items.length, second.next]).toEqual([3, 1, null])
    })

    it('keep pages beside a precheck, many at once, and give back what was written last', async () => {
      const names = Array.from({ length: 40 }, (_, index) => `ITEM/run/findings/${index}`)
      const pages = names.map((page, index) => ({ name: page, packed: Buffer.alloc(50_000, index) }))
      const [one, other] = [precheckOf('a').id, precheckOf('b').id]
      await tested.results.putPages(one, pages)
      // Whoever comes again writes the same page again.
      await tested.results.putPages(one, pages)
      await tested.results.putPages(one, [{ name: names[3]!, packed: Buffer.from('another') }])
      for (const [index, { name: page, packed }] of pages.entries()) {
        const found = Buffer.from((await tested.results.getPage(one, page))!)
        expect(found.equals(index === 3 ? Buffer.from('another') : packed)).toBe(true)
      }
      expect(await tested.results.getPage(other, names[0]!)).toBeNull()
      expect(await tested.results.getPage(one, 'ITEM/run/findings/40')).toBeNull()
      expect((await tested.results.pageNames(one)).toSorted()).toEqual(names.toSorted())
      expect(await tested.results.pageNames(other)).toEqual([])
    })

    it('show nothing of pages whose precheck does not name them', async () => {
      const precheck = precheckOf('a')
      await tested.results.create(precheck, null)
      await tested.results.putPages(precheck.id, [{ name: 'ITEM/run/findings/0', packed: Buffer.from('x') }])
      expect(await tested.results.get(precheck.id)).toEqual({ precheck, revision: 1 })
      await tested.results.complete(ended(precheck), 1)
      expect(await tested.results.last('a')).toEqual(ended(precheck))
      expect(await tested.results.previous('a')).toEqual(previousOf(ended(precheck)))
    })

    it('tell how every instance stands, in the order of their ids', async () => {
      const standings = async (page: PageRequest) => {
        const { items, next } = await tested.results.standings(page)
        return { items: items.map(({ instanceId }) => instanceId), next }
      }
      const failed: ItemResult = { ...passed, status: 'failed' }
      const again = precheckOf('b', 2)
      await run(precheckOf('b', 1))
      await tested.results.create(again, null)
      await tested.results.advance(recordResults(again, [failed]), 1)
      const previous = await tested.results.previous('b')
      const last = completePrecheck(recordResults(again, [failed]), previous, new Date(again.deadlineAt))
      await tested.results.complete(last, 2)
      const first = precheckOf('a')
      const next = precheckOf('b', 3)
      for (const precheck of [first, next]) await tested.results.create(precheck, null)
      await run(precheckOf('c', 0, 'partial'))
      const all = await tested.results.standings({ limit: 10 })
      expect(all.items).toEqual([
        { instanceId: 'a', runningId: first.id, last: null },
        {
          instanceId: 'b',
          runningId: next.id,
          last: {
            precheckId: again.id,
            outcome: last.outcome,
            previousOutcome: 'inconclusive',
            completedAt: again.deadlineAt,
            new: 0,
            resolved: 0,
            measures: {
              durationMs: 60_000,
              verdicts: ['ready', 'ready', 'ready', 'ready'],
              findings: [0, 0, 0],
              exposureMinutes: null,
            },
          },
        },
        { instanceId: 'c', runningId: null, last: null },
      ])
      expect(last.outcome).toBe('failed')
      expect(await standings({ limit: 10, after: 'b' })).toEqual({ items: ['c'], next: null })
      const pages: string[] = []
      let after: string | null = ''
      while (after !== null) {
        const page = await standings({ limit: 1, ...(after !== '' && { after }) })
        pages.push(...page.items)
        after = page.next
      }
      expect(pages).toEqual(['a', 'b', 'c'])
    })

    it('tell of the youngest result, whichever ended last', async () => {
      const [older, younger] = [precheckOf('a', 1), precheckOf('a', 5)]
      await run(younger)
      await run(older)
      const [standing] = (await tested.results.standings({ limit: 1 })).items
      expect(standing?.last?.precheckId).toBe(younger.id)
    })

    it('list no precheck of another instance, whatever page is asked for', async () => {
      for (const minute of [1, 2, 3]) await run(precheckOf('a', minute))
      await run(precheckOf('b', 0))
      const { next } = await tested.results.history('a', { limit: 1 })
      const { items } = await tested.results.history('b', { limit: 3, after: next ?? '' })
      expect(items.filter(({ instanceId }) => instanceId !== 'b')).toEqual([])
    })
  })
}
