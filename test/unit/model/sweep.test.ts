import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SweepEntryStatus, sweepCountsOf, wasMissed } from '../../../shared/model/sweep.ts'

const entries = fc.array(fc.constantFrom(...SweepEntryStatus.options))

describe('the counts of a sweep', () => {
  it('are those of its entries: open ones run, and what has begun was started, whatever became of it', () => {
    fc.assert(
      fc.property(entries, (statuses) => {
        const countOf = (...kinds: SweepEntryStatus[]) =>
          statuses.filter((status) => kinds.includes(status)).length
        // As stores count them: of statuses that occur only.
        const byStatus = Object.fromEntries([...new Set(statuses)].map((status) => [status, countOf(status)]))
        const notRun = countOf('not_run')
        expect(sweepCountsOf(byStatus)).toEqual({
          waiting: countOf('waiting'),
          started: statuses.length - notRun - countOf('waiting'),
          running: countOf('starting', 'started'),
          passed: countOf('passed'),
          warning: countOf('warning'),
          failed: countOf('failed'),
          inconclusive: countOf('inconclusive'),
          notRun,
        })
      }),
    )
  })
})

describe('an instance in a sweep', () => {
  it.each([
    ['WINDOW_MISSED', true],
    ['HOST_BUSY', true],
    ['MAINTENANCE_WINDOW', false],
    ['PRECHECK_RUNNING', false],
    ['INSTANCE_REMOVED', false],
    ['NIGHT_REPEATED', false],
  ])('that was not prechecked for %s was missed: %s', (code, isMissed) => {
    expect(wasMissed({ notRun: { code, params: {} } })).toBe(isMissed)
  })

  it('was not missed where nothing is said of why it would not be prechecked', () => {
    expect(wasMissed({ notRun: null })).toBe(false)
  })
})
