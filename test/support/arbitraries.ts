import fc from 'fast-check'
import { type Finding, fingerprintOf, levelOf } from '../../shared/model/finding.ts'
import { type ItemResult, statusOf } from '../../shared/model/item-result.ts'
import { type Operation, allOperations } from '../../shared/model/operation.ts'
import type { RunningPrecheck } from '../../shared/model/precheck.ts'

/** Items of the prechecks below. */
export const itemIds = ['ITEM_A', 'ITEM_B', 'ITEM_C', 'ITEM_D', 'ITEM_E'] as const

const instanceId = 'db1'

const operations = fc.uniqueArray(fc.constantFrom(...allOperations))

/** A finding of an item, with operations in one list at most each. */
export const findingOf = (checkItem: string): fc.Arbitrary<Finding> =>
  fc
    .record({
      code: fc.constantFrom('BROKEN', 'SLOW', 'ODD'),
      object: fc.record({
        type: fc.constantFrom('instance', 'database', 'pluggable-database'),
        name: fc.constantFrom('db1', 'Sales', 'HR', 'Ledger'),
      }),
      effects: fc.array(fc.constantFrom('blocks', 'degrades', 'obscures', 'limits', 'nothing'), {
        minLength: allOperations.length,
        maxLength: allOperations.length,
      }),
    })
    .map(({ code, object, effects }) => {
      const listed = (list: string): Operation[] =>
        allOperations.filter((_, index) => effects[index] === list)
      const effect = {
        blocks: listed('blocks'),
        degrades: listed('degrades'),
        obscures: listed('obscures'),
        limits: listed('limits'),
      }
      return {
        fingerprint: fingerprintOf(instanceId, checkItem, code, object),
        checkItem,
        object,
        level: levelOf(effect, allOperations),
        message: { code, params: {} },
        observed: {},
        expected: {},
        ...effect,
        remediation: null,
      }
    })

const undetermined = (checkItem: string): fc.Arbitrary<ItemResult> =>
  fc
    .record({
      status: fc.constantFrom('error', 'timed_out', 'skipped'),
      code: fc.constantFrom('LOGIN_FAILED', 'DEPENDENCY_NOT_PASSED', 'NOT_APPLICABLE'),
    })
    .map(({ status, code }) => ({
      ...bareResult(checkItem),
      status: status === 'skipped' || code !== 'NOT_APPLICABLE' ? status : 'skipped',
      reason: { code, params: {} },
    }))

/** A result of an item that has found nothing. */
export const bareResult = (checkItem: string): ItemResult => ({
  checkItem,
  status: 'passed',
  vantage: 'checker',
  reason: null,
  observed: {},
  findings: [],
  databases: [],
  excluded: [],
  startedAt: '2026-11-21T02:00:00.000Z',
  durationMs: 1,
})

const determined = (checkItem: string): fc.Arbitrary<ItemResult> =>
  fc
    .record({
      findings: fc.uniqueArray(findingOf(checkItem), {
        maxLength: 4,
        selector: ({ fingerprint }) => fingerprint,
      }),
      databases: fc.uniqueArray(fc.constantFrom('Sales', 'HR', 'Ledger')),
      durationMs: fc.nat(20_000),
    })
    .map((part) => ({ ...bareResult(checkItem), ...part, status: statusOf(part.findings) }))

/** A result of an item, determined or not. */
export const resultOf = (checkItem: string): fc.Arbitrary<ItemResult> =>
  fc.oneof({ weight: 3, arbitrary: determined(checkItem) }, { weight: 1, arbitrary: undetermined(checkItem) })

/** One result for every item. */
export const allResults: fc.Arbitrary<ItemResult[]> = fc.tuple(...itemIds.map(resultOf))

/** A precheck of which nothing has come in. */
export const startedPrecheck: fc.Arbitrary<RunningPrecheck> = fc
  .record({ affects: fc.array(operations, { minLength: itemIds.length, maxLength: itemIds.length }) })
  .map(({ affects }) => ({
    state: 'running',
    id: `pc_${'0'.repeat(32)}`,
    instanceId,
    engine: 'oracle',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: [...allOperations],
    trigger: 'request',
    scope: 'full',
    checkItems: itemIds.map((checkItem, index) => ({ checkItem, affects: affects[index] ?? [] })),
    results: [],
    startedAt: '2026-11-21T02:00:00.000Z',
    deadlineAt: '2026-11-21T02:01:00.000Z',
  }))

/** Forbids changes, however deep. */
export const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}
