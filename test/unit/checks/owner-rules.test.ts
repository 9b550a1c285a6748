import { describe, expect, it } from 'vitest'
import type { Evaluation, FindingDraft } from '../../../shared/checks/framework/define-check.ts'
import { asOwnerSays } from '../../../shared/checks/owner-rules.ts'
import type { ProtectedDatabase } from '../../../shared/model/protection.ts'
import { definitionOf } from '../../support/context.ts'

const about = (type: 'database' | 'instance', name: string): FindingDraft => ({
  code: 'BROKEN',
  object: { type, name },
  observed: {},
  expected: {},
})
const unknownOf = (database: string): ProtectedDatabase => ({
  database,
  state: 'unknown',
  full: null,
  incremental: null,
  log: null,
  chain: 'unknown',
  exposureMinutes: null,
  objectiveMinutes: null,
  worstExposureMinutes7d: null,
  restoreSeconds: null,
})
const system = { name: 'tempdb', reason: { code: 'SYSTEM', params: {} } }
const leftOut = (name: string, code = 'EXCLUDED_BY_OWNER') => ({ name, reason: { code, params: {} } })

/** What `ITEM` concludes where its owner leaves Sales out of it. */
const said = (evaluation: Evaluation): Evaluation =>
  asOwnerSays(
    'ITEM',
    definitionOf('sqlserver', { databases: [{ name: 'Sales', exclude: ['ITEM'] }] }),
    evaluation,
  )

describe('a database that its owner leaves out of an item', () => {
  it('has no finding and is not judged, and the others are', () => {
    const findings = [about('database', 'Sales'), about('database', 'HR')]
    expect(said({ findings, databases: ['HR', 'Sales'], excluded: [system] })).toEqual({
      findings: [about('database', 'HR')],
      databases: ['HR'],
      excluded: [system, leftOut('Sales')],
    })
  })

  it('is told as left out where the item names it in a finding alone', () => {
    expect(said({ findings: [about('database', 'Sales')] })).toEqual({
      findings: [],
      databases: [],
      excluded: [leftOut('Sales')],
    })
  })

  it('is not the instance of that name', () => {
    const evaluation = { findings: [about('instance', 'Sales')] }
    expect(said(evaluation)).toBe(evaluation)
    expect(said({ ...evaluation, databases: ['Sales'] })).toMatchObject(evaluation)
  })

  it('does not count among those that are protected', () => {
    const databases = ['Sales', 'HR']
    const protection = databases.map(unknownOf)
    expect(said({ findings: [], databases, protection }).protection).toEqual([unknownOf('HR')])
  })
})

describe('a database that is offline on purpose', () => {
  it('is left out while it is offline, and judged while it is not', () => {
    const definition = definitionOf('sqlserver', {
      databases: [{ name: '*', expectedState: 'offline' }],
    })
    const evaluation = { findings: [], databases: ['Sales', 'HR'], offline: ['HR'] }
    expect(asOwnerSays('ITEM', definition, evaluation)).toMatchObject({
      databases: ['Sales'],
      excluded: [leftOut('HR', 'OFFLINE_ON_PURPOSE')],
    })
  })
})

describe('an item of an instance without such rules', () => {
  it('concludes what it did', () => {
    const evaluation = { findings: [about('database', 'HR')], databases: ['HR'] }
    expect(said(evaluation)).toBe(evaluation)
    expect(asOwnerSays('ITEM', definitionOf('sqlserver'), evaluation)).toBe(evaluation)
  })
})
