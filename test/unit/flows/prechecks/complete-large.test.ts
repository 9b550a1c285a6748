import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeLarge } from '../../../../shared/flows/prechecks/complete-large.ts'
import { listFindings } from '../../../../shared/flows/prechecks/list-findings.ts'
import { rowsOfDatabase } from '../../../../shared/flows/prechecks/rows-of-database.ts'
import { resultMessage } from '../../../../shared/flows/prechecks/send-result.ts'
import type { Acknowledgement } from '../../../../shared/model/acknowledgement.ts'
import { type ComparedFinding, previousOf } from '../../../../shared/model/comparison.ts'
import type { Effect, Finding } from '../../../../shared/model/finding.ts'
import type { ItemResult } from '../../../../shared/model/item-result.ts'
import { maxInline } from '../../../../shared/model/paginate.ts'
import {
  type CompletedPrecheck,
  type RunningPrecheck,
  completePrecheck,
} from '../../../../shared/model/precheck.ts'
import { readinessOf } from '../../../../shared/model/readiness.ts'
import { isChanged } from '../../../../shared/model/news.ts'
import { eventTypesOf } from '../../../../shared/webhooks/events/events.ts'
import { openList, readPage } from '../../../../shared/ports/pages.ts'
import {
  acknowledgementOf,
  completedOf,
  itemResult,
  simpleDatabase,
  undeterminedItem,
} from '../../../support/completed-prechecks.ts'
import { pagesInMemory } from '../../../support/pages-in-memory.ts'

const effects: readonly (Partial<Effect> | null)[] = [
  null,
  { blocks: ['incremental', 'log'] },
  { degrades: ['log'] },
  { obscures: ['full'] },
  { limits: ['log'] },
  {},
]

/** Whether 520 databases are fine, or what is found of each; more of them are broken than a document holds. */
const states = fc.array(fc.nat(effects.length - 1), { minLength: 520, maxLength: 520 })

const resultOf = (found: readonly number[]): ItemResult => {
  const names = found.map((_, index) => `db ${(index * 7) % found.length}`)
  const findings = names.flatMap((name, index) => {
    const effect = effects[found[index] ?? 0]
    return effect ? [simpleDatabase(name, effect)] : []
  })
  return { ...itemResult(findings), databases: names }
}

const runningOf = (result: ItemResult, index: number, acknowledgements: readonly Acknowledgement[]) => {
  const { outcome: _, comparison: __, completedAt: ___, ...plan } = completedOf({ results: [result] })
  return {
    ...plan,
    state: 'running',
    id: `pc_${String(index).padStart(32, '0')}`,
    startedAt: `2026-11-2${index}T02:00:00.000Z`,
    ...(acknowledgements.length > 0 && { acknowledgements: [...acknowledgements] }),
  } satisfies RunningPrecheck
}

const now = new Date('2026-11-30T02:00:00.000Z')
const byFingerprint = (one: { fingerprint: string }, other: { fingerprint: string }) =>
  one.fingerprint < other.fingerprint ? -1 : 1

/** Prechecks of one item, each completed whole and in pages, and compared with the one before it in the same way. */
const twoWorlds = () => {
  const pages = pagesInMemory()
  let whole: CompletedPrecheck | null = null
  let paged: CompletedPrecheck | null = null
  let count = 0

  const openIn = async ({ comparison }: CompletedPrecheck): Promise<ComparedFinding[]> => {
    const open = [...previousOf({ ...paged!, comparison }).open]
    for (const owner of comparison.paged ?? []) {
      for (let index = 0; index < owner.pages; index += 1)
        open.push(...((await readPage(pages, owner, openList, index)) ?? []))
    }
    return open
  }

  return {
    pages,
    next: async (result: ItemResult, acknowledgements: readonly Acknowledgement[] = []) => {
      count += 1
      const running = runningOf(result, count, acknowledgements)
      whole = completePrecheck(running, whole && previousOf(whole), now)
      const message = await resultMessage(running.id, result)
      await pages.putPages(
        running.id,
        (message.pages ?? []).map(({ name, packed }) => ({ name, packed: Buffer.from(packed, 'base64') })),
      )
      const head = { ...running, results: [message.result] }
      const ended = await completeLarge(pages, head, paged && previousOf(paged), now)
      paged = ended.completed
      return { whole, ...ended, open: await openIn(ended.completed) }
    },
  }
}

type Night = Awaited<ReturnType<ReturnType<typeof twoWorlds>['next']>>

/** Both worlds came to the same. */
const expectSame = ({ whole, completed, shown, open }: Night): void => {
  const { new: added, still, resolved, undetermined } = whole.comparison
  expect(completed.outcome).toBe(whole.outcome)
  expect(completed.results.map(({ status }) => status)).toEqual(whole.results.map(({ status }) => status))
  expect(completed.comparison.totals).toEqual({
    new: added.length,
    still: still.length,
    resolved: resolved.length,
    undetermined: undetermined.length,
  })
  expect(open.toSorted(byFingerprint)).toEqual(previousOf(whole).open.toSorted(byFingerprint))
  const { instance } = readinessOf(whole.checkItems, whole.results)
  for (const operation of ['full', 'incremental', 'log', 'restore'] as const) {
    const { findings: _, ...summary } = instance[operation]
    expect(completed.large?.readiness[operation]).toEqual({ ...summary, findings: [] })
  }
  expect([eventTypesOf(shown), isChanged(shown)]).toEqual([eventTypesOf(whole), isChanged(whole)])
  const { unchanged } = whole.comparison
  expect([completed.comparison.unchanged, shown.comparison.unchanged]).toEqual([unchanged, unchanged])
}

