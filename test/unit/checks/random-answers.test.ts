import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../../../shared/checks/catalogue.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { Profile } from '../../../shared/model/profile.ts'
import type { Answer } from '../../support/engine-in-tests.ts'
import { engineInTests } from '../../support/engines.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { cellsOf } from '../../support/losses.ts'
import { judgeAnswer, questionsOf, readinessFor } from '../../support/random-answers.ts'

/** Seeds of failures are printed by fast-check; `npm run answers` tries a million. */

/** Many answers take long on a busy machine. */
const howLong = { timeout: propertyRuns(120_000) }

describe.each(Engine.options)('whatever a server of %s answers', (engine) => {
  it(
    'every item comes to what can be stored and rendered, no cell is ready without the facts it rests on, ' +
      'and none is greener when a fact is missing',
    howLong,
    () => {
      let readyCells = 0
      const property = fc.property(questionsOf(engine), (question) => {
        const result = judgeAnswer(engine, question)
        expect(result.breaches).toEqual([])
        readyCells += result.readyCells
      })
      fc.assert(property, { numRuns: propertyRuns(400) })
      expect(readyCells).toBeGreaterThan(0)
    },
  )

  it('something is farther from ready when a statement is refused that it rests on', () => {
    const healthy = engineInTests[engine].healthy as Answer
    for (const statement of Object.keys(engineInTests[engine].samples)) {
      for (const profile of Profile.options) {
        const before = cellsOf(readinessFor(engine, profile, healthy))
        const after = cellsOf(readinessFor(engine, profile, { ...healthy, [statement]: null }))
        const isLess = [...before].some(([cell, value]) => (after.get(cell) ?? 0) > value)
        const isNeeded = !engineInTests[engine].notNeeded.includes(statement)
        expect(isLess, `${engines[engine].title}: ${statement} refused`).toBe(isNeeded)
      }
    }
  })
})
