import { checksFor } from '../../checks/catalogue.ts'
import { type Result, decline } from '../../model/failure.ts'
import type { Instance, InstanceDefinition } from '../../model/instance.ts'
import type { ScheduleChanges } from '../../ports/due-starts.ts'
import type { Instances } from '../../ports/instances.ts'
import { type PasswordDeps, passwordDeclined } from './password-reference.ts'

interface Deps extends PasswordDeps {
  readonly instances: Pick<Instances, 'get' | 'put'>
  readonly scheduleChanges: Pick<ScheduleChanges, 'put'>
  readonly newChangeId: () => string
  readonly now: () => Date
}

/** A registration under an id. `expectedRevision`: the revision that the caller saw last, if it says so. */
export interface Registration {
  readonly instanceId: string
  readonly definition: InstanceDefinition
  readonly expectedRevision?: number | undefined
}

/** An instance is online until its connection changes: then it has to be validated again. */
const keepsStatus = (stored: Instance, definition: InstanceDefinition): boolean =>
  JSON.stringify(stored.definition.connection) === JSON.stringify(definition.connection)

/** Where it says nothing, a new registration has the standard set, and another one keeps what it has. */
const withChecks = (stored: Instance | null, definition: InstanceDefinition): InstanceDefinition => {
  const checks = definition.checks ?? (stored ? stored.definition.checks : { set: 'standard' })
  return checks ? { ...definition, checks } : definition
}

/** Why a choice of check items cannot be kept: nobody may leave an essential one out, or the verdicts would be green without it. */
const refusalOf = ({
  engine,
  checks = { set: 'standard' },
  databases = [],
}: InstanceDefinition): string | null => {
  const available = new Map(checksFor(engine).map((check) => [check.id, check]))
  const excluded = [...(checks.exclude ?? []), ...databases.flatMap(({ exclude = [] }) => exclude)]
  const unknown = [...(checks.include ?? []), ...excluded].filter((id) => !available.has(id))
  if (unknown.length > 0) {
    return `${unknown.join(', ')}: not a check item of ${engine}. Available: ${[...available.keys()].join(', ')}.`
  }
  const essential = excluded.filter((id) => available.get(id)?.set === 'essential')
  if (essential.length === 0) return null
  return `${essential.join(', ')}: an essential check item cannot be excluded. Acknowledge its findings instead.`
}

const nextOf = (
  stored: Instance | null,
  { instanceId, definition: given }: Registration,
  now: string,
): Instance => {
  const definition = withChecks(stored, given)
  const isUnchanged = stored !== null && keepsStatus(stored, definition)
  return {
    id: instanceId,
    definition,
    status: isUnchanged ? stored.status : 'registered',
    revision: (stored?.revision ?? 0) + 1,
    registeredAt: stored?.registeredAt ?? now,
    updatedAt: now,
    validatedAt: isUnchanged ? stored.validatedAt : null,
    ...(isUnchanged && stored.validation && { validation: stored.validation }),
    ...(stored?.acknowledgements && { acknowledgements: stored.acknowledgements }),
  }
}

/** What of a registration decides when its nightly precheck is due. */
const whenDue = ({ enabled, region, schedule = {} }: InstanceDefinition): string =>
  JSON.stringify([enabled, region, schedule.enabled, schedule.at, schedule.timeZone, schedule.window])

/** Says, before the instance is written, that it may be due at other times: after a crash between the two somebody looks in vain. */
const markChange = async (
  { scheduleChanges, newChangeId, now }: Deps,
  instanceId: string,
  revision: number,
): Promise<void> => {
  const id = newChangeId()
  await scheduleChanges.put(id, { id, instanceId, revision, markedAt: now().toISOString() }, 0)
}

/** Registers an instance, or replaces what was registered under its id. `isNew` tells which. */
export const registerInstance = async (
  deps: Deps,
  registration: Registration,
): Promise<
  Result<
    { readonly instance: Instance; readonly isNew: boolean },
    'CHECK_ITEM_NOT_APPLICABLE' | 'INSTANCE_CHANGED' | 'SECRET_REFUSED'
  >
> => {
  const { instanceId, definition, expectedRevision } = registration
  const refusal = refusalOf(definition)
  if (refusal !== null) return decline('CHECK_ITEM_NOT_APPLICABLE', refusal)
  const declined = await passwordDeclined(deps, definition.connection.credential.password)
  if (declined) return declined
  const stored = await deps.instances.get(instanceId)
  const revision = stored?.revision ?? 0
  const instance = nextOf(stored?.document ?? null, registration, deps.now().toISOString())
  const isExpected = expectedRevision === undefined || expectedRevision === revision
  const isDueAlike = stored && whenDue(stored.document.definition) === whenDue(definition)
  if (isExpected && !isDueAlike) await markChange(deps, instanceId, revision + 1)
  if (isExpected && (await deps.instances.put(instanceId, instance, revision))) {
    return { value: { instance, isNew: stored === null } }
  }
  return decline('INSTANCE_CHANGED', {
    en: `${instanceId} has changed in the meantime. Read it again and repeat the change.`,
    zh: `${instanceId} 已被修改。请重新读取后再次修改。`,
  })
}
