import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { functionNames } from '../policies/policy-text.ts'
import { resolveVariables } from '../s-yaml/s-yaml.ts'
import type { Change } from './change.ts'
import { type Control, type Operation, ask } from './control.ts'

/** Where the functions are. */
export interface FunctionPlace {
  readonly account: string
  readonly region: string
}

/** Serverless Devs, as `s.yaml` is deployed with it. */
export interface ServerlessDevs {
  /** The environment that `s.yaml` is resolved with; null while something that it names is not there yet. */
  readonly environment: () => Promise<NodeJS.ProcessEnv | null>
  /** Runs `s` with arguments in that environment. Throws `DeployFailed`. */
  readonly run: (args: readonly string[]) => Promise<void>
}

/** Who reads messages comes before who sends them, so that no message meets a function that does not know it. */
const order = [
  'notify',
  'run-check',
  'collect',
  'schedule',
  'api',
] as const satisfies (typeof functionNames)[number][]

const names = order.map((name) => `precheck-${name}`)

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

/** What is to be deployed, as one value: the file with its variables put in, and the code. */
const valueOf = (environment: NodeJS.ProcessEnv): string => {
  const hash = createHash('sha256')
  hash.update(JSON.stringify(resolveVariables(readFileSync('s.yaml', 'utf8'), environment)))
  for (const name of order) {
    const folder = join('dist/functions', name)
    for (const file of readdirSync(folder).toSorted())
      hash.update(file).update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex').slice(0, 32)
}

const isDeployed = async (
  control: Control,
  place: FunctionPlace,
  environment: NodeJS.ProcessEnv | null,
): Promise<boolean> => {
  if (environment === null) return false
  for (const name of names) if (!(await isThere(control, name))) return false
  return isMarked(control, place, valueOf(environment))
}

/** Plans the deployment of functions and triggers, unless these very ones are there. Only reads. Throws `DeployFailed`. */
export const planFunctions = async (
  control: Control,
  place: FunctionPlace,
  serverless: ServerlessDevs,
): Promise<readonly Change[]> => {
  if (await isDeployed(control, place, await serverless.environment())) return []
  return [
    {
      title: 'deploy functions and triggers',
      details: names,
      apply: async () => {
        for (const name of order) await serverless.run([name, 'deploy', '-y'])
        const environment = await serverless.environment()
        // Last, so that a deployment that was cut is done once more.
        if (environment !== null) await setMark(control, place, valueOf(environment))
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
