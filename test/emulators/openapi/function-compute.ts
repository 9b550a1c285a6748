import { Refusal } from './refusal.ts'
import type { Product } from './server.ts'

/** What the control plane of Function Compute, 2023-03-30, knows of a deployment. */
export interface DeployedFunctions {
  /** Names of the functions that there are. */
  readonly names: () => readonly string[]
  /** Address of the HTTP trigger. */
  readonly url: () => string
}

const root = '/2023-03-30'

/** Reads functions, triggers and tags, and sets tags; what deploys is Serverless Devs. */
export const functionCompute = (accountId: string, region: string, deployed: DeployedFunctions): Product => {
  const tags = new Map<string, Map<string, string>>()
  const arnOf = (name: string): string => `acs:fc:${region}:${accountId}:functions/${name}`

  const find = (name = ''): string => {
    if (!deployed.names().includes(name)) throw new Refusal(404, 'FunctionNotFound', `No function ${name}.`)
    return name
  }

  return {
    name: 'fc',
    version: '2023-03-30',
    paths: {
      GetFunction: `GET ${root}/functions/{functionName}`,
      GetTrigger: `GET ${root}/functions/{functionName}/triggers/{triggerName}`,
      ListTagResources: `GET ${root}/tags-v2`,
      TagResources: `POST ${root}/tags-v2`,
    },
    operations: {
      GetFunction: ({ functionName }) => ({ functionName: find(functionName) }),
      GetTrigger: ({ functionName, triggerName }) => {
        find(functionName)
        if (triggerName !== 'http') throw new Refusal(404, 'TriggerNotFound', 'There is no such trigger.')
        return { triggerName, httpTrigger: { urlInternet: deployed.url() } }
      },
      ListTagResources: ({ ResourceId = '[]' }) => {
        const wanted = JSON.parse(ResourceId) as string[]
        return {
          TagResources: wanted
            .filter((arn) => deployed.names().some((name) => arnOf(name) === arn))
            .flatMap((arn) =>
              [...(tags.get(arn) ?? [])].map(([TagKey, TagValue]) => ({ ResourceId: arn, TagKey, TagValue })),
            ),
        }
      },
      TagResources: ({ ResourceId = '[]', Tag = '[]' }) => {
        const set = JSON.parse(Tag) as { readonly Key: string; readonly Value: string }[]
        for (const arn of JSON.parse(ResourceId) as string[]) {
          find(arn.split('/').at(-1))
          const own = tags.get(arn) ?? new Map<string, string>()
          for (const { Key, Value } of set) own.set(Key, Value)
          tags.set(arn, own)
        }
        return {}
      },
    },
    resources: ({ functionName = '*' }) => [arnOf(functionName)],
    refusal: 'AccessDenied',
  }
}
