import { parseArgs } from 'node:util'
import * as z from 'zod'
import type { Control, Product } from '../plan/control.ts'
import { environmentCredentials } from '../../../shared/runtime/operator.ts'

/** How the commands are used. */
export const usage = `deploy: makes the service on Alibaba Cloud, or brings it to what this checkout says.
rollback: sends all invocations back to the deployment before.
destroy: takes it down again; the data stays unless --data is given.

  npm run deploy                      prints what it changes; a second run changes nothing
  npm run deploy -- --dry-run         checks everything and prints what it would change
  npm run deploy -- --token FILE      where the first token is written; default: admin-token
  npm run deploy -- --try             goes on although the policies of the caller seem to lack a right
  npm run deploy -- --canary 10       sends 10 % of the invocations to what it deploys, the others where they went
  npm run deploy -- --promote         sends all of them to what a canary has deployed; deploys nothing
  npm run rollback                    says what it would do, asks, and does it; --dry-run, --yes
  npm run destroy                     asks, then removes functions, queues, roles and security groups
  npm run destroy -- --yes            does not ask
  npm run destroy -- --data           removes the tables and the Tablestore instance too

Environment: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN (of temporary
keys), ALIBABA_CLOUD_REGION_ID, VPC_ID, VSWITCH_ID; if wanted TABLESTORE_INSTANCE (default: backup-precheck),
KMS_INSTANCE_ID and KMS_KEY_ID (where a KMS instance was bought), SECURITY_GROUP_ID and NOTIFY_SECURITY_GROUP_ID (groups
of your own); where the public addresses cannot be reached TABLESTORE_ENDPOINT, MNS_OPEN_ENDPOINT and OPENAPI_ENDPOINT
(of all the other OpenAPIs).
Exit codes: 0 done, 1 failed, 3 invalid command.
`

/** The command cannot be carried out as it was given; the message says why. */
export class UsageWrong extends Error {}

const Address = z.url({ protocol: /^https?$/ })

/** Without these nothing can be asked at all. */
const Keys = z.object({
  ALIBABA_CLOUD_ACCESS_KEY_ID: z.string().min(1),
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: z.string().min(1),
  ALIBABA_CLOUD_REGION_ID: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/),
  TABLESTORE_INSTANCE: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{1,14}[A-Za-z0-9]$/)
    .default('backup-precheck'),
  TABLESTORE_ENDPOINT: Address.optional(),
  MNS_OPEN_ENDPOINT: Address.optional(),
  OPENAPI_ENDPOINT: Address.optional(),
})
export type Keys = Readonly<z.infer<typeof Keys>>

/** Where the service is to be. */
const Rest = z.object({
  VPC_ID: z.string().regex(/^vpc-/),
  VSWITCH_ID: z.string().regex(/^vsw-/),
  SECURITY_GROUP_ID: z.string().regex(/^sg-/).optional(),
  NOTIFY_SECURITY_GROUP_ID: z.string().regex(/^sg-/).optional(),
  KMS_INSTANCE_ID: z.string().regex(/^kst-/).optional(),
  KMS_KEY_ID: z.string().regex(/^key-/).optional(),
})
export type Rest = Readonly<z.infer<typeof Rest>>

/** What can be read of an environment: each part null where something of it is missing or wrong. */
export interface Surroundings {
  readonly keys: Keys | null
  readonly rest: Rest | null
  /** Names of variables that are missing or wrong. */
  readonly missing: readonly string[]
}

const issuesOf = ({ error }: z.ZodSafeParseResult<unknown>): readonly string[] => [
  ...new Set((error?.issues ?? []).map(({ path }) => path.join('.'))),
]

/** Neither is of use alone. */
const missingOfKms = (environment: NodeJS.ProcessEnv): readonly string[] => {
  const names = ['KMS_INSTANCE_ID', 'KMS_KEY_ID']
  const missing = names.filter((name) => environment[name] === undefined)
  return missing.length === 1 ? missing : []
}

/** Reads the environment. */
export const readSurroundings = (environment: NodeJS.ProcessEnv): Surroundings => {
  const keys = Keys.safeParse(environment)
  const rest = Rest.safeParse(environment)
  return {
    keys: keys.data ?? null,
    rest: rest.data ?? null,
    missing: [...issuesOf(keys), ...issuesOf(rest), ...missingOfKms(environment)],
  }
}

const hosts: Readonly<Record<Product, (region: string, account: string) => string>> = {
  sts: (region) => `sts.${region}.aliyuncs.com`,
  ram: () => 'ram.aliyuncs.com',
  ecs: (region) => `ecs.${region}.aliyuncs.com`,
  vpc: (region) => `vpc.${region}.aliyuncs.com`,
  kms: (region) => `kms.${region}.aliyuncs.com`,
  ots: (region) => `tablestore.${region}.aliyuncs.com`,
  mns: (region) => `mns-open.${region}.aliyuncs.com`,
  fc: (region, account) => `${account}.${region}.fc.aliyuncs.com`,
}

/** The control plane of an account; whoever asks for nothing of Function Compute need not know which one. */
export const controlOf = (keys: Keys, environment: NodeJS.ProcessEnv, account: string): Control => ({
  credentials: environmentCredentials(environment),
  endpointOf: (product) => {
    const own = product === 'mns' ? keys.MNS_OPEN_ENDPOINT : keys.OPENAPI_ENDPOINT
    return own ?? `https://${hosts[product](keys.ALIBABA_CLOUD_REGION_ID, account)}`
  },
})

const readFlags = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean', default: false },
        token: { type: 'string', default: 'admin-token' },
        try: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        data: { type: 'boolean', default: false },
        canary: { type: 'string' },
        promote: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (cause) {
    throw new UsageWrong(cause instanceof Error ? cause.message : '')
  }
}

/** What the operator asked for. */
export interface Wish {
  readonly dryRun: boolean
  /** Where the first token is written. */
  readonly tokenFile: string
  /** Goes on although a right seems to be missing. */
  readonly tries: boolean
  /** Removes without asking. */
  readonly yes: boolean
  /** Removes what is stored too. */
  readonly data: boolean
  /** Percent of the invocations that go to what is deployed; null: all. */
  readonly canary: number | null
  /** Makes canaries whole, and does nothing else. */
  readonly promote: boolean
}

/** A part of the invocations, in percent. */
const Percent = z.coerce.number().int().min(1).max(99)

const readCanary = (text: string | undefined): number | null => {
  if (text === undefined) return null
  const percent = Percent.safeParse(text)
  if (!percent.success) throw new UsageWrong(`--canary takes 1 to 99 percent, and not ${text}`)
  return percent.data
}

/** Reads the command line. Throws `UsageWrong`. */
export const readWish = (args: readonly string[]): Wish | 'help' => {
  const { help, token, try: tries, canary, ...flags } = readFlags(args)
  if (help) return 'help'
  const { 'dry-run': dryRun, ...plain } = flags
  if (plain.promote && canary !== undefined) throw new UsageWrong('--promote and --canary exclude each other')
  return { ...plain, dryRun, tokenFile: token, tries, canary: readCanary(canary) }
}
