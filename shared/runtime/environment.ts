import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import * as z from 'zod'
import { defaultEndpointSettings } from '../checks/connectivity/endpoints.ts'
import { FanOut } from '../model/fan-out.ts'
import { logLevels } from '../ports/log.ts'
import { isMailWhole, mailNotWhole, mailSettingsOf, mailVariables } from './mail-settings.ts'
import {
  DatabaseNetworkList,
  EndpointList,
  EndpointTemplate,
  RequestsPerMinute,
  Seconds,
  parseSettings,
} from './settings.ts'
import { sweepSettingsOf, sweepVariables } from './sweep-settings.ts'
import { PreviousKey, webhookKeysOf, webhookRulesOf, webhookVariables } from './webhook-settings.ts'

/** A variable that holds a key. */
const ownVariable = /^env:PRECHECK_SECRET_[A-Za-z0-9_]+$/

/** Every setting of the service on one machine, read from the environment. docs/settings.md lists them in the same words. */
export const Settings = z
  .strictObject({
    PRECHECK_DATA: z.string().min(1).default('data'),
    PRECHECK_HOST: z.string().min(1).default('127.0.0.1'),
    PRECHECK_PORT: z.coerce.number().int().min(0).max(65_535).default(9000),
    PRECHECK_REQUESTS_PER_MINUTE: RequestsPerMinute,
    PRECHECK_DEADLINE_SECONDS: Seconds(1, 3600).default(60),
    PRECHECK_ITEM_SECONDS: Seconds(1, 280).default(20),
    PRECHECK_FAN_OUT: FanOut.default('session'),
    PRECHECK_CHECK_THREADS: z.coerce
      .number()
      .int()
      .min(1)
      .max(64)
      .default(Math.max(1, availableParallelism() - 1)),
    PRECHECK_BLOCKED_SECONDS: Seconds(1, 60).default(3),
    PRECHECK_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(256),
    PRECHECK_OSS_ENDPOINT: EndpointTemplate.default(defaultEndpointSettings.oss),
    PRECHECK_SERVICE_ENDPOINTS: EndpointList.default([...defaultEndpointSettings.service]),
    PRECHECK_DATABASE_NETWORKS: DatabaseNetworkList.default(null),
    ...sweepVariables,
    ...webhookVariables,
    ...mailVariables(ownVariable),
    /** Left out: a file in the data folder, made when it is needed first. */
    PRECHECK_WEBHOOK_KEY: z.string().regex(ownVariable, 'must be env:PRECHECK_SECRET_NAME').optional(),
    PRECHECK_WEBHOOK_KEY_PREVIOUS: PreviousKey(ownVariable),
    PRECHECK_SECRETS_FOLDER: z
      .string()
      .regex(/^\/./, 'must be an absolute path of a folder, and not /')
      .transform((folder) => resolve(folder))
      .default('/run/secrets'),
    PRECHECK_LOG_LEVEL: z.enum(logLevels).default('info'),
  })
  .refine(
    ({ PRECHECK_DATA: data, PRECHECK_SECRETS_FOLDER: folder }) =>
      !`${resolve(data)}/`.startsWith(`${folder}/`),
    {
      path: ['PRECHECK_DATA'],
      message: 'must not be in PRECHECK_SECRETS_FOLDER: registrations refer to its files',
    },
  )
  .refine(isMailWhole, mailNotWhole)
  .transform((variables) => ({
    /** Folder of the database file and of the first token. */
    dataFolder: variables.PRECHECK_DATA,
    host: variables.PRECHECK_HOST,
    port: variables.PRECHECK_PORT,
    requestsPerMinute: variables.PRECHECK_REQUESTS_PER_MINUTE,
    limits: {
      deadlineMs: variables.PRECHECK_DEADLINE_SECONDS * 1000,
      itemMs: variables.PRECHECK_ITEM_SECONDS * 1000,
    },
    /** Whether the database items of a precheck share a connection. */
    fanOut: variables.PRECHECK_FAN_OUT,
    /** Threads that run check items. */
    checkThreads: variables.PRECHECK_CHECK_THREADS,
    /** A check thread that is silent for so long is ended and replaced, ms. */
    blockedMs: variables.PRECHECK_BLOCKED_SECONDS * 1000,
    /** Check messages that are worked off at the same time. */
    concurrency: variables.PRECHECK_CONCURRENCY,
    endpoints: { oss: variables.PRECHECK_OSS_ENDPOINT, service: variables.PRECHECK_SERVICE_ENDPOINTS },
    /** Networks that databases may be in; null for all. */
    databaseNetworks: variables.PRECHECK_DATABASE_NETWORKS,
    ...sweepSettingsOf(variables, { itemMs: variables.PRECHECK_ITEM_SECONDS * 1000 }),
    webhookRules: webhookRulesOf(variables, variables.PRECHECK_SMTP_URL),
    ...webhookKeysOf(
      variables.PRECHECK_WEBHOOK_KEY,
      variables.PRECHECK_WEBHOOK_KEY_PREVIOUS,
      variables.PRECHECK_SMTP_CREDENTIAL,
    ),
    mail: mailSettingsOf(variables),
    /** Folder of the files that registrations may refer to as secrets. */
    secretsFolder: variables.PRECHECK_SECRETS_FOLDER,
    logLevel: variables.PRECHECK_LOG_LEVEL,
  }))
export type Settings = Readonly<z.infer<typeof Settings>>

/** Reads the settings; throws `SettingsInvalid` with one line for every fault. */
export const readSettings = (environment: NodeJS.ProcessEnv): Settings =>
  parseSettings(Settings, environment, 'docs/settings.md')
