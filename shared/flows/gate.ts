import { findCheck } from '../checks/catalogue.ts'
import { keptIn } from '../model/comparison.ts'
import { msPerSecond } from '../model/durations.ts'
import { type ShownPrecheck, readinessIn } from '../model/extract.ts'
import { type Result, andThen, decline, unknownInstance } from '../model/failure.ts'
import type { CheckItemId } from '../model/finding.ts'
import { type GateQuestion, type Judgement, judgeGate } from '../model/gate.ts'
import type { Instance } from '../model/instance.ts'
import { type Operation, backupOperations } from '../model/operation.ts'
import { gateRuleFor } from '../model/policy.ts'
import type { CompletedPrecheck, Precheck } from '../model/precheck.ts'
import { type Readiness, type ToldFinding, readinessOf } from '../model/readiness.ts'
import type { Instances } from '../ports/instances.ts'
import type { RepeatableRequest, Results } from '../ports/results.ts'
import { shownCompleted } from '../ports/shown-precheck.ts'
import { resultsFor } from './prechecks/rows-of-database.ts'
import { type StartDeps, startPrecheckOf } from './prechecks/start-precheck.ts'
import { waitForPrecheck } from './prechecks/wait-for-precheck.ts'

interface Deps extends StartDeps {
  readonly instances: Pick<Instances, 'get'>
  readonly results: Pick<Results, 'get' | 'last' | 'getPage'>
  readonly sleep: (ms: number) => Promise<void>
}

/** What a job asks before it begins. */
export interface GateRequest {
  readonly instanceId: string
  readonly operation: Operation
  /** Those of the job, as the engine spells them; left out: all that the operation is for. */
  readonly databases?: readonly string[] | undefined
  /** A result that was there so many seconds ago is new enough. */
  readonly maxAgeSeconds: number
  /** For how long the answer may wait for a precheck, ms. */
  readonly waitMs: number
}

/** What a job is told. `precheckId`: what it is judged by, or what runs still, where there is no judgement yet. */
export type GateAnswer = {
  readonly precheckId: string
} & (
  | {
      readonly judgement: Judgement
      readonly precheck: ShownPrecheck
      /** Databases that it is about, of which it may hold the first ones only. */
      readonly total: number
      /** When it was judged. */
      readonly asOf: Date
    }
  | { readonly judgement: null; readonly proceed: boolean }
)

/** A precheck without the items that would see the very backup that is asked about. */
const withoutOwn = (precheck: ShownPrecheck, operation: Operation): ShownPrecheck => {
  if (!backupOperations.includes(operation)) return precheck
  const { checkItems, results, comparison } = precheck
  const stays = ({ checkItem }: { readonly checkItem: CheckItemId }) => !findCheck(checkItem)?.seesBackups
  return {
    ...precheck,
    checkItems: checkItems.filter(stays),
    results: results.filter(stays),
    comparison: { ...comparison, undetermined: comparison.undetermined.filter(stays) },
  }
}

/** The part of a readiness table that decides, and the findings that it names. */
interface Part extends Pick<GateQuestion, 'rowsAre' | 'instance' | 'rows'> {
  readonly findings: readonly ToldFinding[]
}

const rowsIn = ({ databases }: Readiness, operation: Operation): GateQuestion['rows'] =>
  databases.map(({ database, operations }) => ({ database, cell: operations[operation] }))

/** Some blocked one among databases that are not looked at one by one may be one of the job. */
const cellOfMany = (cell: Readiness['instance'][Operation], blocked: number): GateQuestion['instance'] =>
  cell.verdict === 'degraded' && blocked > 0 ? { ...cell, verdict: 'unknown' } : cell

const wholePart = (precheck: ShownPrecheck, operation: Operation): Part => {
  const { results, comparison, large } = precheck
  const readiness = readinessIn(precheck)
  const cell = readiness.instance[operation]
  return {
    rowsAre: large ? 'first' : 'all',
    instance: large ? cellOfMany(cell, large.blocked) : cell,
    rows: rowsIn(readiness, operation),
    findings: [...keptIn(comparison, results), ...results.flatMap(({ findings }) => findings)],
  }
}

