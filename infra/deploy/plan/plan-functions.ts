import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { resolveVariables } from '../s-yaml/s-yaml.ts'
import { addFiles } from './add-files.ts'
import type { Change } from './change.ts'
import { type Control, type Operation, ask } from './control.ts'
import { DeployFailed } from './failure.ts'
import {
  type DeployedName,
  type Live,
  type Release,
  deploymentOrder,
  dropOldVersions,
  isLive,
  publish,
  readRelease,
  setAsynchronous,
  setLive,
} from './releases.ts'

/** Where the functions are. */
export interface FunctionPlace {
  readonly account: string
  readonly region: string
}

/** Serverless Devs, as `s.yaml` is deployed with it. */
export interface ServerlessDevs {
  /** The environment that `s.yaml` is resolved with; null while something that it names is not there yet. */
  readonly environment: () => Promise<NodeJS.ProcessEnv | null>
  /** Runs `s` with arguments in that environment, with more variables. Throws `DeployFailed`. */
  readonly run: (args: readonly string[], variables?: NodeJS.ProcessEnv) => Promise<void>
}

const names = deploymentOrder.map((name) => `precheck-${name}`)

const arnOf = ({ account, region }: FunctionPlace, name: string): string =>
  `acs:fc:${region}:${account}:functions/${name}`

/** The tag that tells what is deployed, and that it was deployed to the end. */
const mark = 'backup-precheck-deployment'

const operation = (
  action: string,
  of: string,
  path: Required<Operation>['path'],
  query?: Operation['query'],
): Operation => ({ product: 'fc', action, of, path, settledBy: /NotFound/, ...(query && { query }) })

const isThere = async (control: Control, name: string): Promise<boolean> => {
  const path = { method: 'GET' as const, pathname: `/2023-03-30/functions/${name}` }
  return (await ask(control, operation('GetFunction', name, path), z.unknown())) !== null
}

const tagsPath = '/2023-03-30/tags-v2'

const Tags = z.object({
  TagResources: z
    .array(z.object({ ResourceId: z.string(), TagKey: z.string(), TagValue: z.string() }))
    .default([]),
})

/** Whether every function carries the mark of a deployment. */
const isMarked = async (control: Control, place: FunctionPlace, value: string): Promise<boolean> => {
  const arns = names.map((name) => arnOf(place, name))
  const query = { ResourceType: 'function', ResourceId: JSON.stringify(arns) }
  const path = { method: 'GET' as const, pathname: tagsPath }
  const answer = await ask(control, operation('ListTagResources', 'functions', path, query), Tags)
  const marked = (answer?.TagResources ?? [])
    .filter(({ TagKey, TagValue }) => TagKey === mark && TagValue === value)
    .map(({ ResourceId }) => ResourceId)
  return arns.every((arn) => marked.includes(arn))
}

const setMark = async (control: Control, place: FunctionPlace, value: string): Promise<void> => {
  const body = {
    ResourceType: 'function',
    ResourceId: names.map((name) => arnOf(place, name)),
    Tag: [{ Key: mark, Value: value }],
  }
  const path = { method: 'POST' as const, pathname: tagsPath, body, isSilent: true as const }
  await ask(control, operation('TagResources', 'functions', path), z.unknown())
}

const readFile = (): string => readFileSync('s.yaml', 'utf8')

/** What is to be deployed, as one value: the file with its variables put in, and the code. */
const valueOf = (environment: NodeJS.ProcessEnv): string => {
  const hash = createHash('sha256')
  hash.update(JSON.stringify(resolveVariables(readFile(), environment)))
  for (const name of deploymentOrder) addFiles(hash, join('dist/functions', name))
  return hash.digest('hex').slice(0, 32)
}

const isDeployed = async (
  control: Control,
  place: FunctionPlace,
  releases: readonly Release[],
  deployment: string,
): Promise<boolean> => {
  const isPublished = releases.every(({ versions: [newest] }) => newest?.deployment === deployment)
  return isPublished && isMarked(control, place, deployment)
}

/** Where invocations are to go: to a version, or a part of them, in percent, where another one is live. */
const wanted = ({ live }: Release, version: number, canary: number | null): Live =>
  canary === null || live === null || live.version === version
    ? { version, weights: {} }
    : { version: live.version, weights: { [version]: canary / 100 } }

