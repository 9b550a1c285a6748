import { checksFor } from '../../checks/catalogue.ts'
import { oraclePrivilegeAudit } from '../../checks/oracle/privileges.ts'
import type { MissingPrivilege, PrivilegeAudit } from '../../checks/framework/privilege-audit.ts'
import type { Problem } from '../../checks/framework/problem.ts'
import { sqlServerPrivilegeAudit } from '../../checks/sqlserver/privileges.ts'
import type { Engine } from '../../model/engine.ts'
import { type Result, decline, unknownInstance } from '../../model/failure.ts'
import type { Instance } from '../../model/instance.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Probes } from '../../ports/probe.ts'
import type { Secrets } from '../../ports/secrets.ts'
import { askDatabase } from '../prechecks/run-check-item.ts'

interface Deps {
  readonly instances: Pick<Instances, 'get' | 'put'>
  readonly probes: Probes
  readonly secrets: Secrets
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

const audits: Readonly<Record<Engine, PrivilegeAudit>> = {
  oracle: oraclePrivilegeAudit,
  sqlserver: sqlServerPrivilegeAudit,
}

const audit = async (deps: Deps, { id, definition }: Instance): Promise<Omit<Validation, 'instance'>> => {
  const { queries, audit: judge } = audits[definition.engine]
  const target = { instanceId: id, definition }
  const outcome = await askDatabase(deps, target, queries, deps.limits.itemMs)
  if ('problem' in outcome) return { problem: outcome.problem, missing: [] }
  const wanted = new Set(checksFor(definition.engine).flatMap(({ privileges }) => privileges))
  const judged = judge(outcome.answer, [...wanted], definition.connection.credential.username)
  return 'misshapen' in judged
    ? { problem: { code: 'UNEXPECTED_ANSWER', params: { detail: judged.misshapen } }, missing: [] }
    : { problem: null, missing: judged.missing }
}

/** Asks the instance whether it is reachable, takes the login, and grants what the check items need; then it is online. */
export const validateInstance = async (deps: Deps, instanceId: string): Promise<Result<Validation>> => {
  const stored = await deps.instances.get(instanceId)
  if (!stored) return unknownInstance(instanceId)
  const { problem, missing } = await audit(deps, stored)
  const isOnline = problem === null && missing.length === 0
  const now = deps.now().toISOString()
  const instance: Instance = {
    ...stored,
    status: isOnline ? 'online' : 'registered',
    revision: stored.revision + 1,
    updatedAt: now,
    validatedAt: isOnline ? now : stored.validatedAt,
  }
  if (await deps.instances.put(instance, stored.revision)) return { value: { instance, problem, missing } }
  return decline('INSTANCE_CHANGED', `${instanceId} was changed while it was validated. Validate it again.`)
}
