import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deployCommand, destroyCommand, rollbackCommand } from '../../infra/deploy/deploy/command.ts'
import { policyText } from '../../infra/deploy/policies/policy-text.ts'
import { type FunctionCompute, eventBridgeRole, startFunctionCompute } from '../emulators/fc/platform.ts'
import { type FunctionRelease, startRelease } from '../emulators/fc/release.ts'
import { startSts } from '../emulators/fc/sts.ts'
import type { FunctionTemplate } from '../emulators/fc/template.ts'
import type { KnownPrincipal } from '../emulators/mns/authentication.ts'
import { startMns } from '../emulators/mns/server.ts'
import { functionCompute } from '../emulators/openapi/function-compute.ts'
import { type StoredSecret, kmsSecretMaking } from '../emulators/openapi/kms.ts'
import { startNetwork } from '../emulators/openapi/network.ts'
import { type RamUser, startRam } from '../emulators/openapi/ram.ts'
import { secretsKey, startOpenApi } from '../emulators/openapi/server.ts'
import { tablestoreInstances } from '../emulators/openapi/tablestore-instances.ts'
import type { AccessKey } from '../emulators/tablestore/signature.ts'
import { startTablestore } from '../emulators/tablestore/server.ts'
import { account, instanceName, tagsOfInstances, templatesFor } from './cloud-service.ts'
import { Policy, isAllowed } from './ram-policy.ts'
import { type ServerlessRun, startRecordingS } from './recording-s.ts'

const { accountId, region } = account
const vpcId = 'vpc-bp1precheck'
const vSwitchId = 'vsw-bp1precheck'

/** Who deploys. */
const deployer = { name: 'deployer', accessKeyId: 'LTAIdeployer', accessKeySecret: 'secret-of-deployer' }

/** The policy of who deploys, in this account. */
export const wholePolicy = policyText('deployer', {
  account: accountId,
  region,
  instance: instanceName,
  key: secretsKey,
})

const functions = ['api', 'run-check', 'collect', 'schedule', 'notify'].map((name) => `precheck-${name}`)

/** By text: every request is held against the policies of who makes it. */
const policies = new Map<string, Policy>()

const policyIn = (text: string): Policy => {
  const policy = policies.get(text) ?? Policy.parse(JSON.parse(text))
  policies.set(text, policy)
  return policy
}

/** What came of a command. */
export interface CommandRun {
  readonly exitCode: number
  readonly lines: readonly string[]
}

