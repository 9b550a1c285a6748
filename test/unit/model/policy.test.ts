import { describe, expect, it } from 'vitest'
import { defaultThresholds } from '../../../shared/model/default-thresholds.ts'
import {
  type Policy,
  PolicyDefinition,
  effectiveFor,
  explainedFor,
  gateRuleFor,
} from '../../../shared/model/policy.ts'
import { definitionOf } from '../../support/context.ts'

const policy = (name: string, appliesTo: object, fullBackupMaxAgeHours: number): Policy => ({
  name,
  definition: PolicyDefinition.parse({ appliesTo, thresholds: { fullBackupMaxAgeHours } }),
  revision: 1,
  updatedAt: '2026-11-21T02:00:00.000Z',
})

const everywhere = policy('everywhere', {}, 1)
const ofEngine = policy('of-engine', { engine: 'sqlserver' }, 2)
const ofTeam = policy('of-team', { tags: { team: 'orders' } }, 3)
const ofTeamInTest = policy('of-team-in-test', { tags: { team: 'orders', stage: 'test' } }, 4)
const ofSales = policy('of-sales', { databases: 'Sales*' }, 5)
const ofSales1 = policy('of-sales-1', { databases: 'Sales1' }, 6)
const all = [ofSales1, ofTeamInTest, everywhere, ofSales, ofTeam, ofEngine]

const instance = definitionOf('sqlserver', { tags: { team: 'orders', stage: 'test', more: 'x' } })
const holds = (policies: readonly Policy[], definition = instance, database?: string) =>
  explainedFor(policies, definition, database)['fullBackupMaxAgeHours']

describe('the policy that holds', () => {
  it.each([
    ['the default without any', [], { value: defaultThresholds.fullBackupMaxAgeHours, from: null }],
    ['one for all', [everywhere], { value: 1, from: 'everywhere' }],
    ['one of the engine over one for all', [ofEngine, everywhere], { value: 2, from: 'of-engine' }],
    ['one of a tag over one of the engine', [ofTeam, ofEngine], { value: 3, from: 'of-team' }],
    ['one of two tags over one of one', [ofTeamInTest, ofTeam], { value: 4, from: 'of-team-in-test' }],
    ['the first by name of two alike', [policy('b', {}, 8), policy('a', {}, 7)], { value: 7, from: 'a' }],
  ])('is %s', (_, policies, expected) => {
    expect(holds(policies)).toEqual(expected)
    expect(holds(policies.toReversed())).toEqual(expected)
  })

  it('of a database is the one whose pattern says most of its name', () => {
    const of = (database: string) => holds(all, instance, database)?.from
    expect([of('Sales1'), of('Sales2'), of('HR')]).toEqual(['of-sales-1', 'of-sales', 'of-team-in-test'])
  })

  it('is none of another engine or of other tags', () => {
    expect(holds([ofEngine], definitionOf('oracle'))?.from).toBe(null)
    expect(holds([ofTeamInTest], definitionOf('sqlserver', { tags: { team: 'orders' } }))?.from).toBe(null)
  })

  it('is sent with the check items, the instance apart from its databases, the closest one last', () => {
    expect(effectiveFor(all, instance)).toEqual({
      all: { fullBackupMaxAgeHours: 4 },
      databases: [
        { name: 'Sales*', thresholds: { fullBackupMaxAgeHours: 5 } },
        { name: 'Sales1', thresholds: { fullBackupMaxAgeHours: 6 } },
      ],
    })
  })
})

describe('the rule of the gate', () => {
  it('is that of the closest policy that says it, of databases for those alone', () => {
    const says = (name: string, appliesTo: object, gate: object): Policy => ({
      ...policy(name, appliesTo, 1),
      definition: PolicyDefinition.parse({ appliesTo, gate }),
    })
    const policies = [
      says('sales', { databases: 'Sales*' }, { inconclusive: 'deny' }),
      says('all', {}, { warnings: 'deny', inconclusive: 'allow' }),
      says('other', { engine: 'oracle' }, { warnings: 'allow' }),
    ]
    expect(gateRuleFor([], instance)).toEqual({ warnings: 'allow', inconclusive: 'deny' })
    expect(gateRuleFor(policies, instance, 'HR')).toEqual({ warnings: 'deny', inconclusive: 'allow' })
    expect(gateRuleFor(policies, instance, 'Sales1')).toEqual({ warnings: 'deny', inconclusive: 'deny' })
    expect(gateRuleFor(policies, instance)).toEqual({ warnings: 'deny', inconclusive: 'allow' })
  })
})

describe('a policy', () => {
  it('says at least one threshold or something of the gate, and none that there is not', () => {
    expect(PolicyDefinition.safeParse({ thresholds: {} }).success).toBe(false)
    expect(PolicyDefinition.safeParse({ gate: {} }).success).toBe(false)
    expect(PolicyDefinition.safeParse({ gate: { warnings: 'deny' } }).success).toBe(true)
    expect(PolicyDefinition.safeParse({ thresholds: { fullBackupMaxAge: 1 } }).success).toBe(false)
    expect(PolicyDefinition.safeParse({ thresholds: { logSpaceWarningPercent: 101 } }).success).toBe(false)
  })
})