const namedPart = async (
  pages: Pick<Results, 'getPage'>,
  precheck: ShownPrecheck,
  operation: Operation,
  databases: readonly string[],
): Promise<Result<Part, 'DATABASE_NOT_FOUND'>> => {
  const kept = keptIn(precheck.comparison, precheck.results)
  const parts = await Promise.all(
    databases.map(async (database) => {
      const own = await resultsFor(pages, precheck, database)
      const table = readinessOf(precheck.checkItems, own, kept)
      const rows = rowsIn(table, operation).filter((row) => row.database === database)
      return { rows, findings: own.flatMap(({ findings }) => findings), instance: table.instance[operation] }
    }),
  )
  const missing = databases.filter((_, index) => parts[index]?.rows.length === 0)
  const [first] = parts
  if (!first || missing.length > 0) {
    const detail = `The last result has no database ${missing.join(', ')}. Names are matched as the engine spells them.`
    return decline('DATABASE_NOT_FOUND', detail)
  }
  const findings = new Map(
    [...kept, ...parts.flatMap((part) => part.findings)].map((each) => [each.fingerprint, each]),
  )
  return {
    value: {
      rowsAre: 'named',
      instance: first.instance,
      rows: parts.flatMap(({ rows }) => rows),
      findings: [...findings.values()],
    },
  }
}

/** Judges by a precheck that has ended. */
const judge = async (
  { results, currentPolicies, log, now }: Deps,
  { id, definition }: Instance,
  { operation, databases }: GateRequest,
  ended: CompletedPrecheck,
): Promise<Result<GateAnswer, 'DATABASE_NOT_FOUND'>> => {
  const precheck = withoutOwn(await shownCompleted(results, ended), operation)
  const policies = await currentPolicies()
  const part =
    databases === undefined
      ? { value: wholePart(precheck, operation) }
      : await namedPart(results, precheck, operation, databases)
  return andThen(part, (found) => {
    const judgement = judgeGate({
      ...found,
      operation,
      whyUndetermined: (checkItem) =>
        precheck.results.find((result) => result.checkItem === checkItem)?.reason ?? null,
      ruleFor: (database) => gateRuleFor(policies, definition, database),
    })
    const { decision, proceed } = judgement
    log.info('gate.judged', { instance: id, operation, decision, proceed, precheck: ended.id })
    const total = (databases === undefined && ended.large?.databases) || judgement.databases.length
    return { value: { precheckId: ended.id, judgement, precheck, total, asOf: now() } }
  })
}

/** Starts a precheck, or gives the one that runs: two that ask at the same time share one. */
const startOrShare = async (
  deps: Deps,
  instance: Instance,
  repeatable: RepeatableRequest | null,
): Promise<string> => {
  const request = { instanceId: instance.id, trigger: 'request', repeatable } as const
  const started = await startPrecheckOf(deps, instance, request)
  if (!('failure' in started)) return started.value.precheckId
  const running = started.failure.context?.['precheckId']
  if (running !== undefined) return running
  throw new Error(started.failure.detail)
}

/**
 * Whoever saw the same last result asks for the same precheck: one that began and ended between two looks of somebody
 * else is not done again.
 */
const requestAfter = (last: CompletedPrecheck | null): RepeatableRequest => ({
  key: `gate after ${last?.id ?? 'none'}`,
  requestHash: 'gate',
})

/**
 * Tells a job whether its operation may run: by a last result that is new enough, else by a precheck that is started,
 * or runs already. Where that does not end in time there is no judgement, and the job asks again.
 */
export const askGate = async (
  deps: Deps,
  request: GateRequest,
): Promise<Result<GateAnswer, 'INSTANCE_NOT_FOUND' | 'DATABASE_NOT_FOUND'>> => {
  const instance = (await deps.instances.get(request.instanceId))?.document
  if (!instance) return unknownInstance(request.instanceId)
  const since = deps.now().getTime() - request.maxAgeSeconds * msPerSecond
  const counts = (precheck: Precheck | null): precheck is CompletedPrecheck =>
    precheck?.state === 'completed' && precheck.scope === 'full' && Date.parse(precheck.completedAt) >= since

  const last = await deps.results.last(instance.id)
  if (counts(last)) {
    const judged = await judge(deps, instance, request, last)
    // A database that it does not know may be new.
    if (!('failure' in judged)) return judged
  }
  const endsAt = deps.steady.ms() + request.waitMs
  for (let repeatable: RepeatableRequest | null = requestAfter(last); ; repeatable = null) {
    const precheckId = await startOrShare(deps, instance, repeatable)
    const precheck = await waitForPrecheck(deps, precheckId, Math.max(0, endsAt - deps.steady.ms()))
    if (counts(precheck)) return judge(deps, instance, request, precheck)
    // What ended and does not count was a part of a precheck, or one of long ago.
    if (precheck?.state === 'running' || deps.steady.ms() >= endsAt) {
      const { inconclusive } = gateRuleFor(await deps.currentPolicies(), instance.definition)
      return { value: { precheckId, judgement: null, proceed: inconclusive === 'allow' } }
    }
  }
}