/** An account of Alibaba Cloud with a VPC and a KMS instance, and a user that deploys. `runs`: functions come up when they are deployed. */
export const startEmptyAccount = async ({ runs = false }: { readonly runs?: boolean } = {}) => {
  let user: RamUser = { policies: { 'precheck-deployer': wholePolicy } }
  const instances = new Set<string>()
  const secrets: Record<string, StoredSecret> = {}
  const principals: KnownPrincipal[] = [deployer]
  const accessKeys: AccessKey[] = [
    { id: deployer.accessKeyId, secret: deployer.accessKeySecret, principal: deployer.name },
  ]
  const sts = startSts((session) => {
    const { role, accessKeyId: id, accessKeySecret: secret, securityToken: stsToken, expiresAt } = session
    principals.push({ ...session, name: role })
    accessKeys.push({ id, secret, stsToken, expiresAt, principal: role })
  })

  const ram = startRam(accountId, () => ({ [deployer.name]: user }))
  const network = startNetwork(accountId, region, { vpcId, vSwitchId })
  /** Requests that were allowed or refused, in their order. */
  const asked: string[] = []
  const authorize = (name: string, action: string, resource: string): boolean => {
    if (name === eventBridgeRole) return true
    asked.push(`${name} ${action}`)
    const statements = (ram.policiesOf(name) ?? []).flatMap((text) => policyIn(text).Statement)
    return isAllowed({ Version: '1', Statement: statements }, action, resource, tagsOfInstances(resource))
  }

  const releases = new Map<string, FunctionRelease>()
  /** Functions with triggers. */
  const triggered = new Set<string>()
  let failing: string | undefined
  let compute: FunctionCompute | undefined
  const mns = await startMns({
    ...account,
    accessKeys: principals,
    authorize: ({ name }, ...what) => authorize(name, ...what),
  })
  const tablestore = await startTablestore({
    instanceName,
    accessKeys,
    authorize: (name, operation, table = '*') =>
      authorize(
        name,
        `ots:${operation}`,
        `acs:ots:${region}:${accountId}:instance/${instanceName}/table/${table}`,
      ),
  })
  tablestore.onRequest(() =>
    instances.has(instanceName)
      ? undefined
      : { when: 'before', outcome: { status: 404, code: 'OTSInstanceNotFound' } },
  )
  const openApi = await startOpenApi({
    ...account,
    principals,
    secrets,
    authorize: ({ name }, ...what) => authorize(name, ...what),
    products: [
      ...ram.products,
      ...network.products,
      tablestoreInstances(accountId, region, instances, () => Object.keys(tablestore.tables())),
      functionCompute(accountId, region, { releases: () => releases, url: () => compute?.url ?? '' }),
      {
        name: 'kms',
        version: '2016-01-20',
        operations: kmsSecretMaking(secrets),
        resources: ({ SecretName = '' }) => [`acs:kms:${region}:${accountId}:secret/${SecretName}`],
      },
    ],
  })

  /** What a checkout deploys of a function, with its code as it is now. */
  const templateOf = (name: string, { folder, environment: set }: ServerlessRun): FunctionTemplate => {
    const deployment = set['DEPLOYMENT']!
    const template = templatesFor({ mns, tablestore, openApi }, { deployment })[name]!
    // Nothing of a real region is asked by a test.
    const nowhere = {
      PRECHECK_OSS_ENDPOINT: 'https://127.0.0.1:1/',
      PRECHECK_SERVICE_ENDPOINTS: 'https://127.0.0.1:1/',
    }
    const environment = { ...template.environment, ...(name === 'run-check' && nowhere) }
    return { ...template, environment, code: join(folder, 'dist/functions', name) }
  }

  const bringUp = async (): Promise<void> => {
    const short = (name: string): string => name.replace('precheck-', '')
    const entries = [...releases].map(([name, release]) => [short(name), release] as const)
    compute = await startFunctionCompute({
      account,
      sts,
      mnsEndpoint: mns.endpoint,
      releases: Object.fromEntries(entries),
      templates: Object.fromEntries(entries.map(([name, release]) => [name, release.latest().template])),
      maxWindowMs: 20,
      retryPauseMs: 20,
    })
  }

  const mayAll = (action: string): void => {
    for (const name of functions) {
      const arn = `acs:fc:${region}:${accountId}:functions/${name}`
      if (!authorize(deployer.name, action, arn)) throw new Error(`AccessDenied: ${action} on ${arn}`)
    }
  }

  const remove = async (): Promise<void> => {
    await compute?.close()
    compute = undefined
    for (const release of releases.values()) release.remove()
    releases.clear()
    triggered.clear()
  }

  /** `s NAME deploy --function -y`, `s NAME deploy -y` or `s remove -y`. */
  const onRun = async (run: ServerlessRun): Promise<void> => {
    const { args } = run
    const [name = '', verb] = args
    mayAll(verb === 'deploy' ? 'fc:CreateFunction' : 'fc:DeleteFunction')
    if (verb !== 'deploy') return remove()
    const known = releases.get(`precheck-${name}`)
    const template = templateOf(name, run)
    if (args.includes('--function')) known?.deploy(template)
    const release = known ?? startRelease(template)
    releases.set(`precheck-${name}`, release)
    if (args.includes('--function')) return
    if (name === failing) throw new Error('the triggers were not created')
    if (!release.alias(template.qualifier)) throw new Error(`AliasNotFound: ${template.qualifier}`)
    triggered.add(name)
    if (triggered.size === functions.length && runs && !compute) await bringUp()
  }
  const serverless = await startRecordingS(onRun)

  const folder = mkdtempSync(join(tmpdir(), 'precheck-deploy-'))
  const tokenFile = join(folder, 'admin-token')
  const environment: Readonly<Record<string, string>> = {
    PATH: `${serverless.folder}:${process.env['PATH']}`,
    ALIBABA_CLOUD_ACCESS_KEY_ID: deployer.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: deployer.accessKeySecret,
    ALIBABA_CLOUD_REGION_ID: region,
    TABLESTORE_INSTANCE: instanceName,
    VPC_ID: vpcId,
    VSWITCH_ID: vSwitchId,
    KMS_INSTANCE_ID: 'kst-precheck',
    KMS_KEY_ID: secretsKey,
    TABLESTORE_ENDPOINT: tablestore.endpoint,
    // By another name, and so over other connections than long polls.
    MNS_OPEN_ENDPOINT: mns.endpoint.replace('127.0.0.1', 'localhost'),
    OPENAPI_ENDPOINT: openApi.url.replace('127.0.0.1', 'localhost'),
  }

  /** What there is, by kind. */
  const state = () => ({
    instances: [...instances],
    tables: Object.keys(tablestore.tables()).toSorted(),
    secrets: Object.keys(secrets),
    groups: network.groups().map(({ name, egress }) => [name, egress.length]),
    roles: ram.roles().map((role) => [role, ram.policiesOf(role)?.length]),
    policies: ram.policies(),
    functions: [...releases.keys()].toSorted(),
    tokens: tablestore.tables()['tokens']?.length ?? 0,
  })

  return {
    tokenFile,
    environment,
    serverless,
    mns,
    tablestore,
    secrets,
    ram,
    state,
    compute: () => compute,
    releases: releases as ReadonlyMap<string, FunctionRelease>,
    requests: asked,
    /** Policies of who deploys from now on. */
    setUser: (changed: RamUser): void => {
      user = changed
    },
    /** Lets `s` fail in the middle of what it does with a function. */
    failServerless: (name: string | undefined): void => {
      failing = name
    },
    deploy: async (
      args: readonly string[] = [],
      {
        own = environment,
        print,
      }: { readonly own?: NodeJS.ProcessEnv; readonly print?: (line: string) => void } = {},
    ): Promise<CommandRun> => {
      const lines: string[] = []
      const exitCode = await deployCommand(['--token', tokenFile, ...args], {
        environment: own,
        print: (line) => {
          lines.push(line)
          print?.(line)
        },
        question: () => Promise.reject(new Error('Nothing is asked.')),
      })
      return { exitCode, lines }
    },
    destroy: async (args: readonly string[] = [], answer = instanceName): Promise<CommandRun> => {
      const lines: string[] = []
      const exitCode = await destroyCommand(args, {
        environment,
        print: (line) => lines.push(line),
        question: () => Promise.resolve(answer),
      })
      return { exitCode, lines }
    },
    rollback: async (
      args: readonly string[] = [],
      answer = 'yes',
      own: NodeJS.ProcessEnv = environment,
    ): Promise<CommandRun> => {
      const lines: string[] = []
      const exitCode = await rollbackCommand(args, {
        environment: own,
        print: (line) => lines.push(line),
        question: () => Promise.resolve(answer),
      })
      return { exitCode, lines }
    },
    close: async (): Promise<void> => {
      await remove()
      await serverless.close()
      rmSync(folder, { recursive: true })
      await Promise.all([mns.close(), tablestore.close(), openApi.close()])
    },
  }
}
export type EmptyAccount = Awaited<ReturnType<typeof startEmptyAccount>>
