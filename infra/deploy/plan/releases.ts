import * as z from 'zod'
import type { functionNames } from '../policies/policy-text.ts'
import { type Control, type Operation, ask } from './control.ts'

/** Who reads messages comes before who sends them, so that no message meets a function that does not know it. */
export const deploymentOrder = [
  'notify',
  'run-check',
  'collect',
  'schedule',
  'api',
] as const satisfies (typeof functionNames)[number][]
export type DeployedName = (typeof deploymentOrder)[number]

/** What triggers invoke. */
const aliasName = 'live'

/** Versions of a function that are kept: the one that is live, and those that there is a way back to. */
const keptVersions = 5

/** A snapshot of code and settings of a function. */
export interface Version {
  /** Grows with each one, and is never used again. */
  readonly id: number
  /** The deployment that it was published for; the same text in all functions. */
  readonly deployment: string
  /** ISO 8601, as Function Compute gives it. */
  readonly publishedAt: string
}

/** Where invocations go. */
export interface Live {
  /** Version that gets all that the others do not get. */
  readonly version: number
  /** Parts of the invocations, from 0 to 1, by version. */
  readonly weights: Readonly<Record<string, number>>
}

/** Versions of one function. */
export interface Release {
  readonly name: DeployedName
  /** Newest first. */
  readonly versions: readonly Version[]
  /** null: there is no alias yet. */
  readonly live: Live | null
}

const Versions = z.object({
  versions: z
    .array(
      z.object({
        versionId: z.coerce.number(),
        description: z.string().default(''),
        createdTime: z.string().default(''),
      }),
    )
    .default([]),
})

const Published = z.object({ versionId: z.coerce.number() })

const Alias = z.object({
  versionId: z.coerce.number(),
  additionalVersionWeight: z.record(z.string(), z.number()).nullish(),
})

const operation = (
  action: string,
  name: DeployedName,
  method: Required<Operation>['path']['method'],
  rest: string,
  extra: Pick<Required<Operation>['path'], 'body' | 'isSilent'> & Pick<Operation, 'query'> = {},
): Operation => {
  const { query, ...path } = extra
  const pathname = `/2023-03-30/functions/precheck-${name}/${rest}`
  const of = `precheck-${name}`
  return { product: 'fc', action, of, path: { method, pathname, ...path }, ...(query && { query }) }
}

const orNothing = (asked: Operation): Operation => ({ ...asked, settledBy: /NotFound/ })

const readVersions = async (control: Control, name: DeployedName): Promise<readonly Version[]> => {
  const query = { direction: 'BACKWARD', limit: '100' }
  const listing = operation('ListFunctionVersions', name, 'GET', 'versions', { query })
  const answer = await ask(control, orNothing(listing), Versions)
  return (answer?.versions ?? [])
    .map(({ versionId, description, createdTime }) => ({
      id: versionId,
      deployment: description,
      publishedAt: createdTime,
    }))
    .toSorted((one, other) => other.id - one.id)
}

/** Reads the versions of a function; nothing of a function that is not there. Throws `DeployFailed`. */
export const readRelease = async (control: Control, name: DeployedName): Promise<Release> => {
  const versions = await readVersions(control, name)
  const asking = operation('GetAlias', name, 'GET', `aliases/${aliasName}`)
  const alias = await ask(control, orNothing(asking), Alias)
  const live = alias && { version: alias.versionId, weights: alias.additionalVersionWeight ?? {} }
  return { name, versions, live }
}

/** Makes what is deployed a version, unless the newest one is of this deployment; gives its id. Throws `DeployFailed`. */
export const publish = async (
  control: Control,
  { name, versions: [newest] }: Release,
  deployment: string,
): Promise<number> => {
  if (newest?.deployment === deployment) return newest.id
  const body = { description: deployment }
  const asked = operation('PublishFunctionVersion', name, 'POST', 'versions', { body })
  // Nothing settles it, so that there is an answer.
  return Published.parse(await ask(control, asked, Published)).versionId
}

/** Whether invocations go there already. */
export const isLive = ({ live }: Release, { version, weights }: Live): boolean =>
  live?.version === version && JSON.stringify(live.weights) === JSON.stringify(weights)

/** Lets invocations go there from now on. Throws `DeployFailed`. */
export const setLive = async (
  control: Control,
  release: Release,
  { version, weights }: Live,
): Promise<void> => {
  const { name, live } = release
  const body = { versionId: String(version), additionalVersionWeight: weights }
  const asked =
    live === null
      ? operation('CreateAlias', name, 'POST', 'aliases', { body: { aliasName, ...body } })
      : operation('UpdateAlias', name, 'PUT', `aliases/${aliasName}`, { body })
  await ask(control, asked, z.unknown())
}

/** Sets how asynchronous invocations by the triggers go: the alias has settings of its own. Throws `DeployFailed`. */
export const setAsynchronous = async (
  control: Control,
  name: DeployedName,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const query = { qualifier: aliasName }
  const asked = operation('PutAsyncInvokeConfig', name, 'PUT', 'async-invoke-config', {
    query,
    body: settings,
  })
  await ask(control, asked, z.unknown())
}

/** Removes old versions that are not live. Throws `DeployFailed`. */
export const dropOldVersions = async (control: Control, name: DeployedName): Promise<void> => {
  const { versions, live } = await readRelease(control, name)
  const named = [String(live?.version), ...Object.keys(live?.weights ?? {})]
  const old = versions.slice(keptVersions).filter(({ id }) => !named.includes(String(id)))
  for (const { id } of old) {
    const asked = operation('DeleteFunctionVersion', name, 'DELETE', `versions/${id}`, { isSilent: true })
    await ask(control, orNothing(asked), z.unknown())
  }
}
