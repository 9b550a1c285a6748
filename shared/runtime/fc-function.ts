import * as z from 'zod'
import {
  type Credentials,
  type CredentialsSource,
  environmentCredentials,
} from '../adapters/alibaba-cloud/credentials.ts'
import { readFcSettings } from './fc-environment.ts'
import type { FcContext } from './fc-event.ts'
import type { Log, LogLevel } from '../ports/log.ts'
import { jsonLog } from './log.ts'

/** What the ports of a deployed function are made of, beside its settings. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  /** Keys of the function's role. */
  readonly credentials: CredentialsSource
}

const ContextCredentials = z.object({
  accessKeyId: z.string().min(1),
  accessKeySecret: z.string().min(1),
  securityToken: z.string().min(1),
})

/**
 * Makes the handler that Function Compute calls. The ports are made once, when an instance starts. The keys are those
 * of the newest invocation: the platform puts fresh ones into every context, while those in the environment are as old
 * as the instance. Throws `SettingsInvalid` where the environment holds no usable settings, so that the instance does
 * not start.
 */
export const fcFunction = <Settings extends { readonly logLevel: LogLevel }, Deps, Event, Answer>(
  schema: z.ZodType<Settings>,
  depsOf: (settings: Settings, surroundings: Surroundings) => Deps,
  createHandler: (deps: Deps, log: Log) => (event: Event, context: FcContext) => Promise<Answer>,
  environment: NodeJS.ProcessEnv = process.env,
): ((event: Event, context: FcContext) => Promise<Answer>) => {
  const settings = readFcSettings(schema, environment)
  const fromEnvironment = environmentCredentials(environment)
  let newest: Credentials | undefined
  const credentials: CredentialsSource = () => newest ?? fromEnvironment()
  const log = jsonLog(settings.logLevel, (line) => process.stdout.write(line))
  const handle = createHandler(depsOf(settings, { environment, credentials }), log)
  return (event, context) => {
    newest = ContextCredentials.safeParse(context.credentials).data ?? newest
    return handle(event, context)
  }
}
