import { msPerSecond } from '../model/durations.ts'
import { type Result, andThen, unknownInstance } from '../model/failure.ts'
import type { Instance } from '../model/instance.ts'
import { gateRuleFor } from '../model/policy.ts'
import type { CompletedPrecheck, Precheck } from '../model/precheck.ts'
import type { Instances } from '../ports/instances.ts'
import type { RepeatableRequest, Results } from '../ports/results.ts'
import { type Job, type JudgedJob, judgeJob } from './prechecks/judge-job.ts'
import { type StartDeps, startPrecheckOf } from './prechecks/start-precheck.ts'
import { waitForPrecheck } from './prechecks/wait-for-precheck.ts'

interface Deps extends StartDeps {
  readonly instances: Pick<Instances, 'get'>
  readonly results: Pick<Results, 'get' | 'last' | 'getPage'>
  readonly sleep: (ms: number) => Promise<void>
}

/** What a job asks before it begins. */
export interface GateRequest extends Job {
  readonly instanceId: string
  /** A result that was there so many seconds ago is new enough. */
  readonly maxAgeSeconds: number
  /** For how long the answer may wait for a precheck, ms. */
  readonly waitMs: number
}

/** What a job is told by a precheck that has ended. */
interface Judged extends JudgedJob {
  /** Databases that it is about, of which it may hold the first ones only. */
  readonly total: number
  /** When it was judged. */
  readonly asOf: Date
}

/** What a job is told. `precheckId`: what it is judged by, or what runs still, where there is no judgement yet. */
export type GateAnswer = { readonly precheckId: string } & (
  | Judged
  | { readonly judgement: null; readonly proceed: boolean }
)

/** Judges by a precheck that has ended. */
const judge = async (
  { results, currentPolicies, log, now }: Deps,
  { id, definition }: Instance,
  job: GateRequest,
  ended: CompletedPrecheck,
): Promise<Result<GateAnswer, 'DATABASE_NOT_FOUND'>> => {
  const policies = await currentPolicies()
  const judged = await judgeJob(results, ended, job, (database) =>
    gateRuleFor(policies, definition, database),
  )
  return andThen(judged, ({ judgement, precheck }) => {
    const { decision, proceed, databases } = judgement
    log.info('gate.judged', { instance: id, operation: job.operation, decision, proceed, precheck: ended.id })
    const total = (job.databases === undefined && ended.large?.databases) || databases.length
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
  throw new Error(started.failure.code)
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
