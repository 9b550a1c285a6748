import { checksFor, selectedChecks } from '../../checks/catalogue.ts'
import type { Check } from '../../checks/framework/define-check.ts'
import { needsMemory } from '../../checks/memory/catalogue.ts'
import { isInForce } from '../../model/acknowledgement.ts'
import { type Deadline, deadlineIn } from '../../model/deadline.ts'
import { identifiedBy } from '../../model/engine.ts'
import type { FanOut } from '../../model/fan-out.ts'
import { type Result, decline, unknownInstance } from '../../model/failure.ts'
import { type Instance, plannedOperations } from '../../model/instance.ts'
import { type Policy, effectiveFor } from '../../model/policy.ts'
import type { RunningPrecheck, Trigger } from '../../model/precheck.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Log } from '../../ports/log.ts'
import type { BeginPrecheck, RepeatableRequest } from '../../ports/results.ts'
import { type Clocks, momentOf } from '../../ports/steady-clock.ts'

/** Time limits of every precheck, ms. */
export interface Limits {
  /** From start to the end of the precheck, whatever happens. */
  readonly deadlineMs: number
  /** For one check item. */
  readonly itemMs: number
}

/** What the start of a precheck of a known instance needs. */
export interface StartDeps extends Clocks {
  readonly begin: BeginPrecheck
  /** The policies as they are now. */
  readonly currentPolicies: () => Promise<readonly Policy[]>
  readonly limits: Limits
  readonly fanOut: FanOut
  readonly log: Log
  readonly newPrecheckId: () => string
}

type Deps = StartDeps & { readonly instances: Pick<Instances, 'get'> }

/** What is asked for. `checkItems` left out: all items of the engine. */
export interface StartRequest {
  readonly instanceId: string
  /** Id that was set aside for the precheck; left out: a new one. A start may be repeated under the same id. */
  readonly precheckId?: string
  /** When it ends, whatever happens; left out: after the limit of a precheck. */
  readonly deadline?: Deadline
  /** Seconds until its check items may begin; left out: at once. */
  readonly delaySeconds?: number
  readonly checkItems?: readonly string[] | undefined
  readonly trigger: Trigger
  readonly repeatable: RepeatableRequest | null
}

/** A precheck that was started. `created`: as it was written just now; null if the same request had started it before. */
export interface Started {
  readonly precheckId: string
  readonly created: RunningPrecheck | null
}

/** Why a precheck of a known instance is not started. */
type NotStarted = 'CHECK_ITEM_NOT_APPLICABLE' | 'PRECHECK_RUNNING' | 'IDEMPOTENCY_KEY_REUSED'

/** The check items wanted of those that the engine has, or the ids that it has not. */
const selectChecks = (
  instance: Instance,
  wanted: readonly string[] | undefined,
): Result<readonly Check[], 'CHECK_ITEM_NOT_APPLICABLE'> => {
  const { engine } = instance.definition
  if (wanted === undefined) return { value: selectedChecks(instance.definition) }
  const available = checksFor(engine)
  const unknown = wanted.filter((id) => !available.some((check) => check.id === id))
  if (unknown.length > 0) {
    return decline('CHECK_ITEM_NOT_APPLICABLE', {
      en: `${unknown.join(', ')}: not a check item of ${engine}. Available: ${available.map(({ id }) => id).join(', ')}.`,
      zh: `${unknown.join('、')}：不是 ${engine} 的检查项。可用：${available.map(({ id }) => id).join('、')}。`,
    })
  }
  // What is held against the memory has to be seen first.
  const seen = wanted.some(needsMemory) ? [identifiedBy[engine]] : []
  return { value: available.filter(({ id }) => wanted.includes(id) || seen.includes(id)) }
}

/** What a precheck keeps of its instance, as far as there is any: its tags, and the acknowledgements that still hold. */
const keptOf = (
  { definition: { tags }, acknowledgements = [] }: Instance,
  now: Date,
): Pick<RunningPrecheck, 'tags' | 'acknowledgements'> => {
  const valid = acknowledgements.filter((one) => isInForce(one, now))
  return {
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(valid.length > 0 && { acknowledgements: valid }),
  }
}

/** Full where nothing is left out that a full precheck of the instance has. */
const scopeOf = (checks: readonly Check[], definition: Instance['definition']): RunningPrecheck['scope'] =>
  selectedChecks(definition).every((check) => checks.includes(check)) ? 'full' : 'partial'

const planOf = (
  deps: StartDeps,
  instance: Instance,
  checks: readonly Check[],
  { precheckId, trigger, deadline }: StartRequest,
): RunningPrecheck => {
  const { definition } = instance
  const moment = momentOf(deps)
  const startedAt = new Date(moment.wallMs)
  return {
    state: 'running',
    id: precheckId ?? deps.newPrecheckId(),
    instanceId: instance.id,
    engine: definition.engine,
    region: definition.region,
    profile: definition.profile,
    operations: plannedOperations(definition),
    trigger,
    ...keptOf(instance, startedAt),
    scope: scopeOf(checks, definition),
    checkItems: checks.map((check) => ({
      checkItem: check.id,
      affects: [...check.affects(definition.profile)],
      ...(check.set !== 'essential' && { set: check.set }),
    })),
    results: [],
    startedAt: startedAt.toISOString(),
    ...(deadline ?? deadlineIn(deps.limits.deadlineMs, moment)),
  }
}

