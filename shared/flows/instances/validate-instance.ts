import { type Result, decline, unknownInstance } from '../../model/failure.ts'
import type { Instance } from '../../model/instance.ts'
import type { LoginMessage, ResultMessage } from '../../model/queue-messages.ts'
import { type Validation, type ValidationId, isAwaited } from '../../model/validation.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Queue } from '../../ports/queue.ts'
import { lookUntil } from '../prechecks/look-until.ts'

interface RequestDeps {
  readonly instances: Pick<Instances, 'get' | 'update'>
  readonly checks: Queue<LoginMessage>
  readonly limits: { readonly itemMs: number }
  readonly now: () => Date
  readonly sleep: (ms: number) => Promise<void>
  readonly newValidationId: () => ValidationId
}

/** Beyond the limit of the login itself, time for its message and its result to travel, ms. */
const travelMs = 30_000

/** An instance with the validation that was asked for, whether its result is there or not. */
export interface Validated {
  readonly instance: Instance
  readonly validation: Validation
}

/** Notes that a validation is asked for; one that is awaited already is joined. */
const request = (deps: RequestDeps, instanceId: string) =>
  deps.instances.update(instanceId, (known) => {
    if (!known) return { value: null }
    const now = deps.now()
    if (known.validation && isAwaited(known.validation, now)) {
      return { value: { instance: known, validation: known.validation, isNew: false } }
    }
    const validation: Validation = {
      id: deps.newValidationId(),
      requestedAt: now.toISOString(),
      deadlineAt: new Date(now.getTime() + deps.limits.itemMs + travelMs).toISOString(),
      result: null,
    }
    const instance = { ...known, revision: known.revision + 1, validation }
    return { put: instance, value: { instance, validation, isNew: true } }
  })

const changed = (instanceId: string) =>
  decline('INSTANCE_CHANGED', {
    en: `${instanceId} was changed during the validation. Validate it again.`,
    zh: `验证期间 ${instanceId} 被修改。请重新验证。`,
  })

/** Waits for the result of a validation, up to `waitMs`. */
const awaitResult = async (
  { instances, sleep }: RequestDeps,
  requested: Validated,
  waitMs: number,
): Promise<Result<Validated, 'INSTANCE_CHANGED'>> => {
  const { id } = requested.instance
  const isAwaitedStill = (seen: Instance | undefined): seen is Instance =>
    seen?.validation?.id === requested.validation.id
  const instance = await lookUntil({
    look: async () => (await instances.get(id))?.document,
    isEnough: (seen) => !isAwaitedStill(seen) || seen.validation?.result !== null,
    waitMs,
    sleep,
  })
  if (!isAwaitedStill(instance)) return changed(id)
  return { value: { instance, validation: instance.validation ?? requested.validation } }
}

/**
 * Has an instance validated where check items run, since no driver runs here, and waits up to `waitMs` for the result:
 * reachable, login, and what the check items need.
 */
export const validateInstance = async (
  deps: RequestDeps,
  instanceId: string,
  waitMs: number,
): Promise<Result<Validated, 'INSTANCE_NOT_FOUND' | 'INSTANCE_CHANGED'>> => {
  const requested = await request(deps, instanceId)
  if (!requested) return unknownInstance(instanceId)
  const { instance, validation, isNew } = requested
  if (isNew) {
    const target = { instanceId, definition: instance.definition }
    const { itemMs: limitMs } = deps.limits
    await deps.checks.send([{ kind: 'validate', validationId: validation.id, target, limitMs }])
  }
  return awaitResult(deps, { instance, validation }, waitMs)
}

/** The last validation of an instance. */
export const lastValidation = async (
  { instances }: { readonly instances: Pick<Instances, 'get'> },
  instanceId: string,
): Promise<Result<Validated, 'INSTANCE_NOT_FOUND' | 'NOT_VALIDATED'>> => {
  const instance = (await instances.get(instanceId))?.document
  if (!instance) return unknownInstance(instanceId)
  const { validation } = instance
  if (validation) return { value: { instance, validation } }
  return decline('NOT_VALIDATED', {
    en: `${instanceId} has not been validated since its connection was registered.`,
    zh: `${instanceId} 自注册连接信息以来尚未验证。`,
  })
}

type ValidationMessage = Extract<ResultMessage, { kind: 'validation' }>

/**
 * Records the result of a validation: an instance that was reached, and whose login lacks no right of the essential
 * items, is online. A result that nobody awaits any more, of a connection that was changed meanwhile say, changes
 * nothing; so do repeats.
 */
export const recordValidation = (
  { instances, now }: { readonly instances: Pick<Instances, 'update'>; readonly now: () => Date },
  { instanceId, validationId, result }: ValidationMessage,
): Promise<void> =>
  instances.update(instanceId, (known) => {
    if (known?.validation?.id !== validationId || known.validation.result) return { value: undefined }
    const isOnline = result.problem === null && result.missing.length === 0
    const at = now().toISOString()
    return {
      put: {
        ...known,
        status: isOnline ? 'online' : 'registered',
        revision: known.revision + 1,
        updatedAt: at,
        validatedAt: isOnline ? at : known.validatedAt,
        validation: { ...known.validation, result },
      },
      value: undefined,
    }
  })
