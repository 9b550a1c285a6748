import { checksFor } from '../../checks/catalogue.ts'
import { type Acknowledgement, type AcknowledgementRequest, isInForce } from '../../model/acknowledgement.ts'
import { msPerDay } from '../../model/durations.ts'
import { type Declined, type Result, decline, unknownInstance } from '../../model/failure.ts'
import type { Instance } from '../../model/instance.ts'
import { type Change, DocumentContended } from '../../ports/documents.ts'
import type { Instances } from '../../ports/instances.ts'

interface ReadDeps {
  readonly instances: Pick<Instances, 'get'>
  readonly now: () => Date
}

interface WriteDeps {
  readonly instances: Pick<Instances, 'update'>
  readonly now: () => Date
}

interface Deps extends WriteDeps {
  readonly newAcknowledgementId: () => string
}

/** Acknowledgements of one instance that are in force at a time; they travel with every precheck of it. */
const maxAcknowledgements = 100

/** Days for which a finding can be accepted: a year, so that somebody looks at it again. */
const maxDays = 366

const refuse = (detail: string): Declined<'ACKNOWLEDGEMENT_INVALID'> =>
  decline('ACKNOWLEDGEMENT_INVALID', detail)

const inForce = ({ acknowledgements = [] }: Instance, now: Date): Acknowledgement[] =>
  acknowledgements.filter((one) => isInForce(one, now))

/** The instance with these acknowledgements instead of its own. */
const withAcknowledgements = (
  stored: Instance,
  acknowledgements: readonly Acknowledgement[],
  now: Date,
): Instance => {
  const { acknowledgements: _, ...instance } = stored
  return {
    ...instance,
    revision: stored.revision + 1,
    updatedAt: now.toISOString(),
    ...(acknowledgements.length > 0 && { acknowledgements: [...acknowledgements] }),
  }
}

/** What a change of the acknowledgements of an instance comes to: those that are left, and what the caller gets. */
type Decide<Value, Code extends string> = (
  instance: Instance,
  known: readonly Acknowledgement[],
  now: Date,
) => Result<{ readonly left: readonly Acknowledgement[]; readonly answer: Value }, Code>

/** Why a change cannot be written, whatever it is. */
type Unchangeable = 'INSTANCE_NOT_FOUND' | 'INSTANCE_CHANGED'

/** Changes the acknowledgements of an instance, again if another change of it came first. Those that have expired are removed. */
const change = async <Value, Code extends string>(
  deps: WriteDeps,
  instanceId: string,
  decide: Decide<Value, Code>,
): Promise<Result<Value, Code | Unchangeable>> => {
  const changeKnown = (known: Instance | null): Change<Instance, Result<Value, Code | Unchangeable>> => {
    if (!known) return { value: unknownInstance(instanceId) }
    const now = deps.now()
    const decided = decide(known, inForce(known, now), now)
    if ('failure' in decided) return { value: decided }
    const { left, answer } = decided.value
    return { put: withAcknowledgements(known, left, now), value: { value: answer } }
  }
  try {
    return await deps.instances.update(instanceId, changeKnown)
  } catch (fault) {
    if (!(fault instanceof DocumentContended)) throw fault
    return decline('INSTANCE_CHANGED', `${instanceId} is being changed by others. Send the request again.`)
  }
}

/** Why a request cannot be taken, or null. */
const requestRefusal = (
  { definition }: Instance,
  known: readonly Acknowledgement[],
  { checkItem, expiresAt }: AcknowledgementRequest,
  now: Date,
): string | null => {
  const available = checksFor(definition.engine).map(({ id }) => id)
  if (!available.includes(checkItem)) {
    return `${checkItem} is not a check item of ${definition.engine}. Available: ${available.join(', ')}.`
  }
  const latest = new Date(now.getTime() + maxDays * msPerDay)
  if (!isInForce({ expiresAt }, now)) {
    return `"expiresAt" ${expiresAt} is not in the future: it is ${now.toISOString()} now.`
  }
  if (Date.parse(expiresAt) > latest.getTime()) {
    return `"expiresAt" must be at most ${maxDays} days ahead: ${latest.toISOString()} or earlier.`
  }
  if (known.length >= maxAcknowledgements) {
    return `The instance already has ${maxAcknowledgements} acknowledgements, the maximum. Withdraw one first, or leave out "database" to cover all databases.`
  }
  return null
}

/** A known finding of an instance that is to count as a warning for a time. */
export interface KnownFinding {
  readonly instanceId: string
  readonly request: AcknowledgementRequest
}

/** Acknowledges a known finding. Prechecks that start from then on apply it. */
export const acknowledgeFinding = (
  deps: Deps,
  { instanceId, request }: KnownFinding,
): Promise<Result<Acknowledgement, 'ACKNOWLEDGEMENT_INVALID' | Unchangeable>> =>
  change(deps, instanceId, (instance, known, now) => {
    const refusal = requestRefusal(instance, known, request, now)
    if (refusal !== null) return refuse(refusal)
    const acknowledgement = {
      id: deps.newAcknowledgementId(),
      ...request,
      acknowledgedAt: now.toISOString(),
    }
    return { value: { left: [...known, acknowledgement], answer: acknowledgement } }
  })

/** Withdraws an acknowledgement: in prechecks that start from then on the finding counts again. */
export const withdrawAcknowledgement = (
  deps: WriteDeps,
  { instanceId, acknowledgementId }: { readonly instanceId: string; readonly acknowledgementId: string },
): Promise<Result<null, 'ACKNOWLEDGEMENT_NOT_FOUND' | Unchangeable>> =>
  change(deps, instanceId, (_, known) => {
    const left = known.filter(({ id }) => id !== acknowledgementId)
    if (left.length < known.length) return { value: { left, answer: null } }
    return decline(
      'ACKNOWLEDGEMENT_NOT_FOUND',
      `${instanceId} has no acknowledgement ${acknowledgementId} that is in force.`,
    )
  })

/** The acknowledgements of an instance that are in force, oldest first. */
export const listAcknowledgements = async (
  deps: ReadDeps,
  instanceId: string,
): Promise<Result<Acknowledgement[], 'INSTANCE_NOT_FOUND'>> => {
  const stored = await deps.instances.get(instanceId)
  return stored ? { value: inForce(stored.document, deps.now()) } : unknownInstance(instanceId)
}