/** A canary of a version that is live as a whole has nothing to change. */
const planLive = (
  control: Control,
  releases: readonly Release[],
  canary: number | null,
): readonly Change[] => {
  const moved = releases.flatMap((release) => {
    const [newest] = release.versions
    const live = newest && wanted(release, newest.id, canary)
    return live && !isLive(release, live) ? [{ release, live }] : []
  })
  const part = canary === null ? 'all' : `${canary} %`
  return moved.map(({ release, live }) => ({
    title: `send ${part} of the invocations of precheck-${release.name} to what is deployed`,
    details: [],
    apply: () => setLive(control, release, live),
  }))
}

/** Of what `s.yaml` says of a function, what is not left to Serverless Devs. */
const Resources = z.object({
  resources: z.record(
    z.string(),
    z.object({ props: z.object({ asyncInvokeConfig: z.record(z.string(), z.unknown()).optional() }) }),
  ),
})

/** What one function takes to be deployed. */
interface Deployment {
  readonly environment: NodeJS.ProcessEnv
  readonly value: string
  readonly canary: number | null
}

const deployFunction = async (
  control: Control,
  { run }: ServerlessDevs,
  name: DeployedName,
  { environment, value, canary }: Deployment,
): Promise<void> => {
  const variables = { DEPLOYMENT: value }
  await run([name, 'deploy', '--function', '-y'], variables)
  const release = await readRelease(control, name)
  await setLive(control, release, wanted(release, await publish(control, release, value), canary))
  const { resources } = Resources.parse(resolveVariables(readFile(), environment))
  const asynchronous = resources[name]?.props.asyncInvokeConfig
  if (asynchronous) await setAsynchronous(control, name, asynchronous)
  // After the alias that triggers name; only this sets the reserved instances too.
  await run([name, 'deploy', '-y'], variables)
}

/**
 * Plans the deployment of functions and triggers, unless these very ones are there, and where their invocations go.
 * `canary`: so many percent go to the new versions, and the others where they went; null: all. Only reads. Throws
 * `DeployFailed`.
 */
export const planFunctions = async (
  control: Control,
  place: FunctionPlace,
  serverless: ServerlessDevs,
  canary: number | null,
): Promise<readonly Change[]> => {
  const now = await serverless.environment()
  const releases: Release[] = []
  for (const name of deploymentOrder) releases.push(await readRelease(control, name))
  if (now !== null && (await isDeployed(control, place, releases, valueOf(now))))
    return planLive(control, releases, canary)
  const isCanary = canary !== null && releases.some(({ live }) => live !== null)
  return [
    {
      title: 'deploy functions and triggers',
      details: isCanary ? [...names, `${canary} % of the invocations go to them`] : names,
      apply: async () => {
        const environment = await serverless.environment()
        if (environment === null) throw new DeployFailed('The security groups of the functions are gone.')
        const value = valueOf(environment)
        for (const name of deploymentOrder)
          await deployFunction(control, serverless, name, { environment, value, canary })
        // After all of them, so that a deployment that was cut is done once more.
        await setMark(control, place, value)
        for (const name of deploymentOrder) await dropOldVersions(control, name)
      },
    },
  ]
}

/** What removes the functions with their triggers, if there are any. Only reads. Throws `DeployFailed`. */
export const planFunctionRemoval = async (
  control: Control,
  serverless: ServerlessDevs,
): Promise<readonly Change[]> => {
  const present: string[] = []
  for (const name of names) if (await isThere(control, name)) present.push(name)
  if (present.length === 0) return []
  const apply = () => serverless.run(['remove', '-y'])
  return [{ title: 'remove functions and triggers', details: present, apply }]
}

const Trigger = z.object({ httpTrigger: z.object({ urlInternet: z.string().optional() }).optional() })

/** The public address of the API; null where it has none. */
export const publicUrl = async (control: Control): Promise<string | null> => {
  const pathname = '/2023-03-30/functions/precheck-api/triggers/http'
  const answer = await ask(
    control,
    operation('GetTrigger', 'precheck-api', { method: 'GET', pathname }),
    Trigger,
  )
  return answer?.httpTrigger?.urlInternet || null
}
