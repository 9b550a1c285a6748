import * as z from 'zod'
import { defaultEndpointSettings } from '../checks/connectivity/endpoints.ts'
import { logLevels } from './log.ts'

const Seconds = (from: number, to: number) => z.coerce.number().int().min(from).max(to)

const isHttps = (template: string): boolean => {
  const address = template.replaceAll('{region}', 'cn-hangzhou')
  return URL.canParse(address) && new URL(address).protocol === 'https:'
}

const EndpointTemplate = z
  .string()
  .refine(isHttps, 'must be an https address; {region} stands for the region of the instance')

const EndpointList = z
  .string()
  .transform((list) => list.split(',').map((entry) => entry.trim()))
  .pipe(z.array(EndpointTemplate).min(1))

/** Every setting of the service, read from the environment. The README lists them in the same words. */
export const Settings = z
  .strictObject({
    PRECHECK_DATA: z.string().min(1).default('data'),
    PRECHECK_HOST: z.string().min(1).default('127.0.0.1'),
    PRECHECK_PORT: z.coerce.number().int().min(0).max(65_535).default(9000),
    PRECHECK_DEADLINE_SECONDS: Seconds(1, 3600).default(60),
    PRECHECK_ITEM_SECONDS: Seconds(1, 280).default(20),
    PRECHECK_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(256),
    PRECHECK_OSS_ENDPOINT: EndpointTemplate.default(defaultEndpointSettings.oss),
    PRECHECK_SERVICE_ENDPOINTS: EndpointList.default([...defaultEndpointSettings.service]),
    PRECHECK_LOG_LEVEL: z.enum(logLevels).default('info'),
  })
  .transform((variables) => ({
    /** Folder of the database file and of the first token. */
    dataFolder: variables.PRECHECK_DATA,
    host: variables.PRECHECK_HOST,
    port: variables.PRECHECK_PORT,
    limits: {
      deadlineMs: variables.PRECHECK_DEADLINE_SECONDS * 1000,
      itemMs: variables.PRECHECK_ITEM_SECONDS * 1000,
    },
    /** Check items that run at the same time. */
    concurrency: variables.PRECHECK_CONCURRENCY,
    endpoints: { oss: variables.PRECHECK_OSS_ENDPOINT, service: variables.PRECHECK_SERVICE_ENDPOINTS },
    logLevel: variables.PRECHECK_LOG_LEVEL,
  }))
export type Settings = Readonly<z.infer<typeof Settings>>

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

/** Reads the settings; throws `SettingsInvalid` with one line for every fault. */
export const readSettings = (environment: NodeJS.ProcessEnv): Settings => {
  const parsed = Settings.safeParse(ownVariables(environment))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: there is no such setting`
      : `${issue.path.join('.')}: ${issue.message}`,
  )
  throw new SettingsInvalid(
    `Settings cannot be used:\n  ${faults.join('\n  ')}\nSee "Settings" in the README.`,
  )
}
