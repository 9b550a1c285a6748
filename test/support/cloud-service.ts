import { planQueues } from '../../infra/deploy/plan/plan-queues.ts'
import { planTables } from '../../infra/deploy/plan/plan-tables.ts'
import { queueSchemas } from '../../infra/deploy/plan/queues.ts'
import { tableSchemas } from '../../shared/adapters/tablestore/tables.ts'
import { tablestoreClient } from '../../shared/adapters/tablestore/tablestore-client.ts'
import { issueToken } from '../../shared/flows/tokens.ts'
import { type FunctionCompute, eventBridgeRole, startFunctionCompute } from '../emulators/fc/platform.ts'
import { type Sts, startSts } from '../emulators/fc/sts.ts'
import { type FunctionTemplate, readTemplate } from '../emulators/fc/template.ts'
import type { KnownPrincipal } from '../emulators/mns/authentication.ts'
import { type MnsEmulator, startMns } from '../emulators/mns/server.ts'
import type { EcsInstance } from '../emulators/openapi/ecs.ts'
import { type OpenApi, secretsKey, startOpenApi } from '../emulators/openapi/server.ts'
import { type TablestoreEmulator, startTablestore } from '../emulators/tablestore/server.ts'
import type { AccessKey } from '../emulators/tablestore/signature.ts'
import { type AuthorizeRole, functionRoles } from './ram-policy.ts'
import { type Service, type ServiceOptions, replaceable, robotToken, setClockOf } from './service.ts'
import { cloudStores } from './stores.ts'
import { planStrikes } from './strikes.ts'

/** The account of the stand-ins. */
export const account = { accountId: '1234567890', region: 'cn-hangzhou' }
/** The instance of Tablestore. */
export const instanceName = 'precheck'

/** Who sets the account up, and may do everything. */
export const owner = { name: 'owner', accessKeyId: 'LTAIowner', accessKeySecret: 'owner-secret' }

/** The functions that are deployed, as `s.yaml` calls them. */
const deployed = ['api', 'run-check', 'collect', 'schedule', 'notify'] as const

export interface CloudOptions extends ServiceOptions {
  /** What the roles of the functions may do; what their policies say if left out. */
  readonly authorize?: AuthorizeRole
  /** Port of the REST API; a free one by default. */
  readonly port?: number
  /** Instances of one function that run at the same time at most. */
  readonly concurrency?: number
  /** The longest that a batch is given to fill, ms; what `s.yaml` says if left out. */
  readonly maxWindowMs?: number
  /** ECS instances by id, all with the tag that lets commands run on them. */
  readonly ecsInstances?: Readonly<Record<string, EcsInstance>>
  /** How long the keys of a role are good for, ms, by `keyClock`. */
  readonly keyLifetimeMs?: number
  /** The clock by which keys end, ms since 1970; that of the system if left out. */
  readonly keyClock?: () => number
  /** Hears what the functions log. */
  readonly write?: (text: string) => void
  /** One of the runtimes of `s.yaml`; the one that it chooses if left out. */
  readonly runtime?: 'nodejs24' | 'nodejs22' | 'nodejs20'
  /** Program in place of the Node.js of the layers; the one that runs this if left out. */
  readonly node?: string
}

/** The services of an account, on loopback. */
interface CloudAccount {
  readonly sts: Sts
  readonly mns: MnsEmulator
  readonly tablestore: TablestoreEmulator
  readonly openApi: OpenApi
}

/** The service as it is deployed: its bundles on Function Compute, on queues, tables and secrets of stand-ins. */
export interface CloudService extends Service, CloudAccount {
  readonly compute: FunctionCompute
}

/** The tag by which the owner of an ECS instance lets commands run on it. */
export const tagsOfInstances = (resource: string): Readonly<Record<string, string>> =>
  resource.includes(':instance/') ? { 'backup-precheck': 'allow' } : {}

const startAccount = async ({
  password,
  keyLifetimeMs,
  keyClock = Date.now,
  ecsInstances = {},
  authorize = functionRoles(
    { account: account.accountId, region: account.region, instance: instanceName, key: secretsKey },
    tagsOfInstances,
  ),
}: CloudOptions): Promise<CloudAccount> => {
  // What EventBridge may do is in a role of its own, which Alibaba Cloud keeps.
  const mayDoAll = [owner.name, eventBridgeRole]
  const isAllowed: AuthorizeRole = (role, ...asked) => mayDoAll.includes(role) || authorize(role, ...asked)
  const { accountId, region } = account
  // All services look at these lists at each request, so that new keys of roles are known at once.
  const principals: KnownPrincipal[] = [owner]
  const accessKeys: AccessKey[] = [
    { id: owner.accessKeyId, secret: owner.accessKeySecret, principal: owner.name },
  ]
  const sts = startSts(
    (session) => {
      const { role, accessKeyId: id, accessKeySecret: secret, securityToken: stsToken, expiresAt } = session
      principals.push({ ...session, name: role })
      accessKeys.push({ id, secret, stsToken, expiresAt, principal: role })
    },
    { now: keyClock, ...(keyLifetimeMs !== undefined && { lifetimeMs: keyLifetimeMs }) },
  )
  const [mns, tablestore, openApi] = await Promise.all([
    startMns({
      ...account,
      accessKeys: principals,
      now: keyClock,
      authorize: ({ name }, ...asked) => isAllowed(name, ...asked),
    }),
    startTablestore({
      instanceName,
      accessKeys,
      now: keyClock,
      authorize: (role, operation, table = '*') =>
        isAllowed(
          role,
          `ots:${operation}`,
          `acs:ots:${region}:${accountId}:instance/${instanceName}/table/${table}`,
        ),
    }),
    startOpenApi({
      ...account,
      principals,
      now: () => new Date(keyClock()),
      instances: ecsInstances,
      secrets: {
        'precheck-databases': password,
        'precheck-webhook-robot': robotToken,
        'backup-precheck-webhook-key': Buffer.from('key of the webhook secrets, 32 B').toString('base64'),
      },
      authorize: ({ name }, ...asked) => isAllowed(name, ...asked),
    }),
  ])
  return { sts, mns, tablestore, openApi }
}

