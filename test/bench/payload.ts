import { selectedChecks } from '../../shared/checks/catalogue.ts'
import { InstanceDefinition } from '../../shared/model/instance.ts'
import type { ItemResult } from '../../shared/model/item-result.ts'
import type { CheckMessage } from '../../shared/model/queue-messages.ts'

/** What a precheck carries, so that every system moves the same: a healthy Oracle with its five essential check items. */

export const definition = InstanceDefinition.parse({
  engine: 'oracle',
  region: 'cn-hangzhou',
  connection: {
    host: 'db.example',
    serviceName: 'orcl',
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_BENCH' },
  },
})

const startedAt = '2026-11-21T02:00:00.000Z'
const deadlineAt = '2026-11-21T02:01:00.000Z'
const checks = selectedChecks(definition)

/** Check items of a precheck. */
export const itemsOfPrecheck = checks.length

const precheckIdOf = (index: number): string => `pc_${index.toString(16).padStart(32, '0')}`

/** The message of every check item of a precheck. */
export const messagesOf = (index: number, instanceId: string): CheckMessage[] =>
  checks.map(({ id }) => ({
    precheckId: precheckIdOf(index),
    checkItem: id,
    target: { instanceId, definition },
    limitMs: 20_000,
    deadlineAt,
  }))

/** The result of a no-op check item. */
export const resultOf = (checkItem: string): ItemResult => ({
  checkItem,
  status: 'passed',
  vantage: 'checker',
  reason: null,
  observed: { open_mode: 'READ WRITE', database_role: 'PRIMARY', pluggable_databases: 1 },
  findings: [],
  databases: ['ORCL', 'SALES'],
  excluded: [],
  startedAt,
  durationMs: 2,
})

/** A running precheck, without its results. */
export const planOf = (index: number, instanceId: string) => ({
  id: precheckIdOf(index),
  instanceId,
  engine: definition.engine,
  region: definition.region,
  profile: definition.profile,
  checkItems: checks.map(({ id, affects }) => ({
    checkItem: id,
    affects: [...affects(definition.profile)],
  })),
  startedAt,
  deadlineAt,
})

/** The document of a last result. */
export const lastResultOf = (plan: ReturnType<typeof planOf>, results: readonly unknown[]): string =>
  JSON.stringify({ ...plan, state: 'completed', outcome: 'passed', results })
