import { type Alias, type FunctionRelease, ReleaseRefused, type Snapshot } from '../fc/release.ts'
import { queueIn } from '../fc/template.ts'
import { type Parameters, required } from './parameters.ts'
import { Refusal } from './refusal.ts'
import type { Product } from './server.ts'

/** What the control plane of Function Compute, 2023-03-30, knows of a deployment. */
export interface DeployedFunctions {
  /** The functions that there are, by name. */
  readonly releases: () => ReadonlyMap<string, FunctionRelease>
  /** Address of the HTTP trigger. */
  readonly url: () => string
}

const root = '/2023-03-30'

/** Where versions and aliases of a function are. */
const functionPath = `${root}/functions/{functionName}`

/** Most versions in one answer ("ListFunctionVersions"). */
const mostListed = 100

const versionView = ({ versionId, description }: Snapshot): object => ({
  versionId,
  description,
  createdTime: '2026-03-04T05:06:07Z',
  lastModifiedTime: '2026-03-04T05:06:07Z',
})

const aliasView = (aliasName: string, { versionId, weights }: Alias): object => ({
  aliasName,
  versionId,
  additionalVersionWeight: weights,
})

const readAlias = (parameters: Parameters): Alias => {
  const weights = JSON.parse(parameters['additionalVersionWeight'] ?? '{}') as Record<string, number>
  const isRight = Object.values(weights).every((weight) => weight > 0 && weight < 1)
  // "You can set one version as the canary" ("Manage aliases", manual).
  if (!isRight || Object.keys(weights).length > 1)
    throw new Refusal(400, 'InvalidArgument', 'additionalVersionWeight')
  return { versionId: required(parameters, 'versionId'), weights }
}

/** What the service says where a release refuses something. */
const refusing = <Value>(work: () => Value): Value => {
  try {
    return work()
  } catch (fault) {
    if (!(fault instanceof ReleaseRefused)) throw fault
    throw new Refusal(fault.message.endsWith('NotFound') ? 404 : 400, fault.message, 'Refused.')
  }
}

/** Reads functions, triggers and tags, and sets tags; what deploys is Serverless Devs. Versions and aliases are made here. */
export const functionCompute = (accountId: string, region: string, deployed: DeployedFunctions): Product => {
  const tags = new Map<string, Map<string, string>>()
  const arnOf = (name: string): string => `acs:fc:${region}:${accountId}:functions/${name}`

  const find = ({ functionName = '' }: Parameters): FunctionRelease => {
    const release = deployed.releases().get(functionName)
    if (!release) throw new Refusal(404, 'FunctionNotFound', `No function ${functionName}.`)
    return release
  }

  const findAlias = (parameters: Parameters): object => {
    const { aliasName = '' } = parameters
    const alias = find(parameters).alias(aliasName)
    if (!alias) throw new Refusal(404, 'AliasNotFound', `No alias ${aliasName}.`)
    return aliasView(aliasName, alias)
  }

  const setAlias = (parameters: Parameters): object => {
    const alias = readAlias(parameters)
    const { aliasName = '' } = parameters
    refusing(() => find(parameters).setAlias(aliasName, alias))
    return aliasView(aliasName, alias)
  }

  return {
    name: 'fc',
    version: '2023-03-30',
    paths: {
      GetFunction: `GET ${functionPath}`,
      GetTrigger: `GET ${functionPath}/triggers/{triggerName}`,
      ListFunctionVersions: `GET ${functionPath}/versions`,
      PublishFunctionVersion: `POST ${functionPath}/versions`,
      DeleteFunctionVersion: `DELETE ${functionPath}/versions/{versionId}`,
      GetAlias: `GET ${functionPath}/aliases/{aliasName}`,
      CreateAlias: `POST ${functionPath}/aliases`,
      UpdateAlias: `PUT ${functionPath}/aliases/{aliasName}`,
      PutAsyncInvokeConfig: `PUT ${functionPath}/async-invoke-config`,
      ListTagResources: `GET ${root}/tags-v2`,
      TagResources: `POST ${root}/tags-v2`,
    },
    operations: {
      GetFunction: (parameters) => ({ functionName: find(parameters).latest().template.name }),
      GetTrigger: (parameters) => {
        find(parameters)
        const { triggerName } = parameters
        if (triggerName !== 'http') throw new Refusal(404, 'TriggerNotFound', 'There is no such trigger.')
        return { triggerName, httpTrigger: { urlInternet: deployed.url() } }
      },
      ListFunctionVersions: (parameters) => ({
        direction: parameters['direction'] ?? 'BACKWARD',
        versions: find(parameters).versions().toReversed().slice(0, mostListed).map(versionView),
      }),
      PublishFunctionVersion: (parameters) =>
        versionView(refusing(() => find(parameters).publish(parameters['description'] ?? ''))),
      DeleteFunctionVersion: (parameters) => {
        refusing(() => find(parameters).removeVersion(required(parameters, 'versionId')))
        return {}
      },
      GetAlias: findAlias,
      CreateAlias: (parameters) => {
        if (find(parameters).alias(required(parameters, 'aliasName')))
          throw new Refusal(409, 'AliasAlreadyExists', 'There is such an alias.')
        return setAlias(parameters)
      },
      UpdateAlias: (parameters) => {
        findAlias(parameters)
        return setAlias(parameters)
      },
      PutAsyncInvokeConfig: (parameters) => {
        const { qualifier = 'LATEST' } = parameters
        const release = find(parameters)
        if (qualifier !== 'LATEST' && !release.alias(qualifier))
          throw new Refusal(404, 'AliasNotFound', `No alias ${qualifier}.`)
        const destinations = JSON.parse(parameters['destinationConfig'] ?? '{}') as {
          readonly onFailure?: { readonly destination: string }
        }
        release.setAsynchronous(qualifier, {
          maxAgeMs: Number(required(parameters, 'maxAsyncEventAgeInSeconds')) * 1000,
          maxRetries: Number(required(parameters, 'maxAsyncRetryAttempts')),
          onFailure: queueIn(destinations.onFailure?.destination),
        })
        return {}
      },
      ListTagResources: ({ ResourceId = '[]' }) => {
        const wanted = JSON.parse(ResourceId) as string[]
        const there = new Set([...deployed.releases().keys()].map(arnOf))
        return {
          TagResources: wanted
            .filter((arn) => there.has(arn))
            .flatMap((arn) =>
              [...(tags.get(arn) ?? [])].map(([TagKey, TagValue]) => ({ ResourceId: arn, TagKey, TagValue })),
            ),
        }
      },
      TagResources: ({ ResourceId = '[]', Tag = '[]' }) => {
        const set = JSON.parse(Tag) as { readonly Key: string; readonly Value: string }[]
        for (const arn of JSON.parse(ResourceId) as string[]) {
          find({ functionName: arn.split('/').at(-1) ?? '' })
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