/** Creates tables and queues by the plans that do it on Alibaba Cloud. */
const provision = async ({ mns, tablestore }: CloudAccount): Promise<void> => {
  const credentials = () => owner
  const { endpoint } = tablestore
  const client = tablestoreClient({ endpoint, instanceName, credentials })
  // By another name, and so over other connections: `httpx`, below both SDKs, never clears the timers of calls to the
  // OpenAPI, and they would break long polls on the same connections 10 s later.
  const control = { endpointOf: () => mns.endpoint.replace('127.0.0.1', 'localhost'), credentials }
  const changes = [
    ...(await planTables(client, { endpoint }, tableSchemas, true)),
    ...(await planQueues(control, queueSchemas)),
  ]
  for (const change of changes) await change.apply()
}

/** The functions of `s.yaml`, with the addresses of the stand-ins in place of those of the services. */
export const templatesFor = (
  { mns, tablestore, openApi }: Omit<CloudAccount, 'sts'>,
  {
    deadlineSeconds = 240,
    itemSeconds = 100,
    fanOut,
    runtime,
    mailPort,
    deployment = 'first',
  }: Omit<CloudOptions, 'password'> & { readonly deployment?: string },
): Readonly<Record<string, FunctionTemplate>> => {
  const templates = readTemplate({
    account: account.accountId,
    region: account.region,
    tablestoreInstance: instanceName,
    deadlineSeconds: String(deadlineSeconds),
    itemSeconds: String(itemSeconds),
    // Receivers of the tests are on loopback.
    webhookNetworks: '127.0.0.0/8',
    webhookHttp: 'true',
    sweepSpreadSeconds: '0',
    deployment,
    ...(runtime && { runtime }),
    ...(fanOut && { fanOut }),
    ...(mailPort !== undefined && {
      smtpUrl: `smtp+plain://127.0.0.1:${mailPort}`,
      smtpFrom: 'precheck@example.com',
    }),
  })
  const addresses: Readonly<Record<string, string>> = {
    PRECHECK_TABLESTORE_ENDPOINT: tablestore.endpoint,
    PRECHECK_KMS_ENDPOINT: openApi.url,
    PRECHECK_ECS_ENDPOINT: openApi.url,
  }
  return Object.fromEntries(
    deployed.map((name) => {
      const template = templates[name]
      if (!template) throw new Error(`s.yaml has no function "${name}"`)
      const environment = Object.entries(template.environment).map(([variable, value]) => [
        variable,
        addresses[variable] ?? value,
      ])
      return [
        name,
        {
          ...template,
          environment: { ...Object.fromEntries(environment), PRECHECK_MNS_ENDPOINT: mns.endpoint },
        },
      ]
    }),
  )
}

const writes = ['PutRow', 'UpdateRow', 'DeleteRow', 'BatchWriteRow']

/** Starts everything, with empty tables and queues and a token of scope `admin`. */
export const startCloud = async (options: CloudOptions): Promise<CloudService> => {
  const cloud = await startAccount(options)
  const { mns, tablestore, openApi, sts } = cloud
  const templates = templatesFor(cloud, options)
  await provision(cloud)
  const client = tablestoreClient({ endpoint: tablestore.endpoint, instanceName, credentials: () => owner })
  const stores = cloudStores(client)
  const { bearer } = await issueToken(stores.tokens, { name: 'first token', scope: 'admin' }, new Date())

  const messages = replaceable()
  const { port, concurrency, maxWindowMs, write, node } = options
  const compute = await startFunctionCompute({
    account,
    sts,
    mnsEndpoint: mns.endpoint,
    templates,
    disturb: messages.disturb,
    retryPauseMs: 20,
    ...(port !== undefined && { port }),
    ...(concurrency !== undefined && { concurrency }),
    ...(maxWindowMs !== undefined && { maxWindowMs }),
    ...(write && { write }),
    ...(node !== undefined && { layers: { Nodejs22: node, Nodejs24: node } }),
  })
  const strikes = planStrikes()
  const collector = templates['collect']?.role
  tablestore.onRequest(({ principal, operation }) => {
    if (principal !== collector || !writes.includes(operation)) return undefined
    const when = strikes.next()
    if (when === undefined) return undefined
    void compute.functions['collect']?.kill()
    return { when, outcome: 'drop' }
  })

  return {
    ...cloud,
    compute,
    url: compute.url,
    token: bearer,
    passwordReference: 'kms:precheck-databases',
    robotReference: 'kms:precheck-webhook-robot',
    tick: async () => {
      const outcome = await compute.fire('schedule', 'tick')
      if ('errorType' in outcome) throw new Error(`${outcome.errorType}: ${outcome.errorMessage}`)
    },
    setClock: setClockOf(stores.sweepClock),
    disturb: messages.replace,
    strikes,
    close: async () => {
      await compute.close()
      await Promise.all([mns.close(), tablestore.close(), openApi.close()])
    },
  }
}

/**
 * For tests of a few prechecks, which need not wait a second for a batch to fill, nor start a process for each of their
 * items.
 */
export const startCloudInHaste = (options: CloudOptions): Promise<CloudService> =>
  startCloud({ concurrency: 4, ...options, maxWindowMs: 20 })
