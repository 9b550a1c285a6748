import * as z from 'zod'
import { AllowedNetwork } from '../model/ip-address.ts'
import { parseUrl } from '../model/url.ts'

/** Whole seconds of a setting. */
export const Seconds = (from: number, to: number) => z.coerce.number().int().min(from).max(to)

/** Requests that a token may make in a minute; 0: as many as it likes. */
export const RequestsPerMinute = z.coerce.number().int().min(0).max(1_000_000).default(0)

const isHttps = (template: string): boolean =>
  parseUrl(template.replaceAll('{region}', 'cn-hangzhou'))?.protocol === 'https:'

/** An address that is asked whether it is reached; `{region}` in it stands for the region of the instance. */
export const EndpointTemplate = z
  .string()
  .refine(isHttps, 'must be an https address; {region} is replaced by the region of the instance')

const listOf = (text: string): string[] => text.split(',').map((entry) => entry.trim())

/** Several such addresses, separated by commas. */
export const EndpointList = z.string().transform(listOf).pipe(z.array(EndpointTemplate).min(1))

/** Networks, separated by commas; `none` stands for an empty list, since a variable of a function cannot be empty. */
export const NetworkList = z
  .string()
  .transform((list) => (list === 'none' ? [] : listOf(list)))
  .pipe(z.array(AllowedNetwork))

/** Networks that databases may be in, separated by commas; null for `all`. */
export const DatabaseNetworkList = z
  .string()
  .transform((list) => (list === 'all' ? null : listOf(list)))
  .pipe(z.array(AllowedNetwork).min(1).nullable())

/** Settings that cannot be used; the message names every fault at once. */
export class SettingsInvalid extends Error {
  override readonly name = 'SettingsInvalid'
}

const prefix = 'PRECHECK_'

/** Names under the prefix that are not settings of the service: those of the command line, and passwords of databases. */
const foreign = /^PRECHECK_(URL|TOKEN|SECRET_.+)$/

/** Variables of the environment that should be settings. */
const ownVariables = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith(prefix) && !foreign.test(name) && value !== undefined && value !== ''
        ? [[name, value]]
        : [],
    ),
  )

/** Reads settings from the environment; throws `SettingsInvalid` with one line for every fault, and where they are explained. */
export const parseSettings = <Settings>(
  schema: z.ZodType<Settings>,
  environment: NodeJS.ProcessEnv,
  explainedIn: string,
): Settings => {
  const parsed = schema.safeParse(ownVariables(environment))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: unknown setting`
      : `${issue.path.join('.')}: ${issue.message}`,
  )
  throw new SettingsInvalid(`Invalid settings:\n  ${faults.join('\n  ')}\nSee ${explainedIn}.`)
}
