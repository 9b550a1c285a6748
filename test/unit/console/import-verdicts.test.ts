import { describe, expect, it } from 'vitest'
import { inTurn } from '../../../infra/console/state/in-turn.ts'
import type { Entry } from '../../../infra/forms/read-table.ts'
import {
  type Verdict,
  countsOf,
  faultsFirst,
  firstVerdicts,
  verdictOf,
} from '../../../infra/console/import/verdicts.ts'

const entry = (id: string, at: number): Entry => ({ id, at, definition: {} })
const problem = { status: 422, code: 'FIELDS_INVALID', title: '', detail: 'all of it', requestId: 'r' }
const asRight = (): Verdict => ({ kind: 'right', seen: 0 })

describe('what is said of a list', () => {
  it('says of each what is wrong, else of the whole', () => {
    const errors = [{ field: 'region', message: 'must be a region' }]
    expect(verdictOf({ kind: 'problem', problem: { ...problem, errors } }, asRight)).toEqual({
      kind: 'wrong',
      reasons: ['region: must be a region'],
    })
    expect(verdictOf({ kind: 'problem', problem }, asRight)).toEqual({
      kind: 'wrong',
      reasons: ['all of it'],
    })
    expect(verdictOf({ kind: 'offline' }, asRight)).toEqual({ kind: 'unanswered' })
  })

  it('counts, and shows first what somebody has to mend', () => {
    const [a, b, c, d] = [entry('a', 1), entry('b', 2), entry('b', 3), entry('d', 4)]
    const verdicts = new Map(firstVerdicts([a, b, c, d]))
      .set(a, { kind: 'right', seen: 0 })
      .set(b, { kind: 'right', seen: 3 })
      .set(d, { kind: 'registered' })
    expect(countsOf(verdicts)).toEqual({ fresh: 1, replaced: 1, wrong: 1, registered: 1 })
    expect(faultsFirst(verdicts).map(([{ at }]) => at)).toEqual([3, 1, 2, 4])
  })
})

describe('a list that is worked off', () => {
  it('is done a few at a time, each once', async () => {
    const done: number[] = []
    let underWay = 0
    let most = 0
    await inTurn(
      Array.from({ length: 20 }, (_, at) => at),
      () => true,
      async (at) => {
        underWay += 1
        most = Math.max(most, underWay)
        await Promise.resolve()
        done.push(at)
        underWay -= 1
      },
    )
    expect(done.toSorted((one, another) => one - another)).toEqual(Array.from({ length: 20 }, (_, at) => at))
    expect(most).toBe(4)
  })

  it('ends when nobody wants it any more', async () => {
    const done: number[] = []
    await inTurn(
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
      () => done.length < 5,
      async (at) => void done.push(at),
    )
    expect(done.length).toBeLessThan(9)
  })
})