const idsOf = (checks: readonly Check[]): string[] => checks.map(({ id }) => id)

/** How the message of the lead names the other items; `hostless` ask nothing, and are ended with the lead. */
const behind = (
  lead: Check,
  others: readonly Check[],
  fanOut: FanOut,
  hostless: readonly Check[] = [],
): Pick<CheckMessage, 'together' | 'followers' | 'followersTogether'> => {
  const isBeyond = ({ set }: Check) => set !== 'essential'
  const isWhole = fanOut === 'session' || (fanOut === 'essential' && isBeyond(lead))
  const together = [...(isWhole ? others : []), ...hostless]
  const behindLead = isWhole ? [] : others
  const own = fanOut === 'essential' ? behindLead.filter((check) => !isBeyond(check)) : behindLead
  const rest = behindLead.filter((check) => !own.includes(check))
  return {
    ...(together.length > 0 && { together: idsOf(together) }),
    ...(own.length > 0 && { followers: idsOf(own) }),
    ...(rest.length > 0 && { followersTogether: idsOf(rest) }),
  }
}

/**
 * A message for every item that tries endpoints, one for the items of the host, which share a command, and one for the
 * database items, of which the first one leads: while it has not reached the database, no other logs in, since refused
 * logins may lock the account. Where no host is registered, nothing is asked for its items, and a message of their own
 * would be a delivery for nothing.
 */
const checkMessages = (
  { limits, fanOut }: StartDeps,
  instance: Instance,
  precheck: RunningPrecheck,
  checks: readonly Check[],
  policies: readonly Policy[],
): CheckMessage[] => {
  const siblings =
    precheck.scope === 'partial' ? precheck.checkItems.map(({ checkItem }) => checkItem) : undefined
  const about = {
    precheckId: precheck.id,
    siblings,
    target: { instanceId: instance.id, definition: instance.definition },
    ...(policies.length > 0 && { policy: effectiveFor(policies, instance.definition) }),
    limitMs: limits.itemMs,
    deadlineAt: precheck.deadlineAt,
    ...(precheck.deadlineOn && { deadlineOn: precheck.deadlineOn }),
  }
  const messageFor = (checkItem: string): CheckMessage => ({ checkItem, ...about })
  const asking = (probe: 'https' | 'host') => checks.filter(({ question }) => question.probe === probe)
  const ofNetwork = asking('https').map(({ id }) => messageFor(id))
  const [lead, ...others] = checks.filter(({ question }) => 'queries' in question)
  const hostless = lead && !instance.definition.host ? asking('host') : []
  const [host, ...withHost] = hostless.length > 0 ? [] : asking('host')
  const ofHost = host ? [{ ...messageFor(host.id), ...behind(host, withHost, 'session') }] : []
  const ofDatabase = lead ? [{ ...messageFor(lead.id), ...behind(lead, others, fanOut, hostless) }] : []
  return [...ofNetwork, ...ofHost, ...ofDatabase]
}

/** Starts a precheck of an instance; refused while another one of it runs. */
export const startPrecheckOf = async (
  deps: StartDeps,
  instance: Instance,
  request: StartRequest,
): Promise<Result<Started, NotStarted>> => {
  const selected = selectChecks(instance, request.checkItems)
  if ('failure' in selected) return selected

  const policies = await deps.currentPolicies()
  const precheck = planOf(deps, instance, selected.value, request)
  const creation = await deps.begin({
    precheck,
    request: request.repeatable,
    checks: checkMessages(deps, instance, precheck, selected.value, policies),
    delaySeconds: request.delaySeconds ?? 0,
    deadlineSeconds: Math.ceil(deps.limits.deadlineMs / 1000),
  })
  switch (creation.kind) {
    case 'created':
      deps.log.info('precheck.started', {
        precheck: precheck.id,
        instance: instance.id,
        trigger: precheck.trigger,
        checkItems: precheck.checkItems.length,
      })
      return { value: { precheckId: precheck.id, created: precheck } }
    case 'repeated':
      return { value: { precheckId: creation.precheckId, created: null } }
    case 'running':
      return decline(
        'PRECHECK_RUNNING',
        {
          en: `Precheck ${creation.precheckId} of this instance is still running.`,
          zh: `该实例的预检 ${creation.precheckId} 仍在运行。`,
        },
        {
          precheckId: creation.precheckId,
        },
      )
    case 'key-reused':
      return decline(
        'IDEMPOTENCY_KEY_REUSED',
        {
          en: `The Idempotency-Key was used for another request (precheck ${creation.precheckId}). Use a new key for a new request.`,
          zh: `该 Idempotency-Key 已用于另一请求（预检 ${creation.precheckId}）。新请求请使用新的键。`,
        },
        { precheckId: creation.precheckId },
      )
  }
}

/** Starts a precheck of the registered instance, as `startPrecheckOf` does. */
export const startPrecheck = async (
  deps: Deps,
  request: StartRequest,
): Promise<Result<Started, 'INSTANCE_NOT_FOUND' | NotStarted>> => {
  const stored = await deps.instances.get(request.instanceId)
  if (stored) return startPrecheckOf(deps, stored.document, request)
  return unknownInstance(request.instanceId)
}