const allFindings = async (pages: ReturnType<typeof pagesInMemory>, precheck: CompletedPrecheck) => {
  const found: Finding[] = []
  for (let after: string | null = ''; after !== null;) {
    const page = await listFindings(pages, precheck, {}, { limit: 77, ...(after !== '' && { after }) })
    found.push(...page.items)
    after = page.next
  }
  return found
}

const everyBroken = Array.from({ length: 520 }, () => 1)
const allFine = everyBroken.map(() => 0)

describe('a precheck whose findings are kept in pages', () => {
  it('comes to the same as one that is held whole, night after night', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(states, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(519), { maxLength: 40 }),
        async (nights, accepted) => {
          const worlds = twoWorlds()
          const acknowledgements = accepted.map((index) => acknowledgementOf(`db ${index}`))
          for (const [index, found] of nights.entries()) {
            const night = await worlds.next(resultOf(found), index === 1 ? acknowledgements : [])
            expectSame(night)
            const findings = night.whole.results.flatMap((result) => result.findings)
            const listed = await allFindings(worlds.pages, night.completed)
            expect(listed.toSorted(byFingerprint)).toEqual(findings.toSorted(byFingerprint))
          }
        },
      ),
      { numRuns: 8 },
    )
  })

  it('is compared with a small one, and a small one with it', async () => {
    const { next } = twoWorlds()
    const few = allFine.map((_, index) => (index < 3 ? 1 : 0))
    for (const found of [everyBroken, few, everyBroken, allFine, everyBroken])
      expectSame(await next(resultOf(found)))
  })

  it('remembers what was open while its item cannot be determined', async () => {
    const { next } = twoWorlds()
    await next(resultOf(everyBroken))
    const item = resultOf(everyBroken).checkItem
    for (const _ of [1, 2]) {
      const night = await next(undeterminedItem(item))
      expect(night.completed.comparison.totals).toEqual({ new: 0, still: 0, resolved: 0, undetermined: 520 })
      expectSame(night)
    }
    const after = await next(resultOf(everyBroken))
    expect(after.completed.comparison.totals).toMatchObject({ new: 0, still: 520 })
    expectSame(after)
  })

  it('shows of each database the row that it has in the whole table', async () => {
    const { pages, next } = twoWorlds()
    const { whole, shown } = await next(resultOf(everyBroken.map((_, index) => index % effects.length)))
    const { databases } = readinessOf(whole.checkItems, whole.results)
    for (const name of ['db 0', 'db 17', 'db 5', 'db 519']) {
      const row = databases.find(({ database }) => database === name)
      expect(await rowsOfDatabase(pages, shown, name)).toEqual([row])
    }
    expect(await rowsOfDatabase(pages, shown, 'db')).toEqual([])
    expect(shown.readiness?.databases.length).toBeLessThan(databases.length)
    for (const row of shown.readiness?.databases ?? []) expect(databases).toContainEqual(row)
  })

  it('could not be determined where a page is not there, and is never green', async () => {
    const pages = pagesInMemory()
    const running = runningOf(resultOf(everyBroken), 1, [])
    const { result } = await resultMessage(running.id, resultOf(everyBroken))
    const { completed, shown } = await completeLarge(pages, { ...running, results: [result] }, null, now)
    expect(completed.outcome).toBe('inconclusive')
    expect(completed.results).toMatchObject([{ status: 'error', reason: { code: 'RESULT_TOO_LARGE' } }])
    expect(Object.values(shown.readiness?.instance ?? {}).map(({ verdict }) => verdict)).not.toContain(
      'ready',
    )
  })
})

describe('the message of a result', () => {
  it('is the result itself up to the limit, and a head with pages beyond', async () => {
    const upTo = itemResult(
      Array.from({ length: maxInline / 2 }, (_, index) => simpleDatabase(`db ${index}`)),
    )
    expect(await resultMessage('pc', upTo)).toEqual({ kind: 'result', precheckId: 'pc', result: upTo })
    const beyond = { ...upTo, databases: [...upTo.databases, 'one more'] }
    const { result, pages } = await resultMessage('pc', beyond)
    expect(result).toMatchObject({ findings: [], databases: [], pages: { totals: { databases: 101 } } })
    expect(pages).toHaveLength(2)
    expect(await resultMessage('pc', beyond)).toEqual({ kind: 'result', precheckId: 'pc', result, pages })
  })

  it('is an error where nobody could hold the pages', async () => {
    const one = simpleDatabase('db')
    const far = { ...itemResult([]), findings: Array.from({ length: 500_001 }, () => one) }
    const { result, pages } = await resultMessage('pc', far)
    expect([result.status, result.reason, pages]).toEqual([
      'error',
      { code: 'RESULT_TOO_LARGE', params: { findings: 500_001 } },
      undefined,
    ])
  })
})
