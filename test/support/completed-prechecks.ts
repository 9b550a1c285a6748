import { recoveryModelSteps } from '../../shared/checks/sqlserver/recovery-model-steps.ts'
import type { Acknowledgement } from '../../shared/model/acknowledgement.ts'
import { previousOf } from '../../shared/model/comparison.ts'
import { type Effect, type Finding, fingerprintOf, levelOf } from '../../shared/model/finding.ts'
import { type ItemResult, statusOf } from '../../shared/model/item-result.ts'
import { allOperations } from '../../shared/model/operation.ts'
import {
  type CompletedPrecheck,
  type RunningPrecheck,
  completePrecheck,
} from '../../shared/model/precheck.ts'

/** The item of the findings below, which has texts. */
export const recoveryModelItem = 'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE'

const nothing: Effect = { blocks: [], degrades: [], obscures: [], limits: [] }

/** A database that is found in the SIMPLE recovery model, with its fix. */
export const simpleDatabase = (
  name: string,
  effect: Partial<Effect> = { blocks: ['incremental', 'log'] },
) => {
  const object = { type: 'database', name } as const
  const whole = { ...nothing, ...effect }
  const finding: Finding = {
    fingerprint: fingerprintOf('db1', recoveryModelItem, 'RECOVERY_MODEL_SIMPLE', object),
    checkItem: recoveryModelItem,
    object,
    level: levelOf(whole, allOperations),
    message: {
      code: 'RECOVERY_MODEL_SIMPLE',
      params: { database: name, operations: ['incremental', 'log'] },
    },
    observed: {},
    expected: {},
    ...whole,
    remediation: {
      steps: [recoveryModelSteps.setFull({ database: name }), recoveryModelSteps.runPlannedBackup({})],
      verify: null,
      changes: { recovery_model_desc: 'FULL' },
    },
  }
  return finding
}

/** A database with a risk, and nothing that is blocked. */
export const riskyDatabase = (name: string): Finding => simpleDatabase(name, { degrades: ['log'] })

/** The result of an item, from what it found. */
export const itemResult = (findings: readonly Finding[], checkItem = recoveryModelItem): ItemResult => ({
  checkItem,
  status: statusOf(findings),
  vantage: 'checker',
  reason: null,
  observed: {},
  findings: [...findings],
  databases: findings.map(({ object }) => object.name),
  excluded: [],
  startedAt: '2026-11-21T02:00:00.000Z',
  durationMs: 1,
})

/** The result of an item that could not be determined. */
export const undeterminedItem = (checkItem = 'SERVICE_CONNECTIVITY'): ItemResult => ({
  ...itemResult([], checkItem),
  status: 'timed_out',
  reason: { code: 'TIME_LIMIT_REACHED', params: { limitMs: 20_000 } },
})

/** The result of an item that is not essential and whose right is missing. */
export const itemWithoutRight = (checkItem = recoveryModelItem): ItemResult => ({
  ...itemResult([], checkItem),
  status: 'skipped',
  reason: { code: 'RIGHT_MISSING', params: { rights: [], grants: '' } },
})

/** An acknowledgement of what is found in a database; `expired` has no effect. */
export const acknowledgementOf = (database: string, expired = false): Acknowledgement => ({
  id: 'ack_0123456789abcdef',
  checkItem: recoveryModelItem,
  database,
  reason: 'restored from elsewhere',
  author: 'dba',
  acknowledgedAt: '2026-11-01T00:00:00.000Z',
  expiresAt: expired ? '2026-11-02T00:00:00.000Z' : '2027-11-01T00:00:00.000Z',
})

/** What one night finds. */
export interface Night {
  readonly results: readonly ItemResult[]
  readonly acknowledgements?: readonly Acknowledgement[]
  /** Those of its items that are not essential. */
  readonly beyond?: readonly string[]
  readonly over?: Partial<RunningPrecheck>
}

/** A precheck as its instance would complete it, against the one before it. */
export const completedOf = (night: Night, before: CompletedPrecheck | null = null): CompletedPrecheck => {
  const day = before ? 22 : 21
  const running: RunningPrecheck = {
    state: 'running',
    id: `pc_${String(day).repeat(16)}`,
    instanceId: 'db1',
    engine: 'sqlserver',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: [...allOperations],
    trigger: 'schedule',
    scope: 'full',
    checkItems: night.results.map(({ checkItem }) => ({
      checkItem,
      affects: [...allOperations],
      ...(night.beyond?.includes(checkItem) && { set: 'standard' as const }),
    })),
    results: [...night.results],
    startedAt: `2026-11-${day}T02:00:00.000Z`,
    deadlineAt: `2026-11-${day}T02:10:00.000Z`,
    ...(night.acknowledgements?.length && { acknowledgements: [...night.acknowledgements] }),
    ...night.over,
  }
  return completePrecheck(running, before && previousOf(before), new Date(`2026-11-${day}T02:00:09.000Z`))
}

/** The last of some nights in a row. */
export const lastOf = (...nights: readonly Night[]): CompletedPrecheck =>
  nights.reduce<CompletedPrecheck | null>((before, night) => completedOf(night, before), null)!
