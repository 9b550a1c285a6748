import { parseArgs } from 'node:util'
import * as z from 'zod'

/** How the command is used. */
export const usage = `provision: creates the tables and queues of the service, or corrects their settings.

  npm run provision                             prints what it changes; a second run changes nothing
  npm run provision -- --dry-run                prints what it would change
  npm run provision -- --first-token FILE       also issues a token of scope "admin" if there is no token yet

Environment: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN (of temporary
keys), ALIBABA_CLOUD_REGION_ID, TABLESTORE_INSTANCE (of that region; it must exist), and where the public addresses
cannot be reached TABLESTORE_ENDPOINT and MNS_OPEN_ENDPOINT.
Exit codes: 0 done, 1 failed, 3 invalid command.
`

/** The command cannot be carried out as it was given; the message says why. */
export class UsageWrong extends Error {}

const Address = z.url({ protocol: /^https?$/ })

const Environment = z.object({
  ALIBABA_CLOUD_ACCESS_KEY_ID: z.string().min(1),
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: z.string().min(1),
  ALIBABA_CLOUD_REGION_ID: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/),
  TABLESTORE_INSTANCE: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{1,14}[A-Za-z0-9]$/),
  TABLESTORE_ENDPOINT: Address.optional(),
  MNS_OPEN_ENDPOINT: Address.optional(),
})

const readFlags = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean', default: false },
        'first-token': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (cause) {
    throw new UsageWrong(cause instanceof Error ? cause.message : '')
  }
}

/** What the operator asked for. */
export interface ProvisionRequest {
  readonly dryRun: boolean
  /** Where the first token is written; undefined: none is wanted. */
  readonly firstToken: string | undefined
  readonly tablestore: { readonly endpoint: string; readonly instanceName: string }
  readonly queues: { readonly endpoint: string }
}

/** Reads the command line and the environment; throws `UsageWrong`. */
export const readProvisionRequest = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): ProvisionRequest | 'help' => {
  const flags = readFlags(args)
  if (flags.help) return 'help'
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    const names = parsed.error.issues.map(({ path }) => path.join('.'))
    throw new UsageWrong(`Missing or invalid environment variables: ${names.join(', ')}.`)
  }
  const { ALIBABA_CLOUD_REGION_ID: region, TABLESTORE_INSTANCE: instanceName, ...own } = parsed.data
  return {
    dryRun: flags['dry-run'],
    firstToken: flags['first-token'],
    tablestore: {
      endpoint: own.TABLESTORE_ENDPOINT ?? `https://${instanceName}.${region}.ots.aliyuncs.com`,
      instanceName,
    },
    queues: { endpoint: own.MNS_OPEN_ENDPOINT ?? `https://mns-open.${region}.aliyuncs.com` },
  }
}
