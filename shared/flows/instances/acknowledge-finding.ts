import { checksFor } from '../../checks/catalogue.ts'
import { type Acknowledgement, type AcknowledgementRequest, isInForce } from '../../model/acknowledgement.ts'
import { msPerDay } from '../../model/durations.ts'
import { type Declined, type Result, decline, unknownInstance } from '../../model/failure.ts'
import type { Text } from '../../model/message.ts'
import type { Instance } from '../../model/instance.ts'
import { readinessIn } from '../../model/extract.ts'
import { type Change, DocumentContended } from '../../ports/documents.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Results } from '../../ports/results.ts'
import { shownCompleted } from '../../ports/shown-precheck.ts'
import { rowsOfDatabase } from '../prechecks/rows-of-database.ts'

interface ReadDeps {
  readonly instances: Pick<Instances, 'get'>
  readonly now: () => Date
}

interface WriteDeps {
  readonly instances: Pick<Instances, 'update'>
  readonly now: () => Date
}

interface Deps extends WriteDeps {
  readonly results: Pick<Results, 'last' | 'getPage'>
  readonly newAcknowledgementId: () => string
}

/** Acknowledgements of one instance that are in force at a time; they travel with every precheck of it. */
const maxAcknowledgements = 100

/** Days for which a finding can be accepted: a year, so that somebody looks at it again. */
const maxDays = 366

const refuse = (detail: Text): Declined<'ACKNOWLEDGEMENT_INVALID'> =>
  decline('ACKNOWLEDGEMENT_INVALID', detail)

/** Those that hold at a time, oldest first. */
export const inForce = ({ acknowledgements = [] }: Instance, now: Date): Acknowledgement[] =>
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
    return decline('INSTANCE_CHANGED', {
      en: `${instanceId} is being changed by others. Send the request again.`,
      zh: `${instanceId} 正被他人修改。请重新发送请求。`,
    })
  }
}

/** Why a request cannot be taken, or null. */
const requestRefusal = (
  { definition }: Instance,
  known: readonly Acknowledgement[],
  { checkItem, expiresAt }: AcknowledgementRequest,
  now: Date,
): Text | null => {
  const available = checksFor(definition.engine).map(({ id }) => id)
  if (!available.includes(checkItem)) {
    return {
      en: `${checkItem} is not a check item of ${definition.engine}. Available: ${available.join(', ')}.`,
      zh: `${checkItem} 不是 ${definition.engine} 的检查项。可用：${available.join('、')}。`,
    }
  }
  const latest = new Date(now.getTime() + maxDays * msPerDay)
  if (!isInForce({ expiresAt }, now)) {
    return {
      en: `"expiresAt" ${expiresAt} is not in the future: it is ${now.toISOString()} now.`,
      zh: `“expiresAt” ${expiresAt} 已经过去：现在是 ${now.toISOString()}。`,
    }
  }
  if (Date.parse(expiresAt) > latest.getTime()) {
    return {
      en: `"expiresAt" must be at most ${maxDays} days ahead: ${latest.toISOString()} or earlier.`,
      zh: `“expiresAt” 最多为 ${maxDays} 天之后：不晚于 ${latest.toISOString()}。`,
    }
  }
  if (known.length >= maxAcknowledgements) {
    return {
      en: `The instance already has ${maxAcknowledgements} acknowledgements, the maximum. Withdraw one first, or leave out "database" to cover all databases.`,
      zh: `该实例已有 ${maxAcknowledgements} 个确认，达到上限。请先撤销一个，或省略 database 以确认全部数据库。`,
    }
  }
  return null
}

/** A known finding of an instance that is to count as a warning for a time. */
export interface KnownFinding {
  readonly instanceId: string
  readonly request: AcknowledgementRequest
}

/**
 * Declines a database that the last result does not know. Where that knows none at all, of a server that was not
 * reached say, or where there is no result yet, nobody can tell: what is expected may be acknowledged in advance.
 */
const unknownDatabase = async (
  { results }: Pick<Deps, 'results'>,
  { instanceId, request: { database } }: KnownFinding,
): Promise<Declined<'DATABASE_NOT_FOUND'> | null> => {
  const last = database === undefined ? null : await results.last(instanceId)
  if (!last || database === undefined) return null
  const shown = await shownCompleted(results, last)
  if (readinessIn(shown).databases.length === 0) return null
  if ((await rowsOfDatabase(results, shown, database)).length > 0) return null
  return decline('DATABASE_NOT_FOUND', {
    en: `The last result has no database "${database}". Names are matched as the engine spells them; of a database that is new, start a precheck first.`,
    zh: `上次结果中没有数据库“${database}”。名称须与数据库中的写法一致；新建的数据库请先预检一次。`,
  })
}

/**
 * Acknowledges a known finding, or does so again with another reason, author and expiry: of one check item and database
 * there is one. Prechecks that start from then on apply it.
 */
export const acknowledgeFinding = async (
  deps: Deps,
  finding: KnownFinding,
): Promise<Result<Acknowledgement, 'ACKNOWLEDGEMENT_INVALID' | 'DATABASE_NOT_FOUND' | Unchangeable>> => {
  const unknown = await unknownDatabase(deps, finding)
  if (unknown) return unknown
  const { instanceId, request } = finding
  const isSame = ({ checkItem, database }: Acknowledgement): boolean =>
    checkItem === request.checkItem && database === request.database
  return change(deps, instanceId, (instance, known, now) => {
    const others = known.filter((each) => !isSame(each))
    const refusal = requestRefusal(instance, others, request, now)
    if (refusal !== null) return refuse(refusal)
    const acknowledgement = {
      id: known.find(isSame)?.id ?? deps.newAcknowledgementId(),
      ...request,
      acknowledgedAt: now.toISOString(),
    }
    return { value: { left: [...others, acknowledgement], answer: acknowledgement } }
  })
}

/** Withdraws an acknowledgement: in prechecks that start from then on the finding counts again. */
export const withdrawAcknowledgement = (
  deps: WriteDeps,
  { instanceId, acknowledgementId }: { readonly instanceId: string; readonly acknowledgementId: string },
): Promise<Result<null, 'ACKNOWLEDGEMENT_NOT_FOUND' | Unchangeable>> =>
  change(deps, instanceId, (_, known) => {
    const left = known.filter(({ id }) => id !== acknowledgementId)
    if (left.length < known.length) return { value: { left, answer: null } }
    return decline('ACKNOWLEDGEMENT_NOT_FOUND', {
      en: `${instanceId} has no acknowledgement ${acknowledgementId} that is in force.`,
      zh: `${instanceId} 没有生效中的确认 ${acknowledgementId}。`,
    })
  })

/** The acknowledgements of an instance that are in force, oldest first. */
export const listAcknowledgements = async (
  deps: ReadDeps,
  instanceId: string,
): Promise<Result<Acknowledgement[], 'INSTANCE_NOT_FOUND'>> => {
  const stored = await deps.instances.get(instanceId)
  return stored ? { value: inForce(stored.document, deps.now()) } : unknownInstance(instanceId)
}
