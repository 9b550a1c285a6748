import { checksFor, engines } from '../../checks/catalogue.ts'
import { isHeld } from '../../checks/framework/define-engine.ts'
import type { Problem } from '../../checks/framework/problem.ts'
import { type Result, decline, unknownInstance } from '../../model/failure.ts'
import type { Instance } from '../../model/instance.ts'
import type { Instances } from '../../ports/instances.ts'
import { type DatabaseDeps, askingOnce, openDatabase } from '../prechecks/ask-database.ts'
import { within } from '../prechecks/keep-limit.ts'

/** A privilege that check items need and the login does not have. */
interface MissingPrivilege {
  readonly privilege: string
  /** Statements that grant it, with quoted names. */
  readonly grants: readonly string[]
}

interface Deps extends DatabaseDeps {
  readonly instances: Pick<Instances, 'get' | 'put'>
  readonly limits: { readonly itemMs: number }
  readonly now: () => Date
}

/** Whether the service can check an instance, and what is in the way. */
export interface Validation {
  readonly instance: Instance
  /** Why the instance could not be asked; null if it could. */
  readonly problem: Problem | null
  readonly missing: readonly MissingPrivilege[]
}

const unexpected: Problem = {
  code: 'UNEXPECTED_ANSWER',
  params: { detail: 'the answer about a privilege has an unexpected shape' },
}

type Audit = Pick<Validation, 'problem' | 'missing'>

/** Probes every privilege that the check items of the engine need, and says which ones the login does not have. */
const audit = async (deps: Deps, { definition }: Instance): Promise<Audit> => {
  const needed = new Set(checksFor(definition.engine).flatMap(({ privileges }) => privileges))
  const wanted = Object.entries(engines[definition.engine].privileges).filter(([name]) => needed.has(name))
  const endsAt = deps.now().getTime() + deps.limits.itemMs
  const leftMs = (): number => endsAt - deps.now().getTime()
  const { itemMs } = deps.limits
  const login = await within(itemMs, openDatabase(deps, definition, itemMs))
  if ('problem' in login) return { problem: login.problem, missing: [] }
  try {
    const ask = askingOnce(login.session, leftMs)
    const missing: MissingPrivilege[] = []
    for (const [privilege, { probe, grants }] of wanted) {
      const outcome = await ask(probe)
      if ('problem' in outcome) return { problem: outcome.problem, missing: [] }
      const held = isHeld('rows' in outcome ? outcome.rows : null)
      if (held === null) return { problem: unexpected, missing: [] }
      if (!held) missing.push({ privilege, grants: grants(definition.connection.credential.username) })
    }
    return { problem: null, missing }
  } finally {
    await login.session.close()
  }
}

/** Asks the instance whether it is reachable, takes the login, and grants what the check items need; then it is online. */
export const validateInstance = async (
  deps: Deps,
  instanceId: string,
): Promise<Result<Validation, 'INSTANCE_NOT_FOUND' | 'INSTANCE_CHANGED'>> => {
  const stored = await deps.instances.get(instanceId)
  if (!stored) return unknownInstance(instanceId)
  const { document: known, revision } = stored
  const { problem, missing } = await audit(deps, known)
  const isOnline = problem === null && missing.length === 0
  const now = deps.now().toISOString()
  const instance: Instance = {
    ...known,
    status: isOnline ? 'online' : 'registered',
    revision: known.revision + 1,
    updatedAt: now,
    validatedAt: isOnline ? now : known.validatedAt,
  }
  if (await deps.instances.put(instanceId, instance, revision))
    return { value: { instance, problem, missing } }
  return decline('INSTANCE_CHANGED', `${instanceId} was changed during the validation. Validate it again.`)
}
