import { parseArgs } from 'node:util'
import * as z from 'zod'
import type { FcMode, FcSettings } from '../../../shared/runtime/operator.ts'

/** How the command is used. */
export const usage = `invoke: runs a deployed function directly, without its triggers.

  npm run invoke -- <function>                 sends {} and prints the answer
  npm run invoke -- <function> --event FILE    sends a file; "-" is the standard input
  npm run invoke -- <function> --async         submits the event and does not wait

  --mode fc3|fc2     Function Compute 3.0 (default) or 2.0
  --service NAME     the service of the function; 2.0 only
  --qualifier NAME   a version or alias
  --task-id ID       with --async: each id is accepted once; default: a new one
  --timeout SECONDS  default: 60

Environment: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN (of temporary
keys), ALIBABA_CLOUD_ACCOUNT_ID, ALIBABA_CLOUD_REGION_ID, FC_ENDPOINT (https://<account>.<region>.fc.aliyuncs.com).
Exit codes: 0 answered or accepted, 1 function failed, 2 not invoked or no answer, 3 invalid command.
`

/** The command cannot be carried out as it was given; the message says why. */
export class UsageWrong extends Error {}

const Environment = z.object({
  ALIBABA_CLOUD_ACCESS_KEY_ID: z.string().min(1),
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: z.string().min(1),
  ALIBABA_CLOUD_SECURITY_TOKEN: z.string().optional(),
  ALIBABA_CLOUD_ACCOUNT_ID: z.string().regex(/^\d+$/),
  ALIBABA_CLOUD_REGION_ID: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/),
  FC_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
})

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        event: { type: 'string' },
        async: { type: 'boolean', default: false },
        mode: { type: 'string', default: 'fc3' },
        service: { type: 'string' },
        qualifier: { type: 'string' },
        'task-id': { type: 'string' },
        timeout: { type: 'string', default: '60' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (cause) {
    throw new UsageWrong(cause instanceof Error ? cause.message : '')
  }
}
type Values = ReturnType<typeof readArguments>['values']

const modeOf = ({ mode, service }: Values): FcMode => {
  if (mode === 'fc3' && service === undefined) return { mode }
  if (mode === 'fc2' && service !== undefined) return { mode, service }
  throw new UsageWrong('--mode must be "fc3", or "fc2" together with --service.')
}

const timeoutOf = ({ timeout }: Values): number => {
  const seconds = Number(timeout)
  if (seconds > 0 && seconds <= 86_400) return seconds * 1000
  throw new UsageWrong('--timeout must be a number of seconds, at most 86400.')
}

const settingsFrom = (environment: NodeJS.ProcessEnv, values: Values): FcSettings => {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    const names = parsed.error.issues.map(({ path }) => path.join('.'))
    throw new UsageWrong(`Missing or invalid environment variables: ${names.join(', ')}.`)
  }
  const { data } = parsed
  const token = data.ALIBABA_CLOUD_SECURITY_TOKEN
  const credentials = {
    accessKeyId: data.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: data.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    ...(token && { securityToken: token }),
  }
  return {
    ...modeOf(values),
    accountId: data.ALIBABA_CLOUD_ACCOUNT_ID,
    region: data.ALIBABA_CLOUD_REGION_ID,
    credentials: () => credentials,
    timeoutMs: timeoutOf(values),
    ...(data.FC_ENDPOINT !== undefined && { endpoint: data.FC_ENDPOINT }),
    ...(values.qualifier !== undefined && { qualifier: values.qualifier }),
  }
}

/** What the operator asked for. */
export interface InvokeRequest {
  readonly functionName: string
  /** A file, `-` for the standard input; undefined for an empty object. */
  readonly eventFile: string | undefined
  readonly async: boolean
  readonly taskId: string | undefined
  readonly settings: FcSettings
}

/** Reads the command line and the environment; throws `UsageWrong`. */
export const readInvokeRequest = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): InvokeRequest | 'help' => {
  const { positionals, values } = readArguments(args)
  if (values.help) return 'help'
  const [functionName, ...others] = positionals
  if (functionName === undefined || others.length > 0) throw new UsageWrong('Give the name of one function.')
  const taskId = values['task-id']
  if (taskId !== undefined && !values.async) throw new UsageWrong('--task-id needs --async.')
  const settings = settingsFrom(environment, values)
  return { functionName, eventFile: values.event, async: values.async, taskId, settings }
}
